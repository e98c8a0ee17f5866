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
import type { TriggeredSessionKStream } from './triggered-kstream.js'

/**
 * Records grouped by key and session. Aggregating it gives a table with one row for each key and session, keyed by
 * the session's first and last timestamp, both included. A record that prolongs or joins sessions deletes their rows
 * and makes one row of them. Records without key, and those whose session is closed (`session end < event time -
 * grace - gap`), are dropped and counted; null values reach the functions.
 */
export interface SessionWindowedKStream<K, V, Known extends KnownSerde = KnownSerde> {
  /**
   * When rows are handed on: at every change of them (`onWindowUpdate`, the default), or once, when their window has
   * closed (`onWindowClose`, KIP-825), in order of the windows. Closed windows are looked for after a record, at most
   * once a second. The rows' places are kept in memory while their windows are open.
   *
   * Unlike in Kafka Streams no result is lost where event time jumps by more than the store's retention.
   *
   * @example
   * ```ts
   * const visits = clicks
   *   .groupByKey()
   *   .windowedBy(SessionWindows.of('15m'))
   *   .emitStrategy('onWindowClose')
   *   .count({ store: 'visits' })
   * assert.deepEqual(results(visits), ['ann 0s-5m: 2', 'bob 20m-20m: 1'])
   * ```
   */
  emitStrategy(strategy: EmitStrategy, options?: EmitOnCloseOptions): SessionWindowedKStream<K, V, Known>

  /**
   * Has a trigger say when results are handed on, instead of at every change or at the close: they are a stream of what
   * windows hold then. Windows take records until everything up to their end and grace has come, and are gone then.
   *
   * @example
   * ```ts
   * const visits = clicks
   *   .groupByKey()
   *   .windowedBy(SessionWindows.of('15m'))
   *   .trigger(Triggers.eventTime())
   *   .count()
   * assert.deepEqual(results(visits), ['ann 0s-5m: 2', 'bob 20m-20m: 1'])
   * ```
   */
  trigger<S>(trigger: Trigger<V, S>): TriggeredSessionKStream<K, V, Known>

  /**
   * How many records each session has. A count is a 64-bit integer in the store.
   *
   * @example
   * ```ts
   * const visits = clicks.groupByKey().windowedBy(SessionWindows.of('30m')).count({ store: 'visits' })
   * assert.deepEqual(results(visits), [
   *   'ann 0s-0s: 1', 'ann 0s-0s: null', 'ann 0s-5m: 2', 'bob 20m-20m: 1', 'ann 1h-1h: 1',
   * ])
   * ```
   */
  count(
    options?: WindowStoreOptions<K> &
      LateOption<K, V, Known> & { readonly value?: Serde<number> | undefined },
  ): KTable<Windowed<K>, number>

  /**
   * Combines the values of each session. The first value is taken as it is; aggregates of sessions that become one
   * are combined by the same function.
   *
   * @param reducer gets the value so far, which it must not change, and the next one; null deletes the row.
   * @example
   * ```ts
   * const paths = clicks
   *   .groupByKey()
   *   .windowedBy(SessionWindows.of('30m'))
   *   .reduce((path, page) => `${path}, ${page}`)
   * assert.equal(results(paths)[2], 'ann 0s-5m: home, cart')
   * ```
   */
  reduce<R extends AggregateResult<NonNullable<V>>>(
    reducer: (aggregate: DeepReadonly<NonNullable<V>>, value: V) => R,
    ...options: Options<WindowStoreOptions<K> & LateOption<K, V, Known> & ValueSerdeFor<V, Known>>
  ): KTable<Windowed<K>, Aggregated<NonNullable<V>, R>>

  /**
   * Aggregates the values of each session, into any type.
   *
   * An aggregator of {@link Aggregators} brings the functions and the serde with it.
   *
   * @param initializer gives the aggregate before the first record.
   * @param aggregator gets the aggregate so far, which it must not change; null deletes the row.
   * @param merger makes one aggregate of two, that of the session that ends earlier first. It begins with what the
   * initializer gives, and runs before the aggregator sees the record.
   * @example
   * ```ts
   * const letters = clicks
   *   .groupByKey()
   *   .windowedBy(SessionWindows.of('30m').grace('5m'))
   *   .aggregate(
   *     () => 0,
   *     (_, page, letters) => letters + page.length,
   *     (_, left, right) => left + right,
   *     { store: 'letters', value: int64() },
   *   )
   * assert.equal(results(letters)[2], 'ann 0s-5m: 8')
   * ```
   */
  aggregate<A, R extends AggregateResult<A>>(
    initializer: () => A,
    aggregator: (key: K, value: V, aggregate: DeepReadonly<A>) => R,
    merger: (key: K, left: DeepReadonly<A>, right: DeepReadonly<A>) => AggregateResult<A>,
    options: WindowStoreOptions<K> & LateOption<K, V, Known> & { readonly value: Serde<A> },
  ): KTable<Windowed<K>, Aggregated<A, R>>
  aggregate<A>(
    aggregator: StreamAggregator<NonNullable<V>, A>,
    options?: WindowStoreOptions<K> & LateOption<K, V, Known> & { readonly value?: Serde<A> | undefined },
  ): KTable<Windowed<K>, A>
}
