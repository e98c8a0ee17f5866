import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { string } from '../../src/serdes/string.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import { Watermarks } from '../../src/time/watermark-strategy.js'
import type { Topology } from '../../src/topology/topology.js'
import { JoinInterval } from '../../src/windows/join-interval.js'
import { RestartingDriver } from '../testing/restarting-driver.js'
import type { VectorDriver } from '../testing/vector-run.js'

const texts = { key: string(), value: string() }

interface Arrival {
  readonly side: 'l' | 'r'
  readonly key: string
  readonly time: number
}

interface Given {
  readonly bounds: readonly [number, number]
  readonly grace: number
  readonly exclusive: readonly [boolean, boolean]
}

const given = fc.record<Given>({
  bounds: fc
    .tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: 2, max: 30 }))
    .map(([low, size]) => [low, low + size] as const),
  grace: fc.integer({ min: 0, max: 20 }),
  exclusive: fc.tuple(fc.boolean(), fc.boolean()),
})

const arrivals = fc.array(
  fc.record<Arrival>({
    side: fc.constantFrom('l', 'r'),
    key: fc.constantFrom('a', 'b'),
    time: fc.integer({ min: 0, max: 150 }),
  }),
  { maxLength: 40 },
)

function intervalOf({ bounds: [lower, upper], grace, exclusive: [low, up] }: Given): JoinInterval {
  const interval = JoinInterval.between(lower, upper).grace(grace)
  const lowered = low ? interval.lowerExclusive() : interval
  return up ? lowered.upperExclusive() : lowered
}

function topologyOf(interval: JoinInterval): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream('l', texts)
    .intervalJoin(builder.stream('r', texts), (left, right) => `${left}+${right}`, interval)
    .to('out', { value: string() })
  return builder.build()
}

const meets = ({ bounds: [lower, upper], exclusive: [low, up] }: Given, left: number, right: number) =>
  (low ? left + lower < right : left + lower <= right) && (up ? right < left + upper : right <= left + upper)

/** How a topology is run: straight on, or with a task that begins again after each step. */
const drivers = fc.constantFrom<(topology: Topology) => VectorDriver>(
  (topology) => new TopologyTestDriver(topology),
  (topology) => new RestartingDriver(topology, {}, false),
  (topology) => new RestartingDriver(topology, {}, true),
)

describe('intervalJoin', () => {
  it('gives every pair that is in its interval, whatever its bounds, of records no later than grace', async () => {
    await fc.assert(
      fc.asyncProperty(given, arrivals, drivers, async (how, drawn, driverOf) => {
        let now = -1
        const records = drawn.filter(({ time }) => {
          now = Math.max(now, time)
          return time >= now - how.grace
        })
        const driver = driverOf(topologyOf(intervalOf(how)))
        const inputs = { l: driver.createInputTopic('l', texts), r: driver.createInputTopic('r', texts) }
        for (const [at, { side, key, time }] of records.entries()) {
          inputs[side].pipe(key, String(at), { timestamp: time })
          await driver.settle()
        }
        const expected = records.flatMap((left, l) =>
          records.flatMap((right, r) =>
            left.side === 'l' &&
            right.side === 'r' &&
            left.key === right.key &&
            meets(how, left.time, right.time)
              ? [`${left.key} ${l}+${r}@${Math.max(left.time, right.time)}`]
              : [],
          ),
        )
        const found = driver.createOutputTopic('out', texts).readAll()
        assert.deepEqual(
          found.map(({ key, value, timestamp }) => `${key} ${value}@${timestamp}`).sort(),
          expected.sort(),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('gives late records of either side to who asks, where time comes from watermarks', () => {
    const builder = new StreamsBuilder()
    const watermarked = { ...texts, watermark: Watermarks.monotonous() }
    const [left, right] = [builder.stream('l', watermarked), builder.stream('r', watermarked)]
    left
      .intervalJoin(right, (one, other) => `${one}+${other}`, JoinInterval.between(5, 10).grace(2), {
        late: (late) => late.to('late'),
        otherLate: (late) => late.to('late'),
      })
      .to('out', { value: string() })
    using driver = new TopologyTestDriver(builder.build())
    const inputs = { l: driver.createInputTopic('l', texts), r: driver.createInputTopic('r', texts) }
    const pipe = (side: 'l' | 'r', value: string, timestamp: number) =>
      inputs[side].pipe('a', value, { timestamp })
    pipe('l', '1', 10)
    pipe('r', '2', 20)
    pipe('l', '3', 20)
    pipe('r', '4', 15)
    pipe('l', '5', 17)
    const read = (topic: string) =>
      driver
        .createOutputTopic(topic, texts)
        .readKeyValues()
        .map(([, value]) => value)
    assert.deepEqual(read('out'), ['1+2'])
    assert.deepEqual(read('late'), ['4', '5'])
  })

  it('says which serde it needs, and where', () => {
    const builder = new StreamsBuilder()
    const [left, right] = [builder.stream('l', texts), builder.stream('r', texts)]
    const options = { name: 'pairs' } as never
    left.intervalJoin(
      right.mapValues((value) => value.length),
      () => '',
      JoinInterval.between(0, 1),
      options,
    )
    assert.throws(
      () => builder.build(),
      /give it one: intervalJoin\(other, joiner, interval, \{ otherValue: \.\.\. \}\)/,
    )
  })
})
