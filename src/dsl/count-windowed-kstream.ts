import type { StreamAggregator } from '../aggregators/aggregator.js'
import type { DeepReadonly } from '../serdes/deep-readonly.js'
import type { Serde } from '../serdes/serde.js'
import type { Aggregated, AggregateResult } from './functions.js'
import type { KnownSerde, Options, ValueSerdeFor } from './known-serdes.js'
import type { KStream } from './kstream.js'
import type { StoreOptions } from './operator-options.js'

/** How an aggregation by count keeps its state. A window is handed on when it is full: there is nothing to cache. */
export type CountWindowStoreOptions<K> = Omit<StoreOptions<K>, 'caching'>

/**
 * Records grouped by key and counted into windows, see {@link CountWindows}. Aggregating it gives a stream: of each window
 * one record, when its last one is there, with the greatest timestamp of its records and the headers of the last. Records
 * without key or value are dropped, and not counted.
 */
export interface CountWindowedKStream<K, V, Known extends KnownSerde = KnownSerde> {
  /**
   * Combines the values of each window. The first value is taken as it is.
   *
   * @param reducer gets the value so far, which it must not change; null: the window begins anew with the next record,
   * and one that ends so has no result.
   * @example
   * ```ts
   * const paths = clicks.groupByKey().windowedBy(CountWindows.of(2)).reduce((path, page) => `${path}, ${page}`)
   * assert.deepEqual(results(paths), ['ann: home, cart'])
   * ```
   */
  reduce<R extends AggregateResult<NonNullable<V>>>(
    reducer: (aggregate: DeepReadonly<NonNullable<V>>, value: NonNullable<V>) => R,
    ...options: Options<CountWindowStoreOptions<K> & ValueSerdeFor<V, Known>>
  ): KStream<K, NonNullable<V>>

  /**
   * Aggregates the values of each window, into any type.
   *
   * An aggregator of {@link Aggregators} brings the functions and the serde with it.
   *
   * @param initializer gives the aggregate of a window before its first record.
   * @param aggregator gets the aggregate so far, which it must not change; null: the window begins anew with the next
   * record, and one that ends so has no result.
   * @example
   * ```ts
   * const worst = flights
   *   .groupByKey()
   *   .windowedBy(CountWindows.of(2).advanceBy(1))
   *   .aggregate(
   *     () => 0,
   *     (_, flight, max) => Math.max(max, flight.delay),
   *     { store: 'worst-of-two', value: int32() },
   *   )
   * assert.deepEqual(results(worst), ['SFO: 20', 'LGA: 0', 'SFO: 45', 'LGA: 5'])
   * ```
   */
  aggregate<A, R extends AggregateResult<A>>(
    initializer: () => A,
    aggregator: (key: K, value: NonNullable<V>, aggregate: DeepReadonly<A>) => R,
    options: CountWindowStoreOptions<K> & { readonly value: Serde<A> },
  ): KStream<K, Exclude<Aggregated<A, R>, null>>
  aggregate<A>(
    aggregator: StreamAggregator<NonNullable<V>, A>,
    options?: CountWindowStoreOptions<K> & { readonly value?: Serde<A> | undefined },
  ): KStream<K, A>
}
