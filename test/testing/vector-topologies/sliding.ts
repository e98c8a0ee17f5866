import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { string } from '../../../src/serdes/string.js'
import { SlidingWindows } from '../../../src/windows/sliding-windows.js'
import { type Catalogue, nullableTexts, textStream } from './inputs.js'

/** Texts by key and sliding window, of 10 ms if not said otherwise. */
const windows = (builder: StreamsBuilder, grace: number, timeDifference = 10) =>
  textStream(builder).groupByKey().windowedBy(SlidingWindows.of(timeDifference).grace(grace))

/** Counts of records. */
const counted =
  (grace: number, timeDifference?: number): Catalogue[string] =>
  (builder) =>
    windows(builder, grace, timeDifference).count({ store: 'w' }).toStream().to('out')

/** Texts put together by a reducer. */
const reduced =
  (grace: number, timeDifference?: number): Catalogue[string] =>
  (builder) =>
    windows(builder, grace, timeDifference)
      .reduce((all, value) => all + value, { store: 'w' })
      .toStream()
      .to('out')

/** Texts put together, from an empty one on. */
const aggregated =
  (grace: number): Catalogue[string] =>
  (builder) =>
    windows(builder, grace)
      .aggregate(
        () => '',
        (_, value, all) => all + value,
        { store: 'w', value: string() },
      )
      .toStream()
      .to('out')

/** Sliding windows. */
export const sliding: Catalogue = {
  rand_sliding_count: counted(15),
  rand_sliding_reduce_large_grace: reduced(200, 15),
  sliding_aggregate_null_result: (b) =>
    windows(b, 100)
      .aggregate(
        () => 'I',
        (_, value, all) => (value === 'del' ? null : all + value),
        { store: 'w', value: string() },
      )
      .toStream()
      .to('out'),
  sliding_count_inorder: counted(100),
  sliding_early_records: aggregated(100),
  sliding_early_records_reverse: aggregated(100),
  sliding_expired_previous_window: aggregated(0),
  sliding_grace_partial: aggregated(5),
  sliding_identical_ts: counted(100),
  sliding_late_drop_grace0: aggregated(0),
  sliding_nulls: (b) =>
    nullableTexts(b)
      .groupByKey()
      .windowedBy(SlidingWindows.of(10))
      .count({ store: 'w' })
      .toStream()
      .to('out'),
  sliding_out_of_order: reduced(100),
  sliding_out_of_order_right_window: aggregated(200),
  sliding_reverse_order: aggregated(200),
  sliding_two_keys_large_gap: counted(1000, 5),
  sliding_zero_time_difference: counted(100, 0),
}
