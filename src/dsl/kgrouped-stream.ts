import type { DeepReadonly } from '../serdes/deep-readonly.js'
import type { Serde } from '../serdes/serde.js'
import type { SessionWindows } from '../windows/session-windows.js'
import type { SlidingWindows } from '../windows/sliding-windows.js'
import type { TimeWindows } from '../windows/time-windows.js'
import type { CogroupAggregator, CogroupedKStream } from './cogrouped-kstream.js'
import type { Aggregated, AggregateResult } from './functions.js'
import type { KnownSerde, Options, ValueSerdeFor } from './known-serdes.js'
import type { KTable } from './ktable.js'
import type { StoreOptions } from './operator-options.js'
import type { SessionWindowedKStream } from './session-windowed-kstream.js'
import type { TimeWindowedKStream } from './time-windowed-kstream.js'

/**
 * Records grouped by key. Aggregating it gives a table with one row a key; records without key or value are
 * dropped. The result's timestamp is the greatest of the records in it.
 */
export interface KGroupedStream<K, V, Known extends KnownSerde = KnownSerde> {
  /**
   * How many records each key has. A count is a 64-bit integer in the store.
   *
   * @example
   * ```ts
   * flights.groupByKey().count({ store: 'flights-per-airport' })
   * ```
   */
  count(options?: StoreOptions<K> & { readonly value?: Serde<number> | undefined }): KTable<K, number>

  /**
   * Combines the values of each key. The first value is taken as it is.
   *
   * @param reducer gets the value so far, which it must not change, and the record's value; null deletes the row.
   * @example
   * ```ts
   * delays.groupByKey().reduce((max, delay) => Math.max(max, delay))
   * ```
   */
  reduce<R extends AggregateResult<NonNullable<V>>>(
    reducer: (aggregate: DeepReadonly<NonNullable<V>>, value: NonNullable<V>) => R,
    ...options: Options<StoreOptions<K> & ValueSerdeFor<V, Known>>
  ): KTable<K, Aggregated<NonNullable<V>, R>>

  /**
   * Aggregates the values of each key, into any type.
   *
   * @param initializer gives the aggregate of a key before its first record.
   * @param aggregator gets the aggregate so far, which it must not change; null deletes the row.
   * @example
   * ```ts
   * flights.groupByKey().aggregate(
   *   () => ({ flights: 0, delay: 0 }),
   *   (_, flight, sum) => ({ flights: sum.flights + 1, delay: sum.delay + flight.delay }),
   *   { store: 'delays', value: json() },
   * )
   * ```
   */
  aggregate<A, R extends AggregateResult<A>>(
    initializer: () => A,
    aggregator: (key: K, value: NonNullable<V>, aggregate: DeepReadonly<A>) => R,
    options: StoreOptions<K> & { readonly value: Serde<A> },
  ): KTable<K, Aggregated<A, R>>

  /**
   * Begins an aggregation of several grouped streams into one table; see {@link CogroupedKStream}.
   *
   * @param aggregator changes the aggregate by a record of this stream; null deletes the row.
   */
  cogroup<A>(aggregator: CogroupAggregator<K, NonNullable<V>, A>): CogroupedKStream<K, A>

  /**
   * Groups by window as well: each aggregation has a row for each key and window. The windows are
   * {@link TumblingWindows}, {@link HoppingWindows}, {@link SlidingWindows}, {@link SessionWindows} or
   * {@link UnlimitedWindows}.
   *
   * @example
   * ```ts
   * flights.groupByKey().windowedBy(TumblingWindows.of('1h').grace('10m')).count()
   * ```
   */
  windowedBy(windows: SessionWindows): SessionWindowedKStream<K, V, Known>
  windowedBy(windows: TimeWindows | SlidingWindows): TimeWindowedKStream<K, V, Known>
}
