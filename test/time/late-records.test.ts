import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  HoppingWindows,
  JoinWindows,
  type KStream,
  SessionWindows,
  SlidingWindows,
  StreamsBuilder,
  string,
  TumblingWindows,
  Watermarks,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'

const serdes = { key: string(), value: string() }

type Stream = KStream<string, string>
/** Has results go to `out` and late records to `late`. */
type Build = (stream: Stream, late: (late: Stream) => void) => Stream

const all = (one: string, other: string): string => `${one} ${other}`

/** `key@time` in, results and late records out. */
function run(records: string, build: Build, watermarks: boolean, end = false) {
  const builder = new StreamsBuilder()
  const watermark = watermarks ? Watermarks.boundedOutOfOrderness(5) : undefined
  build(builder.stream('in', { ...serdes, watermark }), (late) => late.to('late', serdes)).to('out', serdes)
  using driver = new TopologyTestDriver(builder.build())
  const input = driver.createInputTopic('in', serdes)
  for (const record of records.split(' ')) {
    const [key, time] = record.split('@') as [string, string]
    input.pipe(key, record, { timestamp: Number(time), headers: [{ key: 'of', value: Buffer.from(record) }] })
  }
  if (end) driver.drain()
  const late = driver.createOutputTopic('late', serdes).readAll()
  return {
    out: driver
      .createOutputTopic('out', serdes)
      .readKeyValues()
      .map(([key, value]) => `${key}: ${value}`),
    late: late.map(({ value }) => value),
    lateRecords: late,
    dropped: [...driver.droppedRecords]
      .filter(([id]) => id.endsWith('late'))
      .reduce((sum, [, count]) => sum + count, 0),
  }
}

const tumbling: Build = (stream, late) =>
  stream
    .groupByKey()
    .windowedBy(TumblingWindows.of(10))
    .emitStrategy('onWindowClose')
    .count({ late })
    .toStream()
    .map(({ key, window }, count) => [key, `${window.start}=${count}`])

describe('late records', () => {
  it('go where they are asked for, as they came, and are counted', () => {
    const { out, late, lateRecords, dropped } = run('a@1 b@15 a@9 b@16', tumbling, true)
    assert.deepEqual(out, ['a: 0=1'])
    assert.deepEqual(late, ['a@9'])
    assert.deepEqual(
      lateRecords.map(({ key, timestamp, headers }) => [
        key,
        timestamp,
        headers.map(({ value }) => String(value)),
      ]),
      [['a', 9, ['a@9']]],
    )
    assert.equal(dropped, 1)
  })

  it('are late in stream time, too', () => {
    assert.deepEqual(run('a@1 b@15 a@9 b@16', tumbling, false).late, ['a@9'])
  })

  it('are those that are late for all windows that they are in', () => {
    const hopping: Build = (stream, late) =>
      stream
        .groupByKey()
        .windowedBy(HoppingWindows.of(10).advanceBy(5))
        .emitStrategy('onWindowClose')
        .count({ late })
        .toStream()
        .map(({ key, window }, count) => [key, `${window.start}=${count}`])
    const { late, dropped } = run('a@1 b@17 a@6 a@4', hopping, true)
    assert.deepEqual(late, ['a@4'])
    assert.equal(dropped, 2)
  })

  it('are those that only make a window begin which they are not in', () => {
    const sliding: Build = (stream, late) =>
      stream
        .groupByKey()
        .windowedBy(SlidingWindows.of(4).grace(2))
        .emitStrategy('onWindowClose')
        .reduce((all, one) => `${all} ${one}`, { late })
        .toStream()
        .map(({ key }, records) => [key, records])
    assert.deepEqual(run('a@2 a@12 a@1 a@0', sliding, true).late, ['a@1', 'a@0'])
  })

  it('hand their window on anew as long as that is allowed', () => {
    const lenient: Build = (stream, late) =>
      stream
        .groupByKey()
        .windowedBy(TumblingWindows.of(10))
        .emitStrategy('onWindowClose', { allowedLateness: 10 })
        .count({ late })
        .toStream()
        .map(({ key, window }, count) => [key, `${window.start}=${count}`])
    const { out, late } = run('a@1 b@15 a@9 b@20 c@3 b@24 a@2 b@25 a@4 b@40', lenient, true)
    assert.deepEqual(out, ['a: 0=1', 'a: 0=2', 'c: 0=1', 'a: 0=3', 'b: 10=1', 'b: 20=3'])
    assert.deepEqual(late, ['a@4'])
  })

  it('have a session grow that was handed on', () => {
    const sessions: Build = (stream, late) =>
      stream
        .groupByKey()
        .windowedBy(SessionWindows.of(5))
        .emitStrategy('onWindowClose', { allowedLateness: 10 })
        .count({ late })
        .toStream()
        .map(({ key, window }, count) => [key, `${window.start}-${window.end}=${count}`])
    const { out, late } = run('a@1 b@12 a@3 b@30 a@2', sessions, true)
    assert.deepEqual(out, ['a: 1-1=1', 'a: 1-1=null', 'a: 1-3=2', 'b: 12-12=1'])
    assert.deepEqual(late, ['a@2'])
  })

  it('of a join are kept from it with watermarks', () => {
    const joined: Build = (stream, late) =>
      stream.join(stream, (left, right) => `${left}+${right}`, JoinWindows.of(2).grace(3), {
        ...serdes,
        late,
      })
    assert.deepEqual(run('a@1 a@14 a@6 a@5', joined, true).late, ['a@5'])
    assert.deepEqual(run('a@1 a@14 a@6 a@5', joined, false).late, [])
  })

  it('of a join are not kept in stream time where what they could meet is gone, which is counted', () => {
    const builder = new StreamsBuilder()
    const stream = builder.stream('in', serdes)
    stream.join(builder.stream('in2', serdes), all, JoinWindows.of(2).grace(3)).to('out', serdes)
    using driver = new TopologyTestDriver(builder.build())
    const [left, right] = ['in', 'in2'].map((topic) => driver.createInputTopic(topic, serdes))
    right!.pipe('a', 'there', { timestamp: 1 })
    left!.pipe('b', 'ahead', { timestamp: 100 })
    left!.pipe('a', 'old', { timestamp: 1 })
    right!.pipe('a', 'later', { timestamp: 1 })
    const out = driver.createOutputTopic('out', serdes).readKeyValues()
    assert.deepEqual(out, [['a', 'old there']])
    assert.deepEqual([...driver.droppedRecords], [['KSTREAM-WINDOWED-0000000002: expired', 1]])
  })

  describe('for a table that keeps versions', () => {
    const joined = (left: boolean, asked: boolean) => {
      const builder = new StreamsBuilder()
      const table = builder.table('rows', { ...serdes, store: 'rows', historyRetention: 20 })
      const stream = builder.stream('in', serdes)
      const options = asked ? { late: (late: Stream) => late.to('late', serdes) } : {}
      const results = left
        ? stream.leftJoin(table, (value, row) => `${value} ${row}`, options)
        : stream.join(table, all, options)
      results.to('out', serdes)
      using driver = new TopologyTestDriver(builder.build())
      const rows = driver.createInputTopic('rows', serdes)
      rows.pipe('a', 'first', { timestamp: 10 })
      rows.pipe('a', 'second', { timestamp: 40 })
      const input = driver.createInputTopic('in', serdes)
      for (const timestamp of [19, 25, 45]) input.pipe('a', `@${timestamp}`, { timestamp })
      input.pipe('none', '@45', { timestamp: 45 })
      const values = (topic: string) =>
        driver
          .createOutputTopic(topic, serdes)
          .readAll()
          .map(({ value }) => value)
      return { out: values('out'), late: values('late'), dropped: [...driver.droppedRecords.values()] }
    }

    it('are those that are earlier than its versions reach back, and meet none', () => {
      const met = ['@25 first', '@45 second']
      assert.deepEqual(joined(false, true), { out: met, late: ['@19'], dropped: [1] })
      assert.deepEqual(joined(false, false), { out: met, late: [], dropped: [1] })
    })

    it('are joined with null by a left join, unless somebody asks for them', () => {
      const met = ['@25 first', '@45 second', '@45 null']
      assert.deepEqual(joined(true, true), { out: met, late: ['@19'], dropped: [1] })
      assert.deepEqual(joined(true, false), { out: ['@19 null', ...met], late: [], dropped: [] })
    })

    it('are not asked for where it keeps none', () => {
      const builder = new StreamsBuilder()
      builder.stream('in', serdes).join(builder.table('rows', serdes), all, { late: () => {} })
      assert.throws(() => builder.build(), /no record is late for a table that keeps no versions/)
    })
  })

  it('leave the names of what follows as they are', () => {
    const described = (late: boolean): string => {
      const builder = new StreamsBuilder()
      builder
        .stream('in', serdes)
        .groupByKey()
        .windowedBy(TumblingWindows.of(10))
        .count(late ? { late: () => {} } : {})
        .toStream()
        .foreach(() => {})
      return builder.build().describe()
    }
    assert.match(described(true), /KSTREAM-AGGREGATE-0000000002-late/)
    assert.equal(described(true).match(/FOREACH-\d+/)?.[0], described(false).match(/FOREACH-\d+/)?.[0])
  })

  const windows: Readonly<Record<string, Build>> = {
    tumbling: (stream, late) =>
      stream
        .groupByKey()
        .windowedBy(TumblingWindows.of(7).grace(2))
        .emitStrategy('onWindowClose', { allowedLateness: 3 })
        .reduce((all, one) => `${all} ${one}`, { late })
        .toStream()
        .map(({ key }, records) => [key, records]),
    sliding: (stream, late) =>
      stream
        .groupByKey()
        .windowedBy(SlidingWindows.of(4).grace(2))
        .emitStrategy('onWindowClose')
        .reduce((all, one) => `${all} ${one}`, { late })
        .toStream()
        .map(({ key }, records) => [key, records]),
    session: (stream, late) =>
      stream
        .groupByKey()
        .windowedBy(SessionWindows.of(4).grace(2))
        .emitStrategy('onWindowClose')
        .reduce((all, one) => `${all} ${one}`, { late })
        .toStream()
        .map(({ key }, records) => [key, records]),
    hopping: (stream, late) =>
      stream
        .groupByKey()
        .windowedBy(HoppingWindows.of(9).advanceBy(3).grace(2))
        .emitStrategy('onWindowClose')
        .reduce((all, one) => `${all} ${one}`, { late })
        .toStream()
        .map(({ key }, records) => [key, records]),
  }
  for (const [name, build] of Object.entries(windows)) {
    it(`and those in ${name} windows are all that there are, and none is both`, () => {
      const times = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.nat(60)), { minLength: 1, maxLength: 40 })
      fc.assert(
        fc.property(times, (records) => {
          const ids = records.map(([key, time], index) => `${key}${index}@${time}`)
          const keyed: Build = (stream, late) =>
            build(stream.selectKey((key) => key[0]!).repartition(serdes), late)
          const { out, late } = run(ids.join(' '), keyed, true, true)
          const taken = new Set(out.flatMap((line) => line.slice(3).split(' ')))
          assert.deepEqual([...taken, ...late].sort(), [...ids].sort())
        }),
        { numRuns: 100 },
      )
    })
  }
})
