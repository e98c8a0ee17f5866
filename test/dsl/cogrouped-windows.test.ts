import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  HoppingWindows,
  type KStream,
  type KTable,
  SessionWindows,
  SlidingWindows,
  StreamsBuilder,
  string,
  type TimeWindows,
  type Topology,
  TumblingWindows,
  Watermarks,
  type Windowed,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { RestartingDriver } from '../testing/restarting-driver.js'

const serdes = { key: string(), value: string() }
const value = string()
const TOPICS = ['left', 'right']

type Stream = KStream<string, string>
type Table = KTable<Windowed<string>, string | null>
/** Aggregates two streams together, or their merge, and sends late records to `late`. */
interface Build {
  together(left: Stream, right: Stream): Table
  merged(stream: Stream): Table
}

const initial = (): string => ''
const add = (_: string, one: string, all: string): string => `${all}${one} `
const merge = (_: string, one: string, other: string): string => `${one}& ${other}`
const late = (stream: Stream): void => stream.to('late', serdes)

const cogrouped = (left: Stream, right: Stream) =>
  left.groupByKey().cogroup<string>(add, { late }).cogroup(right.groupByKey(), add, { late })

const byWindow = (windows: TimeWindows | SlidingWindows, allowedLateness: number): Build => ({
  together: (left, right) =>
    cogrouped(left, right)
      .windowedBy(windows)
      .emitStrategy('onWindowClose', { allowedLateness })
      .aggregate(initial, { value }),
  merged: (stream) =>
    stream
      .groupByKey()
      .windowedBy(windows)
      .emitStrategy('onWindowClose', { allowedLateness })
      .aggregate(initial, add, { value, late }),
})

const bySession = (windows: SessionWindows, allowedLateness: number): Build => ({
  together: (left, right) =>
    cogrouped(left, right)
      .windowedBy(windows)
      .emitStrategy('onWindowClose', { allowedLateness })
      .aggregate(initial, merge, { value }),
  merged: (stream) =>
    stream
      .groupByKey()
      .windowedBy(windows)
      .emitStrategy('onWindowClose', { allowedLateness })
      .aggregate(initial, add, merge, { value, late }),
})

const KINDS: Readonly<Record<string, Build>> = {
  'tumbling windows': byWindow(TumblingWindows.of(7).grace(2), 0),
  'tumbling windows with allowed lateness': byWindow(TumblingWindows.of(7).grace(2), 6),
  'hopping windows': byWindow(HoppingWindows.of(9).advanceBy(3), 5),
  'sliding windows': byWindow(SlidingWindows.of(4).grace(1), 0),
  sessions: bySession(SessionWindows.of(4).grace(1), 6),
}

const send = (table: Table): void =>
  table
    .toStream()
    .map(({ key, window }, all) => [key, `${window.start}-${window.end} ${all}`])
    .to('out', serdes)

function topologies(build: Build, watermarks: boolean): { together: Topology; merged: Topology } {
  const topologyOf = (tableOf: (left: Stream, right: Stream) => Table): Topology => {
    const builder = new StreamsBuilder()
    const watermark = watermarks ? Watermarks.boundedOutOfOrderness(4) : undefined
    const [left, right] = TOPICS.map((topic) => builder.stream(topic, { ...serdes, watermark }))
    send(tableOf(left!, right!))
    return builder.build()
  }
  return {
    together: topologyOf(build.together),
    merged: topologyOf((left, right) => build.merged(left.merge(right))),
  }
}

type Records = readonly (readonly [topic: string, key: string, timestamp: number])[]
type Driver = Pick<TopologyTestDriver, 'createInputTopic' | 'createOutputTopic'>

/** What comes out, and what is late, as text. */
async function answers(driver: Driver, records: Records, settle?: () => Promise<void>): Promise<string[][]> {
  const inputs = new Map(TOPICS.map((topic) => [topic, driver.createInputTopic(topic, serdes)]))
  for (const [index, [topic, key, timestamp]] of records.entries()) {
    inputs.get(topic)!.pipe(key, String(index), { timestamp })
    await settle?.()
  }
  return ['out', 'late'].map((topic) =>
    driver
      .createOutputTopic(topic, serdes)
      .readAll()
      .map((record) => `${record.key}: ${record.value}@${record.timestamp}`),
  )
}

const timestamps = fc.nat(50)
const records: fc.Arbitrary<Records> = fc.array(
  fc.tuple(fc.constantFrom(...TOPICS), fc.constantFrom('a', 'b'), timestamps),
  { minLength: 1, maxLength: 30 },
)

describe('cogrouped windows that are handed on when they close', () => {
  for (const [name, build] of Object.entries(KINDS)) {
    for (const watermarks of [false, true]) {
      const time = watermarks ? 'watermarks' : 'stream time'
      it(`answer as the windows of the merged streams do: ${name}, ${time}`, async () => {
        const { together, merged } = topologies(build, watermarks)
        await fc.assert(
          fc.asyncProperty(records, async (input) => {
            using left = new TopologyTestDriver(together)
            using right = new TopologyTestDriver(merged)
            assert.deepEqual(await answers(left, input), await answers(right, input))
          }),
          { numRuns: 60 },
        )
      })
    }

    it(`answer alike where the task begins again at each step: ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(records, fc.boolean(), fc.boolean(), async (input, watermarks, lost) => {
          const { together } = topologies(build, watermarks)
          using straight = new TopologyTestDriver(together)
          const restarting = new RestartingDriver(together, {}, lost)
          const actual = await answers(restarting, input, () => restarting.settle())
          assert.deepEqual(actual, await answers(straight, input))
        }),
        { numRuns: 25 },
      )
    })
  }

  it('go on after a restart with what a record of any stream has closed', async () => {
    const { together } = topologies(byWindow(TumblingWindows.of(10), 0), false)
    const keys = Array.from({ length: 2500 }, (_, at) => `key${String(at).padStart(4, '0')}`)
    const restarting = new RestartingDriver(together, {}, true)
    const input: Records = [
      ...keys.map((key, at) => [TOPICS[at % 2]!, key, 5] as const),
      ['right', 'closes', 20],
    ]
    const [out] = await answers(restarting, input.slice(0, -1))
    assert.deepEqual(out, [])
    const [closed] = await answers(restarting, input.slice(-1), () => restarting.settle())
    assert.deepEqual(
      closed!.map((line) => line.split(':')[0]),
      keys,
    )
  })
})

describe('cogrouped windows', () => {
  const build = (onClose: boolean): TopologyTestDriver => {
    const builder = new StreamsBuilder()
    const watermark = Watermarks.monotonous()
    const [left, right] = TOPICS.map((topic) => builder.stream(topic, { ...serdes, watermark }).groupByKey())
    const windows = left!
      .cogroup<string>(add, { late: (stream) => stream.to('late-left', serdes) })
      .cogroup(right!, add, { late: (stream) => stream.to('late-right', serdes) })
      .windowedBy(TumblingWindows.of(10))
    send((onClose ? windows.emitStrategy('onWindowClose') : windows).aggregate(initial, { value }))
    return new TopologyTestDriver(builder.build())
  }

  for (const onClose of [false, true]) {
    it(`are open until all streams are past them, ${onClose ? 'at their close' : 'at every change'}`, () => {
      using driver = build(onClose)
      const [left, right] = TOPICS.map((topic) => driver.createInputTopic(topic, serdes))
      const late = TOPICS.map((topic) => driver.createOutputTopic(`late-${topic}`, serdes))
      left!.pipe('a', 'l', { timestamp: 1 })
      left!.pipe('a', 'l', { timestamp: 40 })
      right!.pipe('a', 'r', { timestamp: 2 })
      right!.pipe('b', 'r', { timestamp: 10 })
      const out = driver.createOutputTopic('out', serdes).readAll()
      assert.ok(out.some((record) => record.value === '0-10 l r '))
      left!.pipe('a', 'too late', { timestamp: 9 })
      right!.pipe('a', 'as late', { timestamp: 8 })
      assert.deepEqual(
        late.map((topic) => topic.readAll().map((record) => record.value)),
        [['too late'], ['as late']],
      )
      assert.deepEqual([...driver.droppedRecords.values()], [1, 1])
    })
  }

  it('that are gone for one stream begin anew for another one in stream time, which is counted', () => {
    const builder = new StreamsBuilder()
    const [left, right] = TOPICS.map((topic) => builder.stream(topic, serdes).groupByKey())
    send(
      left!
        .cogroup<string>(add)
        .cogroup(right!, add)
        .windowedBy(TumblingWindows.of(10))
        .aggregate(initial, { value }),
    )
    using driver = new TopologyTestDriver(builder.build())
    const inputs = TOPICS.map((topic) => driver.createInputTopic(topic, serdes))
    inputs[0]!.pipe('a', 'l', { timestamp: 1 })
    inputs[0]!.pipe('a', 'l', { timestamp: 40 })
    inputs[1]!.pipe('a', 'r', { timestamp: 2 })
    const out = driver.createOutputTopic('out', serdes).readAll()
    assert.deepEqual(
      out.map((record) => record.value),
      ['0-10 l ', '40-50 l ', '0-10 r '],
    )
    assert.deepEqual([...driver.droppedRecords], [['COGROUPKSTREAM-AGGREGATE-0000000004: expired', 1]])
  })

  it('alone have late records', () => {
    const builder = new StreamsBuilder()
    const grouped = builder.stream('in', serdes).groupByKey()
    grouped.cogroup<string>(add, { late }).aggregate(initial, { value })
    assert.throws(
      () => builder.build(),
      /COGROUPKSTREAM-AGGREGATE-0000000002: .*without windows no record is late/,
    )
  })
})
