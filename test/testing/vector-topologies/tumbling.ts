import { int64 } from '../../../src/serdes/int64.js'
import { string } from '../../../src/serdes/string.js'
import { TumblingWindows } from '../../../src/windows/tumbling-windows.js'
import { type Catalogue, textStream, windowedCounts } from './inputs.js'
import { required } from './java.js'

/** Tumbling windows. */
export const tumbling: Catalogue = {
  rand_tumbling_count: (b) => windowedCounts(b, { grace: 7 }).toStream().to('out'),
  tumbling_aggregate_null_result: (b) =>
    textStream(b)
      .groupByKey()
      .windowedBy(TumblingWindows.of(10).grace(100))
      .aggregate(
        () => 'I',
        (_, value, all) => (required(value) === 'del' ? null : `${all}+${value}`),
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
  tumbling_filter_on_windowed_table: (b) =>
    windowedCounts(b, { grace: 10 })
      .filter((_, count) => count >= 2)
      .mapValues((count) => count * 100)
      .toStream()
      .to('out', { value: int64() }),
}
