import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { string } from '../../src/serdes/string.js'
import { TopologyTestDriver, type TopologyTestDriverOptions } from '../../src/testing/topology-test-driver.js'
import type { Topology } from '../../src/topology/topology.js'
import { JoinWindows } from '../../src/windows/join-windows.js'
import { RestartingDriver } from '../testing/restarting-driver.js'
import type { VectorDriver } from '../testing/vector-run.js'
import { type Kind, plus, type Result, type Side, type Step, StreamJoinModel } from './stream-join-model.js'

const texts = { key: string(), value: string() }

const kinds = fc.constantFrom<Kind>('join', 'leftJoin', 'outerJoin')
const windowsFrom = (min: number) =>
  fc
    .record({
      before: fc.integer({ min, max: 25 }),
      after: fc.integer({ min, max: 25 }),
      grace: fc.constantFrom(0, 1, 8, 40),
    })
    .filter(({ before, after }) => before + after >= 0)
    .map(({ before, after, grace }) => JoinWindows.of(25).before(before).after(after).grace(grace))
const windows = windowsFrom(-10)

const sides = fc.constantFrom<Side>('l', 'r')

const topologyOf = (kind: Kind, joined: JoinWindows): Topology => {
  const builder = new StreamsBuilder()
  const left = builder.stream<string | null, string | null>('l', texts)
  const right = builder.stream<string | null, string | null>('r', texts)
  const join = {
    join: () => left.join(right, plus, joined),
    leftJoin: () => left.leftJoin(right, plus, joined),
    outerJoin: () => left.outerJoin(right, plus, joined),
  }
  join[kind]().to('out', { value: string() })
  return builder.build()
}

/** Runs steps; gives what each of them causes. */
async function run(driver: VectorDriver, steps: readonly Step[]): Promise<Result[][]> {
  const inputs = { l: driver.createInputTopic('l', texts), r: driver.createInputTopic('r', texts) }
  const output = driver.createOutputTopic('out', texts)
  const results: Result[][] = []
  for (const step of steps) {
    if ('wait' in step) driver.advanceWallClock(step.wait)
    else inputs[step.side].pipe(step.key, step.value, { timestamp: step.time })
    await driver.settle()
    results.push(
      output.readAll().map(({ key, value, timestamp }) => ({ key, value: value!, time: timestamp })),
    )
  }
  return results
}

/** How a topology is run: straight on, or with a task that begins again after each step. */
const drivers = fc.constantFrom<(topology: Topology, options: TopologyTestDriverOptions) => VectorDriver>(
  (topology, options) => new TopologyTestDriver(topology, options),
  (topology, options) => new RestartingDriver(topology, options, false),
  (topology, options) => new RestartingDriver(topology, options, true),
)

describe('joins of streams', () => {
  const steps = fc.array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          side: sides,
          key: fc.oneof(
            { weight: 12, arbitrary: fc.constantFrom('', 'a', 'b') },
            { weight: 1, arbitrary: fc.constant(null) },
          ),
          hasValue: fc.integer({ min: 0, max: 12 }),
          // Ever later, with steps back.
          time: fc.integer({ min: 0, max: 40 }),
          on: fc.integer({ min: 0, max: 8 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ wait: fc.integer({ min: 0, max: 1500 }) }) },
    ),
    { maxLength: 60 },
  )
  const scripts = steps.map((drawn) => {
    let base = 0
    return drawn.map((step, at): Step => {
      if ('wait' in step) return step
      base += step.on
      const value = step.hasValue === 0 ? null : `${step.side}${at}`
      return { side: step.side, key: step.key, value, time: base + step.time }
    })
  })

  it('answer as nested loops do, whatever windows, grace and order, and wherever the task begins again', async () => {
    const intervals = fc.constantFrom(0, 1000)
    await fc.assert(
      fc.asyncProperty(
        kinds,
        windows,
        intervals,
        scripts,
        drivers,
        async (kind, joined, interval, script, open) => {
          const model = new StreamJoinModel(kind, joined, interval)
          const expected = script.map((step) => [...model.take(step)])
          const driver = open(topologyOf(kind, joined), { emitInterval: interval })
          assert.deepEqual(await run(driver, script), expected)
        },
      ),
      { numRuns: 400 },
    )
  })

  const inOrder = fc
    .array(
      fc.record({ side: sides, key: fc.constantFrom('a', 'b'), time: fc.integer({ min: 0, max: 200 }) }),
      {
        maxLength: 40,
      },
    )
    .map((drawn) =>
      drawn.sort((a, b) => a.time - b.time).map((each, at) => ({ ...each, value: `${each.side}${at}` })),
    )

  // Of windows that do not reach back records are kept for less than they reach forward, as in Kafka Streams.
  it('give every pair that is in a window, and what is in none once, where records come in order', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, windowsFrom(0), inOrder, async (kind, joined, records) => {
        using driver = new TopologyTestDriver(topologyOf(kind, joined))
        const clock = { side: 'r' as const, key: 'clock', value: 'tick', time: 100_000 }
        const results = (await run(driver, [...records, clock])).flat()
        const pairs = records
          .filter(({ side }) => side === 'l')
          .flatMap((left) =>
            records
              .filter((right) => right.side === 'r' && right.key === left.key)
              .filter(({ time }) => time >= left.time - joined.beforeMs && time <= left.time + joined.afterMs)
              .map((right) => [left.value, right.value] as const),
          )
        const paired = new Set(pairs.flat())
        const alone = records
          .filter(({ value }) => !paired.has(value))
          .filter(({ side }) => kind === 'outerJoin' || (kind === 'leftJoin' && side === 'l'))
          .map(({ side, value }) => (side === 'l' ? plus(value, null) : plus(null, value)))
        assert.deepEqual(
          results
            .filter(({ key }) => key !== 'clock')
            .map(({ value }) => value)
            .sort(),
          [...pairs.map(([left, right]) => plus(left, right)), ...alone].sort(),
        )
      }),
    )
  })

  it('of a stream with itself give the same on a single store as on two', () => {
    const records = fc.array(
      fc.record({ key: fc.constantFrom('a', 'b'), time: fc.integer({ min: 100, max: 160 }) }),
      { maxLength: 25 },
    )
    fc.assert(
      fc.property(windows, records, (joined, input) => {
        const results = (['none', ['single-store-self-join']] as const).map((optimization) => {
          const builder = new StreamsBuilder()
          const stream = builder.stream<string, string>('in', texts)
          // Without grace two stores forget a little sooner.
          stream.join(stream, plus, joined.grace(1000)).to('out', { value: string() })
          using driver = new TopologyTestDriver(builder.build({ optimization }))
          const topic = driver.createInputTopic('in', texts)
          for (const [at, { key, time }] of input.entries()) topic.pipe(key, String(at), { timestamp: time })
          return driver.createOutputTopic('out', texts).readAll()
        })
        assert.deepEqual(results[1], results[0])
      }),
    )
  })
})
