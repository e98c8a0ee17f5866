import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { int64 } from '../../../src/serdes/int64.js'
import { string } from '../../../src/serdes/string.js'
import { type Catalogue, nullableTexts, numbers, textStream, texts } from './inputs.js'
import { firstCharacter, parseLong, required, split } from './java.js'

const textTable = (builder: StreamsBuilder) => builder.table<string, string>('in', { ...texts, store: 'tbl' })
const numberTable = (builder: StreamsBuilder) =>
  builder.table<string, number>('in', { ...numbers, store: 'tbl' })

/** Tables: sources, filters, mapped values. */
export const ktable: Catalogue = {
  ktable_aggregate_filter_downstream: (b) =>
    textStream(b)
      .groupByKey()
      .count({ store: 'cnt' })
      .filter((_, count) => count % 2 === 0)
      .toStream()
      .to('out'),
  ktable_filter_mapvalues_chain: (b) =>
    numberTable(b)
      .mapValues((value) => value * 10)
      .filter((_, value) => value >= 50)
      .mapValues((value) => `v${value}`, { store: 'fin', value: string() })
      .toStream()
      .to('out'),
  ktable_filter_materialized: (b) =>
    numberTable(b)
      .filter((_, value) => value > 10, { store: 'flt' })
      .toStream()
      .to('out'),
  ktable_filter_not_materialized: (b) => {
    const table = numberTable(b)
    table
      .filter((_, value) => value > 10)
      .toStream()
      .to('out')
    table
      .filterNot((_, value) => value > 10)
      .toStream()
      .to('out-not')
  },
  ktable_filter_unmaterialized_source: (b) =>
    b
      .table<string, number>('in', numbers)
      .filter((_, value) => value > 10)
      .toStream()
      .to('out'),
  ktable_mapvalues: (b) => {
    const table = textTable(b)
    table
      .mapValues((value, key) => key + value)
      .toStream()
      .to('out1', texts)
    table
      .mapValues((value) => `${value}!`, { store: 'mv', value: string() })
      .toStream()
      .to('out2')
  },
  ktable_source: (b) => textTable(b).toStream().to('out'),
  ktable_tostream_keymapper: (b) =>
    textTable(b)
      .toStream((key, value) => `${key}/${value}`)
      .to('out', texts),
  ktable_totable: (b) => nullableTexts(b).toTable({ store: 'tt' }).toStream().to('out'),
  ktable_totable_after_selectkey: (b) =>
    nullableTexts(b)
      .selectKey((key, value) => (value === null ? key : firstCharacter(value)))
      .toTable({ store: 'tt', key: string() })
      .toStream()
      .to('out'),
  ktable_transformvalues: (b) =>
    textTable(b)
      .transformValues<string>(() => ({ transform: (key, value) => `${key}=${value}` }))
      .toStream()
      .to('out', texts),
}

/** The group and the amount of a value `group|amount`. */
const parts = (value: string): readonly [group: string, amount: string] => {
  const [group, amount] = split(value, '|')
  return [required(group), required(amount)]
}

/** The group alone: a value may have no amount. */
const groupOf = (value: string): string => required(split(value, '|')[0])

const amounts = { name: 'g', key: string(), value: int64() }
const sums = { store: 'sum', value: int64() }

/** Sums of the amounts of each group. */
const sumsByGroup = (builder: StreamsBuilder) =>
  textTable(builder)
    .groupBy((_, value) => [parts(value)[0], parseLong(parts(value)[1])], amounts)
    .aggregate(
      () => 0,
      (_, amount, sum) => sum + amount,
      (_, amount, sum) => sum - amount,
      sums,
    )
    .toStream()
    .to('out')

/** Aggregates of tables by group. */
export const ktableGroupBy: Catalogue = {
  ktable_filter_then_groupby: (b) =>
    numberTable(b)
      .filter((_, value) => value > 10)
      .groupBy((_, value) => ['all', value], amounts)
      .aggregate(
        () => 0,
        (_, value, sum) => sum + value,
        (_, value, sum) => sum - value,
        sums,
      )
      .toStream()
      .to('out'),
  ktable_groupby_adder_null: (b) =>
    numberTable(b)
      .groupBy((_, value) => ['g', value], amounts)
      .aggregate(
        () => 0,
        (_, value, sum) => sum + value,
        (_, value, sum) => (sum - value === 0 ? null : sum - value),
        sums,
      )
      .toStream()
      .to('out'),
  ktable_groupby_aggregate: sumsByGroup,
  ktable_groupby_count_reduce: (b) => {
    const table = textTable(b)
    table
      .groupBy((_, value) => [groupOf(value), value], { name: 'gc-rp', ...texts })
      .count({ store: 'gc' })
      .toStream()
      .to('out-count')
    table
      .groupBy((_, value) => [parts(value)[0], parseLong(parts(value)[1])], { name: 'gr-rp', ...numbers })
      .reduce(
        (sum, amount) => sum + amount,
        (sum, amount) => sum - amount,
        { store: 'gr' },
      )
      .toStream()
      .to('out-reduce')
  },
  ktable_groupby_null_group: (b) =>
    textTable(b)
      .groupBy((_, value) => [parts(value)[0] || null, parseLong(parts(value)[1])], amounts)
      .aggregate(
        () => 0,
        (_, amount, sum) => sum + amount,
        (_, amount, sum) => sum - amount,
        sums,
      )
      .toStream()
      .to('out'),
  ktable_groupby_order_trace: (b) =>
    textTable(b)
      .groupBy((_, value) => parts(value), { name: 'g', ...texts })
      .aggregate(
        () => 'I',
        (_, amount, trace) => `${trace}+${amount}`,
        (_, amount, trace) => `${trace}-${amount}`,
        { store: 'trace', value: string() },
      )
      .toStream()
      .to('out'),
  rand_ktable_groupby_aggregate: sumsByGroup,
}
