import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StreamsBuilder, string, type Topology, TumblingWindows, Watermarks } from '../../src/index.js'
import { type Plan, partitionOf, plansOf, run, type Topics, withoutLateRecords } from './model/plan.js'
import { TaskCluster } from './model/task-cluster.js'

const serdes = { key: string(), value: string() }
const RUNS = Number(process.env.MILLRACE_MODEL_RUNS ?? 30)
const SUBSCRIPTIONS = 'KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-0000000004-topic'
const ANSWERS = 'KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-0000000012-topic'
const TOPICS: Topics = { inputs: ['left', 'right'], shuffles: [SUBSCRIPTIONS, ANSWERS] }

/**
 * Rows of the left table ask a task of the right one, which answers: two sub-topologies that write to each other. What
 * they bring, counted in windows that hand on at their close.
 */
function topologyOf(outOfOrderness: number): Topology {
  const watermark = Watermarks.boundedOutOfOrderness(outOfOrderness)
  const builder = new StreamsBuilder()
  const left = builder.table('left', { ...serdes, watermark, store: 'left' })
  const right = builder.table('right', { ...serdes, watermark, store: 'right' })
  const joined = left
    .leftJoin(
      right,
      // Numbers that the plan gives, as keys of the other table.
      (value) => 'abc'[Number(value) % 3]!,
      (one, other) => `${one}+${other}`,
    )
    .toStream()
  joined.to('joined', serdes)
  joined
    .groupByKey(serdes)
    .windowedBy(TumblingWindows.of(10))
    .emitStrategy('onWindowClose')
    .reduce((one, other) => `${one} ${other}`)
    .toStream()
    .map<string, string>(({ key, window }, value) => [`${key}@${window.start}`, value])
    .to('out', serdes)
  return builder.build()
}

/** As `key window value`, what was joined, and what windows have handed on. */
async function results(plan: Plan) {
  const cluster = new TaskCluster(topologyOf(plan.outOfOrderness), plan.partitions)
  const seen = await run(cluster, plan, TOPICS)
  const joined: string[] = []
  const windows: [id: string, values: string[]][] = []
  for (const result of seen.flatMap((each) => each.results)) {
    const [topic, key, ...values] = result.split(' ')
    const timestamp = Number(values.pop()!.slice(1))
    if (topic === 'out:') windows.push([key!, values])
    else joined.push(`${key}@${timestamp - (timestamp % 10)} ${values[0]}`)
  }
  return { joined, windows, late: cluster.late }
}

/** Tables are read where their keys belong. */
const byKey = (plan: Plan): Plan => ({
  ...plan,
  steps: plan.steps.map((step) =>
    'pipe' in step ? { ...step, partition: partitionOf(step.key, plan.partitions) } : step,
  ),
})

describe('windows behind a foreign-key join, whose tasks wait for each other', () => {
  for (const restarts of [false, true]) {
    const plans = plansOf(restarts).map((plan) => withoutLateRecords(byKey(plan)))
    it(`have all that was joined, once, and nothing late${restarts ? ', whichever tasks begin again' : ''}`, async () => {
      await fc.assert(
        fc.asyncProperty(plans, async (plan) => {
          const { joined, windows, late } = await results(plan)
          assert.equal(late, 0)
          assert.equal(new Set(windows.map(([id]) => id)).size, windows.length)
          const counted = windows.flatMap(([id, values]) => values.map((value) => `${id} ${value}`))
          assert.deepEqual(counted.toSorted(), joined.toSorted())
        }),
        { numRuns: RUNS },
      )
    })
  }

  it('close when both tables and the way between them have come past their end, and not before', () => {
    const cluster = new TaskCluster(topologyOf(0), 1)
    cluster.pipe('right', 0, 'a', '0', 100)
    cluster.pipe('left', 0, 'x', '0', 105)
    cluster.tell(SUBSCRIPTIONS, 0)
    cluster.pipe('left', 0, 'x', '0', 120)
    cluster.pipe('right', 0, 'c', '0', 125)
    const steps = [
      () => cluster.tell(SUBSCRIPTIONS, 0),
      () => cluster.read(SUBSCRIPTIONS, 0),
      () => cluster.read(SUBSCRIPTIONS, 0),
      () => cluster.tell(ANSWERS, 0),
      () => cluster.read(ANSWERS, 0),
      () => cluster.read(ANSWERS, 0),
    ]
    assert.deepEqual(
      steps.map((step) => {
        step()
        return cluster.take()
      }),
      [[], [], [], [], ['joined: x 0+0 @105'], []],
      'the tasks of the left table have told of 105, and no more',
    )
    for (let left = 3; left > 0; left--) cluster.read(SUBSCRIPTIONS, 0)
    cluster.tell(ANSWERS, 0)
    assert.deepEqual(cluster.take(), [])
    cluster.read(ANSWERS, 0)
    cluster.read(ANSWERS, 0)
    assert.deepEqual(cluster.take(), ['joined: x 0+0 @120', 'out: x@100 0+0 @105'])
  })
})
