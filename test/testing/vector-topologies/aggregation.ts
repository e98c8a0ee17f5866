import { int64 } from '../../../src/serdes/int64.js'
import { string } from '../../../src/serdes/string.js'
import { type Catalogue, nullableNumbers, nullableTexts, numberStream, textStream } from './inputs.js'
import { firstCharacter } from './java.js'

/** Aggregates by key. */
export const aggregation: Catalogue = {
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
      .groupBy((_, value) => (value === null ? null : firstCharacter(value)), { name: 'g', key: string() })
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
}
