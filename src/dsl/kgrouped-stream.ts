import type { StreamAggregator } from '../aggregators/aggregator.js'
import type { DeepReadonly } from '../serdes/deep-readonly.js'
import type { Serde } from '../serdes/serde.js'
import type { CountWindows } from '../windows/count-windows.js'
import type { GlobalWindows } from '../windows/global-windows.js'
import type { SessionWindows } from '../windows/session-windows.js'
import type { SlidingWindows } from '../windows/sliding-windows.js'
import type { TimeWindows } from '../windows/time-windows.js'
import type { CogroupAggregator, CogroupedKStream } from './cogrouped-kstream.js'
import type { CountWindowedKStream } from './count-windowed-kstream.js'
import type { Aggregated, AggregateResult } from './functions.js'
import type { KnownSerde, Options, ValueSerdeFor } from './known-serdes.js'
import type { KTable } from './ktable.js'
import type { LateOption, RowStoreOptions } from './operator-options.js'
import type { SessionWindowedKStream } from './session-windowed-kstream.js'
import type { TimeWindowedKStream } from './time-windowed-kstream.js'
import type { TriggeredKStream } from './triggered-kstream.js'

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
   * const counts = clicks.groupByKey().count({ store: 'clicks-per-user' })
   * assert.deepEqual(results(counts), ['ann: 1', 'ann: 2', 'bob: 1', 'ann: 3'])
   * ```
   */
  count(options?: RowStoreOptions<K> & { readonly value?: Serde<number> | undefined }): KTable<K, number>

  /**
   * Combines the values of each key. The first value is taken as it is.
   *
   * @param reducer gets the value so far, which it must not change, and the record's value; null deletes the row.
   * @example
   * ```ts
   * const worst = flights
   *   .mapValues((flight) => flight.delay)
   *   .groupByKey({ value: int32() })
   *   .reduce((max, delay) => Math.max(max, delay), { store: 'worst-delay' })
   * assert.deepEqual(results(worst), ['SFO: 20', 'LGA: 0', 'SFO: 45', 'LGA: 5'])
   * ```
   */
  reduce<R extends AggregateResult<NonNullable<V>>>(
    reducer: (aggregate: DeepReadonly<NonNullable<V>>, value: NonNullable<V>) => R,
    ...options: Options<RowStoreOptions<K> & ValueSerdeFor<V, Known>>
  ): KTable<K, Aggregated<NonNullable<V>, R>>

  /**
   * Aggregates the values of each key, into any type.
   *
   * An aggregator of {@link Aggregators} brings the functions and the serde with it.
   *
   * @param initializer gives the aggregate of a key before its first record.
   * @param aggregator gets the aggregate so far, which it must not change; null deletes the row.
   * @example
   * ```ts
   * const totals = flights.groupByKey().aggregate(
   *   () => ({ flights: 0, delay: 0 }),
   *   (_, flight, sum) => ({ flights: sum.flights + 1, delay: sum.delay + flight.delay }),
   *   { store: 'totals', value: json() },
   * )
   * assert.equal(results(totals).at(-1), 'LGA: { flights: 2, delay: 5 }')
   * ```
   */
  aggregate<A, R extends AggregateResult<A>>(
    initializer: () => A,
    aggregator: (key: K, value: NonNullable<V>, aggregate: DeepReadonly<A>) => R,
    options: RowStoreOptions<K> & { readonly value: Serde<A> },
  ): KTable<K, Aggregated<A, R>>
  aggregate<A>(
    aggregator: StreamAggregator<NonNullable<V>, A>,
    options?: RowStoreOptions<K> & { readonly value?: Serde<A> | undefined },
  ): KTable<K, A>

  /**
   * Begins an aggregation of several grouped streams into one table; see {@link CogroupedKStream}.
   *
   * @param aggregator changes the aggregate by a record of this stream; null deletes the row.
   * @param options.late takes this stream's late records, where the aggregation is by windows.
   * @example
   * ```ts
   * const accounts = orders
   *   .groupByKey()
   *   .cogroup<Account>((_, sum, account) => ({ ...account, ordered: account.ordered + sum }))
   *   .aggregate(() => ({ ordered: 0, paid: 0 }), { store: 'accounts', value: json<Account>() })
   * assert.deepEqual(results(accounts), ['ann: { ordered: 30, paid: 0 }'])
   * ```
   */
  cogroup<A>(
    aggregator: CogroupAggregator<K, NonNullable<V>, A>,
    options?: LateOption<K, V, Known>,
  ): CogroupedKStream<K, A>

  /**
   * Groups by window as well: each aggregation has a row for each key and window. The windows are
   * {@link TumblingWindows}, {@link HoppingWindows}, {@link SlidingWindows}, {@link SessionWindows} or
   * {@link UnlimitedWindows}; or {@link CountWindows}, each of which is handed on when it is full, or
   * {@link GlobalWindows}, whose results a trigger hands on.
   *
   * @example
   * ```ts
   * const perHour = clicks.groupByKey().windowedBy(TumblingWindows.of('1h').grace('10m')).count()
   * assert.deepEqual(results(perHour), ['ann 0s-1h: 1', 'ann 0s-1h: 2', 'bob 0s-1h: 1', 'ann 1h-2h: 1'])
   * ```
   */
  windowedBy(windows: CountWindows): CountWindowedKStream<K, V, Known>
  windowedBy(windows: GlobalWindows): TriggeredKStream<K, V, Known>
  windowedBy(windows: SessionWindows): SessionWindowedKStream<K, V, Known>
  windowedBy(windows: TimeWindows | SlidingWindows): TimeWindowedKStream<K, V, Known>
}
