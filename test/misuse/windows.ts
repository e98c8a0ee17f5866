import {
  Aggregators,
  CountWindows,
  Evictors,
  GlobalWindows,
  HoppingWindows,
  int64,
  JoinInterval,
  JoinWindows,
  SessionWindows,
  SlidingWindows,
  Stores,
  Suppressed,
  string,
  Triggers,
  TumblingWindows,
  UnlimitedWindows,
} from '../../src/index.js'
import { stream, strings } from '../topology/golden/golden-topology.js'
import type { Misuses } from './misuse.js'

/** Windows, times and buffers that cannot be meant. */
export const WINDOWS: Misuses = {
  'suppress until windows close, without windows': (builder) =>
    builder.table('airports', strings).suppress(Suppressed.untilWindowCloses() as never, { name: 'final' }),
  'suppress until an unlimited window closes': (builder) =>
    stream(builder)
      .groupByKey()
      .windowedBy(UnlimitedWindows.of())
      .count()
      .suppress(Suppressed.untilWindowCloses(), { name: 'final' }),
  'emission on the close of an unlimited window': (builder) =>
    stream(builder)
      .groupByKey()
      .windowedBy(UnlimitedWindows.of())
      .emitStrategy('onWindowClose')
      .count({ name: 'counts' }),
  'a trigger that does not merge, for sessions': (builder) =>
    stream(builder)
      .groupByKey()
      .windowedBy(SessionWindows.of('5m'))
      .trigger(Triggers.delta(1, () => 0, { value: string() }))
      .count({ name: 'counts' }),
  'a trigger for sliding windows': (builder) =>
    stream(builder)
      .groupByKey()
      .windowedBy(SlidingWindows.of('5m'))
      .trigger(Triggers.count(1))
      .count({ name: 'counts' }),
  'a trigger that is none': (builder) =>
    stream(builder)
      .groupByKey()
      .windowedBy(GlobalWindows.of())
      .trigger('count' as never)
      .count({ name: 'counts' }),
  'a trigger at no records': () => Triggers.count(0),
  'a trigger at an interval of no time': () => Triggers.continuousEventTime(0),
  'a trigger at a distance that is no number': () => Triggers.delta(Number.NaN, () => 0, { value: string() }),
  'an evictor that is none': (builder) =>
    stream(builder)
      .groupByKey()
      .windowedBy(GlobalWindows.of())
      .trigger(Triggers.count(1))
      .evict('count' as never)
      .apply((_, values) => values.join(), { name: 'joined' }),
  'an evictor that leaves no elements': () => Evictors.count(0),
  'an evictor of an interval of no time': () => Evictors.time(0),
  'an evictor at a distance that is no number': () => Evictors.delta(Number.NaN, () => 0),
  'a buffer with a bound that is no number of things': (builder) =>
    builder
      .table('airports', strings)
      .suppress(Suppressed.untilTimeLimit('1s', { maxRecords: -1 }), { name: 'calm' }),
  'a retention less than size and grace': (builder) =>
    stream(builder)
      .groupByKey()
      .windowedBy(TumblingWindows.of('1h').grace('1h'))
      .count({ name: 'hourly', retention: '90m' }),
  'a retention less than twice the time difference and grace': (builder) =>
    stream(builder)
      .groupByKey()
      .windowedBy(SlidingWindows.of('10s'))
      .count({ name: 'recent', retention: '15s' }),
  'a retention less than gap and grace': (builder) =>
    stream(builder)
      .groupByKey()
      .windowedBy(SessionWindows.of('30m').grace('5m'))
      .count({ name: 'visits', retention: '30m' }),
  'lateness allowed where each update is handed on': (builder) =>
    stream(builder)
      .groupByKey()
      .windowedBy(TumblingWindows.of('1h'))
      .emitStrategy('onWindowUpdate', { allowedLateness: '1h' })
      .count({ name: 'hourly' }),
  'late records of cogrouped streams without windows': (builder) =>
    stream(builder)
      .groupByKey()
      .cogroup<string>((_, one, all) => all + one, { late: () => {} })
      .aggregate(() => '', { ...strings, name: 'all' }),
  'late records for a table without versions': (builder) =>
    stream(builder).join(builder.table('airports', strings), (one, other) => one + other, {
      name: 'named',
      late: () => {},
    }),
  'ids of duplicates without a serde': (builder) =>
    stream(builder).deduplicate({ within: '1m', id: (value) => value, name: 'once' }),
  'late duplicates of processing time': (builder) =>
    stream(builder).deduplicate({ within: '1m', time: 'processing', grace: '1m', name: 'once' }),
  'duplicates within no duration': (builder) => stream(builder).deduplicate({ within: -1, name: 'once' }),
  'a watermark that is no strategy': (builder) =>
    builder.stream('flights', { ...strings, name: 'source', watermark: (() => '5s') as never }),
  'a retention less than size, grace and allowed lateness': (builder) =>
    stream(builder)
      .groupByKey()
      .windowedBy(TumblingWindows.of('1h'))
      .emitStrategy('onWindowClose', { allowedLateness: '1h' })
      .count({ name: 'hourly', retention: '90m' }),
  'a retention that is no duration': (builder) =>
    stream(builder)
      .groupByKey()
      .windowedBy(TumblingWindows.of('1h'))
      .count({ name: 'hourly', retention: -1 }),
  'a window store for processors that keeps less than a window': (builder) => {
    builder.addStateStore(Stores.window('recent', { ...strings, windowSize: '1h', retention: '30m' }))
    stream(builder)
  },
  'a negative grace': () => TumblingWindows.of('1h').grace(-1),
  'a negative grace of hopping windows': () => HoppingWindows.of('1h').grace(-1),
  'a negative grace of sliding windows': () => SlidingWindows.of('1h').grace(-1),
  'a negative grace of sessions': () => SessionWindows.of('1h').grace(-1),
  'a window of no size': () => TumblingWindows.of(0),
  'a session without gap': () => SessionWindows.of(0),
  'a step larger than the window': () => HoppingWindows.of('1m').advanceBy('5m'),
  'a window of no records': () => CountWindows.of(0),
  'a step larger than the window of a count': () => CountWindows.of(2).advanceBy(3),
  'a negative time difference': () => SlidingWindows.of(-1),
  'a negative time difference of a join': () => JoinWindows.of(-1),
  'a negative grace of a join': () => JoinWindows.of('1m').grace(-1),
  'a join whose windows end before they begin': () => JoinWindows.of('1m').before('-2m'),
  'the top of none': () => Aggregators.topN({ n: 0, by: (value) => value, value: int64() }),
  'a distinct count of no precision': () => Aggregators.distinctCount(() => 1, { precision: 3 }),
  'quantiles off by more than they are': () => Aggregators.quantiles(() => 1, { relativeAccuracy: 2 }),
  'quantiles of one bin': () => Aggregators.quantiles(() => 1, { maxBins: 1 }),
  'an interval that ends before it begins': () => JoinInterval.between('5m', '1m'),
  'an interval of which nothing is left': () => JoinInterval.between('1m', '1m').upperExclusive(),
  'a start that is no timestamp': () => UnlimitedWindows.of().startOn(-1),
  'a negative time limit': () => Suppressed.untilTimeLimit(-1),
  'a duration that is no text of one': () => TumblingWindows.of('1 hour' as '1h'),
  'an offset reset by no duration': (builder) =>
    builder.stream('flights', { ...strings, name: 'flights', offsetReset: { byDuration: -1 } }),
}
