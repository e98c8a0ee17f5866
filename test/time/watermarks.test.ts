import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  JoinWindows,
  type KStream,
  SessionWindows,
  SlidingWindows,
  StreamsBuilder,
  Suppressed,
  string,
  TumblingWindows,
  type WatermarkOption,
  Watermarks,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'

type Strategy = WatermarkOption<string, string>

const serdes = { key: string(), value: string() }

/** Pipes `key@time` into topics and reads `out`, which is made of one stream or two. */
class Scene {
  readonly driver: TopologyTestDriver

  constructor(
    strategy: Strategy,
    build: (left: KStream<string, string>, right: KStream<string, string>) => KStream<string, string>,
    topics = ['in'],
  ) {
    const builder = new StreamsBuilder()
    const [left, right = left] = topics.map((topic) =>
      builder.stream(topic, { ...serdes, watermark: strategy }),
    )
    build(left!, right!).to('out', serdes)
    this.driver = new TopologyTestDriver(builder.build())
  }

  pipe(records: string, topic = 'in'): string[] {
    const input = this.driver.createInputTopic(topic, serdes)
    for (const record of records.split(' ')) {
      const [key, time] = record.split('@') as [string, string]
      input.pipe(key, record, { timestamp: Number(time) })
    }
    return this.out()
  }

  out(): string[] {
    const output = this.driver.createOutputTopic('out', serdes)
    return output.readKeyValues().map(([key, value]) => `${key}: ${value}`)
  }
}

const counted = (stream: KStream<string, string>): KStream<string, string> =>
  stream
    .groupByKey()
    .windowedBy(TumblingWindows.of(10))
    .emitStrategy('onWindowClose')
    .count()
    .toStream()
    .map((windowed, count) => [windowed.key, `${windowed.window.start}=${count}`])

describe('watermarks', () => {
  it('close windows behind the greatest timestamp by what records may be out of order', () => {
    const scene = new Scene(Watermarks.boundedOutOfOrderness(5), counted)
    assert.deepEqual(scene.pipe('a@1 a@14 a@3'), [])
    assert.deepEqual(scene.pipe('b@15'), ['a: 0=2'])
    assert.deepEqual(scene.pipe('a@9'), [], 'late')
    assert.deepEqual([...scene.driver.droppedRecords.values()], [1])
    assert.deepEqual(scene.pipe('b@60'), ['a: 10=1', 'b: 10=1'])
  })

  it('are behind the record that brings them', () => {
    const scene = new Scene(Watermarks.monotonous(), counted)
    assert.deepEqual(scene.pipe('a@1 a@9 a@10'), ['a: 0=2'])
  })

  it('wait for the slowest topic', () => {
    const scene = new Scene(Watermarks.monotonous(), (left, right) => counted(left.merge(right)), [
      'in',
      'in2',
    ])
    assert.deepEqual(scene.pipe('a@1 a@40'), [])
    assert.deepEqual(scene.pipe('b@10', 'in2'), ['a: 0=1'])
  })

  it('leave an idle topic out, and wait for it again when it is back', () => {
    const strategy: Strategy = Watermarks.monotonous().withIdleness('10s')
    const scene = new Scene(strategy, (left, right) => counted(left.merge(right)), ['in', 'in2'])
    scene.pipe('a@1 a@20')
    scene.driver.advanceWallClock('6s')
    scene.pipe('a@21')
    assert.deepEqual(scene.out(), [])
    scene.driver.advanceWallClock('4s')
    assert.deepEqual(scene.out(), ['a: 0=1'])
    scene.pipe('b@20', 'in2')
    assert.deepEqual(scene.pipe('a@50'), [])
    assert.deepEqual(scene.pipe('b@40', 'in2'), ['a: 20=2', 'b: 20=1'])
  })

  it('go on as the wall clock does where that is asked for', () => {
    const strategy: Strategy = Watermarks.monotonous().withIdleness(5, {
      watermark: 'wall-clock',
    })
    const scene = new Scene(strategy, counted)
    scene.pipe('a@1')
    scene.driver.advanceWallClock(8)
    assert.deepEqual(scene.out(), [])
    scene.driver.advanceWallClock(1)
    assert.deepEqual(scene.out(), ['a: 0=1'])
  })

  it('come from records that tell them', () => {
    const strategy: Strategy = ({ punctuated }) =>
      punctuated((record) => (record.key === 'mark' ? record.timestamp : undefined))
    const scene = new Scene(strategy, counted)
    assert.deepEqual(scene.pipe('a@1 a@100 mark@8'), [])
    assert.deepEqual(scene.pipe('mark@9'), ['a: 0=1', 'mark: 0=2'])
  })

  it('come from generators that are asked again and again', () => {
    let watermark: number | undefined
    const scene = new Scene(
      ({ generated }) => generated(() => ({ onEvent: () => undefined, onPeriodic: () => watermark })),
      counted,
    )
    scene.pipe('a@1')
    watermark = 9
    scene.driver.advanceWallClock(1)
    assert.deepEqual(scene.out(), ['a: 0=1'])
  })

  it('travel through repartition topics', () => {
    const scene = new Scene(Watermarks.boundedOutOfOrderness(5), (stream) =>
      counted(stream.selectKey((key) => `${key}${key}`).repartition(serdes)),
    )
    assert.deepEqual(scene.pipe('a@1 b@14'), [])
    assert.deepEqual(scene.pipe('c@15'), ['aa: 0=1'])
  })

  it('reach an operator when all that they cause before it has happened', () => {
    const again = (stream: KStream<string, string>): KStream<string, string> =>
      counted(counted(stream).repartition(serdes))
    const scene = new Scene(Watermarks.monotonous(), again)
    assert.deepEqual(scene.pipe('a@1 a@2 b@10 b@20'), ['a: 0=1'])
    assert.deepEqual([...scene.driver.droppedRecords], [])
  })

  it('close what is left when the input is drained', () => {
    const scene = new Scene(Watermarks.boundedOutOfOrderness(5), (stream) =>
      counted(stream.selectKey((key) => key).repartition(serdes)),
    )
    scene.pipe('a@1 a@14 b@13')
    scene.driver.drain()
    assert.deepEqual(scene.out(), ['a: 0=1', 'a: 10=1', 'b: 10=1'])
    assert.deepEqual(scene.pipe('a@100'), [], 'late')
  })

  it('close sessions and sliding windows', () => {
    const sessions = new Scene(Watermarks.boundedOutOfOrderness(2), (stream) =>
      stream
        .groupByKey()
        .windowedBy(SessionWindows.of(10))
        .emitStrategy('onWindowClose')
        .count()
        .toStream()
        .map(({ key, window }, count) => [key, `${window.start}-${window.end}=${count}`]),
    )
    assert.deepEqual(sessions.pipe('a@1 a@11 a@23'), [])
    assert.deepEqual(sessions.pipe('b@24'), ['a: 1-11=2'])
    const sliding = new Scene(Watermarks.boundedOutOfOrderness(2), (stream) =>
      stream
        .groupByKey()
        .windowedBy(SlidingWindows.of(10))
        .emitStrategy('onWindowClose')
        .count()
        .toStream()
        .map(({ key, window }, count) => [key, `${window.start}-${window.end}=${count}`]),
    )
    assert.deepEqual(sliding.pipe('a@20 a@22'), [])
    assert.deepEqual(sliding.pipe('b@25'), ['a: 10-20=1', 'a: 12-22=2'])
  })

  it('hand on what a table keeps back', () => {
    const scene = new Scene(Watermarks.boundedOutOfOrderness(5), (stream) =>
      stream
        .groupByKey()
        .windowedBy(TumblingWindows.of(10))
        .count()
        .suppress(Suppressed.untilWindowCloses())
        .toStream()
        .map((windowed, count) => [windowed.key, `${windowed.window.start}=${count}`]),
    )
    assert.deepEqual(scene.pipe('a@1 a@14 a@3'), [])
    assert.deepEqual(scene.pipe('b@15'), ['a: 0=2'])
  })

  it('have records wait for the table that they are joined with, where they wait', () => {
    const builder = new StreamsBuilder()
    const timed = { ...serdes, watermark: Watermarks.monotonous() }
    const table = builder.table('rows', { ...timed, historyRetention: 100 })
    builder
      .stream('in', timed)
      .join(table, (one, row) => `${one}+${row}`, { gracePeriod: 5 })
      .to('out', serdes)
    using driver = new TopologyTestDriver(builder.build())
    const [rows, input] = ['rows', 'in'].map((topic) => driver.createInputTopic(topic, serdes))
    const joined = (): unknown[] =>
      driver
        .createOutputTopic('out', serdes)
        .readAll()
        .map(({ value }) => value)
    rows!.pipe('a', 'first', { timestamp: 1 })
    input!.pipe('a', 'one', { timestamp: 10 })
    input!.pipe('a', 'two', { timestamp: 90 })
    assert.deepEqual(joined(), [], 'the table is at 1')
    rows!.pipe('a', 'second', { timestamp: 9 })
    rows!.pipe('a', 'third', { timestamp: 15 })
    assert.deepEqual(joined(), ['one+second'])
  })

  it('have a table keep windows back whose end is part of them until that is over', () => {
    const build: Readonly<Record<string, (stream: KStream<string, string>) => KStream<string, string>>> = {
      session: (stream) =>
        stream
          .groupByKey()
          .windowedBy(SessionWindows.of(4))
          .count()
          .suppress(Suppressed.untilWindowCloses())
          .toStream()
          .map((windowed, count) => [windowed.key, `${windowed.window.start}=${count}`]),
      sliding: (stream) =>
        stream
          .groupByKey()
          .windowedBy(SlidingWindows.of(4))
          .count()
          .suppress(Suppressed.untilWindowCloses())
          .toStream()
          .map((windowed, count) => [windowed.key, `${windowed.window.start}=${count}`]),
    }
    const session = new Scene(Watermarks.monotonous(), build.session!)
    assert.deepEqual(session.pipe('a@4 b@8 a@4'), [], 'at 8 a record at 4 is in time')
    assert.deepEqual(session.pipe('b@9'), ['a: 4=2'])
    const sliding = new Scene(Watermarks.monotonous(), build.sliding!)
    assert.deepEqual(
      sliding.pipe('a@4 b@4 a@4'),
      [],
      'so it is at 4, which is the end of the window from 0 on',
    )
    assert.deepEqual(sliding.pipe('b@5'), ['a: 0=2', 'b: 0=1'])
    assert.deepEqual([...session.driver.droppedRecords, ...sliding.driver.droppedRecords], [])
  })

  it('have records of a join that meet none handed on when their time is over, and never before', () => {
    const scene = new Scene(
      Watermarks.monotonous(),
      (left, right) =>
        left.leftJoin(right, (one, other) => `${one}+${other ?? '-'}`, JoinWindows.of(5), serdes),
      ['in', 'in2'],
    )
    assert.deepEqual(scene.pipe('a@10 a@30'), [])
    assert.deepEqual(scene.pipe('a@15', 'in2'), ['a: a@10+a@15'])
    assert.deepEqual(scene.pipe('b@35', 'in2'), [])
    assert.deepEqual(scene.pipe('b@36', 'in2'), [], 'the other topic is at 30')
    assert.deepEqual(scene.pipe('c@35'), [])
    assert.deepEqual(scene.pipe('c@36'), ['a: a@30+-'])
    assert.deepEqual(scene.pipe('a@31', 'in2'), [], 'late')
    assert.equal([...scene.driver.droppedRecords.values()][0], 1)
  })

  it('keep records for all that may meet them in time, where the other stream is always later', () => {
    const windows = JoinWindows.of(6).before(-3).grace(2)
    const scene = new Scene(
      Watermarks.monotonous(),
      (left, right) => left.outerJoin(right, (one, other) => `${one}+${other}`, windows, serdes),
      ['in', 'in2'],
    )
    scene.pipe('a@100 b@120')
    assert.deepEqual(scene.pipe('a@106', 'in2'), ['a: a@100+a@106'])
    assert.deepEqual(scene.pipe('a@104', 'in2'), ['a: a@100+a@104'], 'at 106 a record at 104 is in time')
  })

  it('keep windows open though records are far ahead', () => {
    const scene = new Scene(Watermarks.monotonous(), (left, right) => counted(left.merge(right)), [
      'in',
      'in2',
    ])
    scene.pipe('a@1 a@100000')
    scene.pipe('a@2', 'in2')
    assert.deepEqual(scene.pipe('b@10', 'in2'), ['a: 0=2'])
  })

  it('are for all topics that are processed together, or for none', () => {
    const builder = new StreamsBuilder()
    const timed = builder.stream('in', { ...serdes, watermark: Watermarks.monotonous() })
    timed.merge(builder.stream('plain', serdes)).groupByKey().count()
    assert.throws(() => builder.build(), /plain has no watermarks/)
  })

  it('come from a strategy, and nothing else', () => {
    const builder = new StreamsBuilder()
    const none = (() => undefined) as unknown as Strategy
    builder.stream('in', { ...serdes, watermark: none, name: 'source' })
    assert.throws(() => builder.build(), /source: its watermark is no strategy/)
  })
})
