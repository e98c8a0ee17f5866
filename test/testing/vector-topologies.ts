import type { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { int64 } from '../../src/serdes/int64.js'
import { string } from '../../src/serdes/string.js'
import {
  logAndSkipOnInvalidTimestamp,
  usePartitionTimeOnInvalidTimestamp,
} from '../../src/time/timestamp-policies.js'
import { TumblingWindows } from '../../src/windows/tumbling-windows.js'

const texts = { key: string(), value: string() }
const numbers = { key: string(), value: int64() }

const textStream = (builder: StreamsBuilder, topic = 'in') => builder.stream<string, string>(topic, texts)
const numberStream = (builder: StreamsBuilder, topic = 'in') => builder.stream<string, number>(topic, numbers)
const nullableTexts = (builder: StreamsBuilder, topic = 'in') =>
  builder.stream<string | null, string | null>(topic, texts)
const nullableNumbers = (builder: StreamsBuilder) =>
  builder.stream<string | null, number | null>('in', numbers)

/** Counts per window of 10 ms, of texts by key. */
const windowedCounts = (
  builder: StreamsBuilder,
  options: { grace?: number; topic?: string; store?: string } = {},
) =>
  textStream(builder, options.topic)
    .groupByKey()
    .windowedBy(TumblingWindows.of(10).grace(options.grace ?? 0))
    .count({ store: options.store ?? 'w' })

/** The topologies of the vectors, each as its `javaTopology` has it. */
export const vectorTopologies: Record<string, (builder: StreamsBuilder) => void> = {
  agg_aggregate_concat: (b) =>
    nullableNumbers(b)
      .groupByKey()
      .aggregate(
        () => 'I',
        (_, value, all) => `${all}+${value}`,
        { store: 'agg', value: string() },
      )
      .toStream()
      .to('out'),
  agg_aggregate_null_result: (b) =>
    numberStream(b)
      .groupByKey()
      .aggregate(
        () => 0,
        (_, value, sum) => (value < 0 ? null : sum + value),
        { store: 'agg', value: int64() },
      )
      .toStream()
      .to('out'),
  agg_count_groupby: (b) =>
    nullableTexts(b)
      .groupBy((_, value) => value?.slice(0, 1) ?? null, { name: 'g', key: string() })
      .count({ store: 'cnt' })
      .toStream()
      .to('out'),
  agg_count_groupbykey: (b) => textStream(b).groupByKey().count({ store: 'cnt' }).toStream().to('out'),
  agg_count_tostream_selectkey_count: (b) =>
    textStream(b)
      .groupByKey()
      .count({ store: 'c1' })
      .toStream()
      .selectKey((_, count) => `n${count}`)
      .groupByKey({ name: 'g2', key: string() })
      .count({ store: 'c2' })
      .toStream()
      .to('out'),
  agg_merge_two_topics_count: (b) =>
    textStream(b, 'in1')
      .merge(textStream(b, 'in2'))
      .groupByKey()
      .count({ store: 'cnt' })
      .toStream()
      .to('out'),
  agg_reduce_concat: (b) =>
    textStream(b)
      .groupByKey()
      .reduce((all, value) => `${all},${value}`, { store: 'red' })
      .toStream()
      .to('out'),
  agg_reduce_null_result: (b) =>
    textStream(b)
      .groupByKey()
      .reduce((all, value) => (value === 'del' ? null : `${all},${value}`), { store: 'red' })
      .toStream()
      .to('out'),
  deser_log_and_fail: (b) => numberStream(b).to('out'),
  headers_repartition_count: (b) =>
    textStream(b)
      .groupBy((_, value) => value, { name: 'g', key: string() })
      .count({ store: 'cnt' })
      .toStream()
      .to('out'),
  headers_stateless: (b) =>
    textStream(b)
      .filter((_, value) => value !== 'drop')
      .mapValues((value) => `${value}!`)
      .selectKey((key) => key + key)
      .flatMapValues((value) => [value, value])
      .to('out', texts),
  rand_tumbling_count: (b) => windowedCounts(b, { grace: 7 }).toStream().to('out'),
  repartition_explicit: (b) =>
    nullableTexts(b)
      .selectKey((_, value) => value)
      .repartition({ name: 'rp', ...texts })
      .to('out'),
  repartition_null_key_then_count: (b) =>
    nullableTexts(b)
      .selectKey((_, value) => value)
      .groupByKey({ name: 'g', key: string() })
      .count({ store: 'cnt' })
      .toStream()
      .to('out'),
  repartition_to_and_back: (b) => {
    textStream(b)
      .mapValues((value) => `${value}!`)
      .to('mid', texts)
    textStream(b, 'mid')
      .mapValues((value) => `${value}?`)
      .to('out', texts)
  },
  stateless_depth_first_order: (b) => {
    const all = textStream(b)
    all.mapValues((value) => `${value}1`).to('out', texts)
    const flat = all.flatMapValues((value) => [`${value}2`, `${value}3`])
    flat.mapValues((value) => `${value}x`).to('out', texts)
    flat.mapValues((value) => `${value}y`).to('out', texts)
    all.merge(all.mapValues((value) => `${value}m`)).to('out', texts)
  },
  stateless_dynamic_topic: (b) =>
    textStream(b).to((key) => (key === 'a' || key === 'b' ? `out-${key}` : 'out-other')),
  stateless_filter_filternot: (b) => {
    const all = nullableNumbers(b)
    all.filter((_, value) => value !== null && value > 10).to('out-big')
    all.filterNot((_, value) => value !== null && value > 10).to('out-rest')
  },
  stateless_flatmap: (b) =>
    nullableTexts(b)
      .flatMap((_, value) => partsOf(value).map((part): [string, number] => [part, part.length]))
      .to('out', numbers),
  stateless_flatmapvalues: (b) => nullableTexts(b).flatMapValues(partsOf).to('out', texts),
  stateless_map: (b) =>
    nullableTexts(b)
      .map((key, value) => [value, key])
      .to('out', texts),
  stateless_mapvalues: (b) => {
    const all = nullableNumbers(b)
    all.mapValues((value) => (value === null ? -1 : value * 2)).to('out1', numbers)
    all.mapValues((value, key) => `${key}:${value}`).to('out2', texts)
  },
  stateless_merge: (b) => nullableTexts(b, 'in1').merge(nullableTexts(b, 'in2')).to('out'),
  stateless_selectkey: (b) =>
    nullableTexts(b)
      .selectKey((_, value) => value)
      .to('out', texts),
  stateless_split_branch: (b) => {
    const branches = nullableNumbers(b)
      .split({ name: 'br-' })
      .branch((_, value) => value !== null && value > 100, { name: 'big' })
      .branch((_, value) => value !== null && value > 10, { name: 'mid' })
      .defaultBranch({ name: 'rest' })
    branches.big.to('out-big')
    branches.mid.to('out-mid')
    branches.rest.to('out-rest')
  },
  stateless_split_no_default: (b) => {
    const branches = numberStream(b)
      .split({ name: 'br-' })
      .branch((_, value) => value % 2 === 0, { name: 'even' })
      .branch((_, value) => value > 0, { name: 'pos' })
      .noDefaultBranch()
    branches.even.to('out-even')
    branches.pos.to('out-pos')
  },
  streamtime_all_late: (b) =>
    windowedCounts(b)
      .toStream()
      .filter(({ key }) => key !== 'clock')
      .to('out'),
  streamtime_filtered_records_do_not_count: (b) =>
    textStream(b)
      .filter((_, value) => value !== 'skip')
      .groupByKey()
      .windowedBy(TumblingWindows.of(10))
      .count({ store: 'w' })
      .toStream()
      .to('out'),
  streamtime_merged_topics: (b) =>
    textStream(b, 'in1')
      .merge(textStream(b, 'in2'))
      .groupByKey()
      .windowedBy(TumblingWindows.of(10).grace(2))
      .count({ store: 'w' })
      .toStream()
      .to('out'),
  streamtime_per_operator: (b) => {
    windowedCounts(b, { topic: 'in1', store: 'w1' }).toStream().to('out1')
    windowedCounts(b, { topic: 'in2', store: 'w2' }).toStream().to('out2')
  },
  ts_extractor_embedded: (b) => {
    const all = b.stream<string, string | null>('in', {
      ...texts,
      timestamp: ({ value, timestamp }) => (value?.includes('@') ? Number(value.split('@')[1]) : timestamp),
    })
    all.to('out')
    all.groupByKey().windowedBy(TumblingWindows.of(10)).count({ store: 'w' }).toStream().to('out-w')
  },
  ts_extractor_negative_dropped: (b) =>
    b
      .stream<string, string>('in', { ...texts, timestamp: ({ value }) => Number(value.split('@')[1]) })
      .groupByKey()
      .count({ store: 'cnt' })
      .toStream()
      .to('out'),
  ts_fail_on_invalid: (b) => textStream(b).to('out'),
  ts_log_and_skip_negative_record_ts: (b) =>
    b.stream('in', { ...texts, timestamp: logAndSkipOnInvalidTimestamp() }).to('out'),
  ts_use_partition_time: (b) =>
    b.stream('in', { ...texts, timestamp: usePartitionTimeOnInvalidTimestamp() }).to('out'),
  tumbling_aggregate_null_result: (b) =>
    textStream(b)
      .groupByKey()
      .windowedBy(TumblingWindows.of(10).grace(100))
      .aggregate(
        () => 'I',
        (_, value, all) => (value === 'del' ? null : `${all}+${value}`),
        { store: 'w', value: string() },
      )
      .toStream()
      .to('out'),
  tumbling_count_grace: (b) => windowedCounts(b, { grace: 5 }).toStream().to('out'),
  tumbling_count_grace0: (b) => windowedCounts(b).toStream().to('out'),
  tumbling_groupby_repartition: (b) =>
    textStream(b)
      .groupBy((_, value) => value, { name: 'g', key: string() })
      .windowedBy(TumblingWindows.of(10).grace(5))
      .count({ store: 'w' })
      .toStream()
      .to('out'),
  tumbling_nulls: (b) => {
    const windows = textStream(b).groupByKey().windowedBy(TumblingWindows.of(10))
    windows.count({ store: 'w' }).toStream().to('out-count')
    windows
      .reduce((all, value) => `${all},${value}`, { store: 'r' })
      .toStream()
      .to('out-reduce')
  },
  tumbling_reduce: (b) =>
    textStream(b)
      .groupByKey()
      .windowedBy(TumblingWindows.of(10).grace(100))
      .reduce((all, value) => `${all},${value}`, { store: 'w' })
      .toStream()
      .to('out'),
  tumbling_retention: (b) =>
    textStream(b)
      .groupByKey()
      .windowedBy(TumblingWindows.of(10))
      .count({ store: 'w', retention: 30 })
      .toStream()
      .to('out'),
}

const partsOf = (value: string | null): string[] => (value === null || value === '' ? [] : value.split(','))
