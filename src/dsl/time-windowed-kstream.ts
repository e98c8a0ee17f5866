import type { EmitStrategy } from '../../operators/final-emission.js'
import type { Trigger } from '../../operators/trigger.js'
import type { StreamAggregator } from '../aggregators/aggregator.js'
import type { DeepReadonly } from '../serdes/deep-readonly.js'
import type { Serde } from '../serdes/serde.js'
import type { Windowed } from '../windows/window.js'
import type { Aggregated, AggregateResult } from './functions.js'
import type { KnownSerde, Options, ValueSerdeFor } from './known-serdes.js'
import type { KTable } from './ktable.js'
import type { EmitOnCloseOptions, LateOption, WindowStoreOptions } from './operator-options.js'
import type { TriggeredKStream } from './triggered-kstream.js'

/**
 * Records grouped by key and window. Aggregating it gives a table with one row for each key and window. Records
 * without key, and records whose window is closed (`window end <= event time - grace`), are dropped and counted;
 * unlike in {@link KGroupedStream}, null values reach the functions. With {@link SlidingWindows}, whose end is part
 * of them, a window is closed when `window end < event time - grace`, and records without value are dropped.
 */
export interface TimeWindowedKStream<K, V, Known extends KnownSerde = KnownSerde> {
  /**
   * When rows are handed on: at every change of them (`onWindowUpdate`, the default), or once, when their window has
   * closed (`onWindowClose`, KIP-825), in order of the windows. Closed windows are looked for after a record, at most
   * once a second. The rows' places are kept in memory while their windows are open.
   *
   * Unlike in Kafka Streams no result is lost where event time jumps by more than the store's retention.
   *
   * @example
   * ```ts
   * const final = clicks
   *   .groupByKey()
   *   .windowedBy(TumblingWindows.of('30m'))
   *   .emitStrategy('onWindowClose')
   *   .count({ store: 'clicks' })
   * assert.deepEqual(results(final), ['ann 0s-30m: 2', 'bob 0s-30m: 1'])
   * ```
   */
  emitStrategy(strategy: EmitStrategy, options?: EmitOnCloseOptions): TimeWindowedKStream<K, V, Known>

  /**
   * Has a trigger say when results are handed on, instead of at every change or at the close: they are a stream of what
   * windows hold then. Windows take records until everything up to their end and grace has come, and are gone then.
   *
   * @example
   * ```ts
   * const visits = clicks
   *   .groupByKey()
   *   .windowedBy(TumblingWindows.of('30m'))
   *   .trigger(Triggers.eventTime())
   *   .count()
   * assert.deepEqual(results(visits), ['ann 0s-30m: 2', 'bob 0s-30m: 1'])
   * ```
   */
  trigger<S>(trigger: Trigger<V, S>): TriggeredKStream<K, V, Known>

  /**
   * How many records each key has in each window. A count is a 64-bit integer in the store.
   *
   * @example
   * ```ts
   * const perHour = clicks.groupByKey().windowedBy(TumblingWindows.of('1h')).count({ store: 'clicks-per-hour' })
   * assert.deepEqual(results(perHour), ['ann 0s-1h: 1', 'ann 0s-1h: 2', 'bob 0s-1h: 1', 'ann 1h-2h: 1'])
   * ```
   */
  count(
    options?: WindowStoreOptions<K> &
      LateOption<K, V, Known> & { readonly value?: Serde<number> | undefined },
  ): KTable<Windowed<K>, number>

  /**
   * Combines the values of each key and window. The first value is taken as it is.
   *
   * @param reducer gets the value so far, which it must not change, and the record's value; null deletes the row.
   * @example
   * ```ts
   * const worst = flights
   *   .mapValues((flight) => flight.delay)
   *   .groupByKey({ value: int32() })
   *   .windowedBy(TumblingWindows.of('1d'))
   *   .reduce((max, delay) => Math.max(max, delay))
   * assert.deepEqual(results(worst), ['SFO 0s-1d: 20', 'LGA 0s-1d: 0', 'SFO 0s-1d: 45', 'LGA 0s-1d: 5'])
   * ```
   */
  reduce<R extends AggregateResult<NonNullable<V>>>(
    reducer: (aggregate: DeepReadonly<NonNullable<V>>, value: V) => R,
    ...options: Options<WindowStoreOptions<K> & LateOption<K, V, Known> & ValueSerdeFor<V, Known>>
  ): KTable<Windowed<K>, Aggregated<NonNullable<V>, R>>

  /**
   * Aggregates the values of each key and window, into any type.
   *
   * An aggregator of {@link Aggregators} brings the functions and the serde with it.
   *
   * @param initializer gives the aggregate of a key and window before its first record.
   * @param aggregator gets the aggregate so far, which it must not change; null deletes the row.
   * @example
   * ```ts
   * const delays = flights
   *   .groupByKey()
   *   .windowedBy(TumblingWindows.of('1h').grace('10m'))
   *   .aggregate(
   *     () => 0,
   *     (_, flight, delay) => delay + flight.delay,
   *     { store: 'delays', value: int64() },
   *   )
   * assert.deepEqual(results(delays), ['SFO 0s-1h: 20', 'LGA 0s-1h: 0', 'SFO 0s-1h: 65', 'LGA 1h-2h: 5'])
   * ```
   */
  aggregate<A, R extends AggregateResult<A>>(
    initializer: () => A,
    aggregator: (key: K, value: V, aggregate: DeepReadonly<A>) => R,
    options: WindowStoreOptions<K> & LateOption<K, V, Known> & { readonly value: Serde<A> },
  ): KTable<Windowed<K>, Aggregated<A, R>>
  aggregate<A>(
    aggregator: StreamAggregator<NonNullable<V>, A>,
    options?: WindowStoreOptions<K> & LateOption<K, V, Known> & { readonly value?: Serde<A> | undefined },
  ): KTable<Windowed<K>, A>
}
