import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StreamsBuilder, string, TumblingWindows, Watermarks } from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'

const serdes = { key: string(), value: string() }
const SIZE = 10
const TIMEOUT = 20

interface Plan {
  readonly outOfOrderness: number
  readonly grace: number
  readonly steps: readonly Step[]
}

type Step =
  | { readonly topic: number; readonly key: string; readonly timestamp: number }
  | { readonly wait: number }

const steps = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      topic: fc.nat(1),
      key: fc.constantFrom('a', 'b'),
      timestamp: fc.nat(60),
    }),
  },
  { weight: 1, arbitrary: fc.record({ wait: fc.integer({ min: 1, max: 25 }) }) },
)

const plans: fc.Arbitrary<Plan> = fc.record({
  outOfOrderness: fc.nat(8),
  grace: fc.nat(8),
  steps: fc.array(steps, { maxLength: 40 }),
})

/** What comes out after a step: the windows that close, sorted, and how many records were late up to then. */
interface Seen {
  readonly closed: readonly string[]
  readonly late: number
}

/** Windows of two topics together, behind a shuffle, as the words say it: everything is looked up in the whole history. */
function specified({ outOfOrderness, grace, steps }: Plan): Seen[] {
  const last = [0, 0]
  const greatest = [-1, -1]
  const open = new Map<string, number>()
  let [clock, eventTime, late] = [0, -1, 0]
  return steps.map((step) => {
    if ('wait' in step) clock += step.wait
    else {
      const { topic, key, timestamp } = step
      last[topic] = clock
      const start = timestamp - (timestamp % SIZE)
      if (start + SIZE + grace <= eventTime) late++
      else open.set(`${key}@${start}`, (open.get(`${key}@${start}`) ?? 0) + 1)
      greatest[topic] = Math.max(greatest[topic]!, timestamp)
    }
    const times = greatest.map((time) => Math.max(-1, time - outOfOrderness))
    const active = times.filter((_, topic) => clock - last[topic]! < TIMEOUT)
    eventTime = Math.max(eventTime, active.length > 0 ? Math.min(...active) : Math.max(...times))
    const closed: string[] = []
    for (const [window, count] of open) {
      if (Number(window.split('@')[1]) + SIZE + grace > eventTime) continue
      closed.push(`${window}=${count}`)
      open.delete(window)
    }
    return { closed: closed.sort(), late }
  })
}

function seen({ outOfOrderness, grace, steps }: Plan): Seen[] {
  const watermark = Watermarks.boundedOutOfOrderness(outOfOrderness).withIdleness(TIMEOUT)
  const builder = new StreamsBuilder()
  const [left, right] = ['in0', 'in1'].map((topic) => builder.stream(topic, { ...serdes, watermark }))
  left!
    .merge(right!)
    .selectKey((key) => key)
    .repartition(serdes)
    .groupByKey()
    .windowedBy(TumblingWindows.of(SIZE).grace(grace))
    .emitStrategy('onWindowClose')
    .count()
    .toStream()
    .map(({ key, window }, count) => [key, `${key}@${window.start}=${count}`])
    .to('out', serdes)
  const driver = new TopologyTestDriver(builder.build())
  const inputs = [0, 1].map((topic) => driver.createInputTopic(`in${topic}`, serdes))
  const out = driver.createOutputTopic('out', serdes)
  return steps.map((step) => {
    if ('wait' in step) driver.advanceWallClock(step.wait)
    else inputs[step.topic]!.pipe(step.key, '', { timestamp: step.timestamp })
    const closed = out.readKeyValues().map(([, value]) => value!)
    return { closed: closed.sort(), late: [...driver.droppedRecords.values()].reduce((a, b) => a + b, 0) }
  })
}

describe('windows behind a shuffle, by watermarks', () => {
  it('close, and leave late records out, at the very step that the specification says', () => {
    fc.assert(
      fc.property(plans, (plan) => assert.deepEqual(seen(plan), specified(plan))),
      { numRuns: Number(process.env.MILLRACE_MODEL_RUNS ?? 200) },
    )
  })
})
