import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { string } from '../../src/serdes/string.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import { Watermarks } from '../../src/time/watermark-strategy.js'
import type { Topology } from '../../src/topology/topology.js'
import { RestartingDriver } from '../testing/restarting-driver.js'
import type { VectorDriver } from '../testing/vector-run.js'

const texts = { key: string(), value: string() }
const DISORDER = 15

interface Arrival {
  readonly side: 'l' | 'r'
  readonly key: string
  readonly time: number
  /** Of the right side: whether there is nothing from then on. */
  readonly ends: boolean
}

interface Given {
  readonly left: boolean
  readonly tolerance: number | undefined
  readonly ofStream: boolean
}

const given = fc.record<Given>({
  left: fc.boolean(),
  tolerance: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
  ofStream: fc.boolean(),
})

const arrivals = fc.array(
  fc.record<Arrival>({
    side: fc.constantFrom('l', 'r'),
    key: fc.constantFrom('a', 'b'),
    time: fc.integer({ min: 0, max: 100 }),
    ends: fc.integer({ min: 0, max: 5 }).map((drawn) => drawn === 0),
  }),
  { maxLength: 40 },
)

function topologyOf({ left, tolerance, ofStream }: Given, waits: boolean): Topology {
  const builder = new StreamsBuilder()
  const watermark = waits ? Watermarks.boundedOutOfOrderness(DISORDER) : undefined
  const stream = builder.stream<string, string>('l', { ...texts, watermark })
  const joiner = (one: string, other: string | null) => `${one}+${other}`
  const common = { tolerance, gracePeriod: waits ? 1 : undefined, name: 'as-of' }
  const joinedWith = (other: never, options: object) =>
    left
      ? stream.leftAsOfJoin<string, string, 'key'>(other, joiner, options as never)
      : stream.asOfJoin<string, string, 'key'>(other, joiner, options as never)
  const joined = ofStream
    ? joinedWith(builder.stream('r', { ...texts, watermark }) as never, { ...common, historyRetention: 1000 })
    : joinedWith(builder.table('r', { ...texts, watermark, historyRetention: 1000 }) as never, common)
  joined.to('out', { value: string() })
  return builder.build()
}

/** What a record meets of others: the latest at or before its time; of one time the one that came last. */
function met(
  { key, time }: Arrival,
  others: readonly (readonly [number, Arrival])[],
  tolerance = Number.POSITIVE_INFINITY,
) {
  let found: readonly [number, Arrival] | undefined
  for (const other of others) {
    if (other[1].side !== 'r' || other[1].key !== key || other[1].time > time) continue
    if (found === undefined || other[1].time >= found[1].time) found = other
  }
  if (found === undefined || found[1].ends || time - found[1].time > tolerance) return null
  return String(found[0])
}

async function results(driver: VectorDriver, records: readonly Arrival[]): Promise<string[]> {
  const inputs = {
    l: driver.createInputTopic<string, string | null>('l', texts as never),
    r: driver.createInputTopic<string, string | null>('r', texts as never),
  }
  for (const [at, { side, key, time, ends }] of records.entries()) {
    inputs[side].pipe(key, side === 'r' && ends ? null : String(at), { timestamp: time })
    await driver.settle()
  }
  return driver
    .createOutputTopic('out', texts)
    .readAll()
    .map(({ key, value, timestamp }) => `${key} ${value}@${timestamp}`)
}

function expected({ left, tolerance }: Given, records: readonly Arrival[], whole: boolean): string[] {
  const entries = [...records.entries()]
  return entries.flatMap(([at, record]) => {
    if (record.side === 'r') return []
    const other = met(record, whole ? entries : entries.slice(0, at), tolerance)
    return other === null && !left ? [] : [`${record.key} ${at}+${other}@${record.time}`]
  })
}

/** How a topology is run: straight on, or with a task that begins again after each step. */
const drivers = fc.constantFrom<(topology: Topology) => VectorDriver>(
  (topology) => new TopologyTestDriver(topology),
  (topology) => new RestartingDriver(topology, {}, false),
  (topology) => new RestartingDriver(topology, {}, true),
)

describe('asOfJoin', () => {
  it('meets the latest record at or before each, of those that have come', async () => {
    await fc.assert(
      fc.asyncProperty(given, arrivals, drivers, async (how, records, driverOf) => {
        const driver = driverOf(topologyOf(how, false))
        assert.deepEqual(await results(driver, records), expected(how, records, false))
      }),
      { numRuns: 200 },
    )
  })

  it('meets what the whole input has, where it waits for watermarks', async () => {
    await fc.assert(
      fc.asyncProperty(given, arrivals, async (how, drawn) => {
        let now = -1
        const records = drawn.filter(({ time }) => {
          now = Math.max(now, time)
          return time >= now - DISORDER
        })
        using driver = new TopologyTestDriver(topologyOf(how, true))
        const before = await results(driver, records)
        driver.drain()
        const after = driver.createOutputTopic('out', texts).readAll()
        const found = [...before, ...after.map(({ key, value, timestamp }) => `${key} ${value}@${timestamp}`)]
        assert.deepEqual(found.sort(), expected(how, records, true).sort())
      }),
      { numRuns: 200 },
    )
  })
})

describe('an as-of join', () => {
  it('reads streams by new keys through repartition topics', () => {
    const builder = new StreamsBuilder()
    const byValue = (topic: string) => builder.stream(topic, texts).selectKey((_, value) => value)
    byValue('l')
      .asOfJoin(byValue('r'), (left, right) => left + right, {
        ...texts,
        otherValue: string(),
        historyRetention: '1m',
        name: 'as-of',
      })
      .to('out', { value: string() })
    const topology = builder.build()
    assert.match(topology.describe(), /as-of-other-repartition/)
    using driver = new TopologyTestDriver(topology)
    driver.createInputTopic('r', texts).pipe('1', 'x', { timestamp: 1 })
    driver.createInputTopic('l', texts).pipe('2', 'x', { timestamp: 2 })
    assert.deepEqual(driver.createOutputTopic('out', texts).readKeyValues(), [['x', 'xx']])
  })

  it('gives records that are earlier than what is kept to who asks for them', () => {
    const builder = new StreamsBuilder()
    builder
      .stream('l', texts)
      .asOfJoin(builder.stream('r', texts), (left, right) => left + right, {
        historyRetention: 10,
        late: (late) => late.to('late'),
      })
      .to('out', { value: string() })
    using driver = new TopologyTestDriver(builder.build())
    driver.createInputTopic('r', texts).pipe('a', 'x', { timestamp: 100 })
    driver.createInputTopic('l', texts).pipe('a', 'y', { timestamp: 50 })
    assert.deepEqual(driver.createOutputTopic('late', texts).readKeyValues(), [['a', 'y']])
  })
})
