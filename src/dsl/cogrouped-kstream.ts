import type { EmitStrategy } from '../../operators/final-emission.js'
import type { DeepReadonly } from '../serdes/deep-readonly.js'
import type { Serde } from '../serdes/serde.js'
import type { SessionWindows } from '../windows/session-windows.js'
import type { SlidingWindows } from '../windows/sliding-windows.js'
import type { TimeWindows } from '../windows/time-windows.js'
import type { Windowed } from '../windows/window.js'
import type { AggregateResult } from './functions.js'
import type { KGroupedStream } from './kgrouped-stream.js'
import type { KnownSerde } from './known-serdes.js'
import type { KTable } from './ktable.js'
import type { EmitOnCloseOptions, LateOption, StoreOptions, WindowStoreOptions } from './operator-options.js'

/** How records of one stream change the aggregate of their key; null deletes the row. */
export type CogroupAggregator<K, V, A> = (key: K, value: V, aggregate: DeepReadonly<A>) => AggregateResult<A>

/**
 * Several grouped streams that are aggregated together, into one table, each by its own function (KIP-150). All have
 * one key type; the aggregate is one for all.
 */
export interface CogroupedKStream<K, A> {
  /**
   * Adds a stream.
   *
   * @param options.late takes this stream's late records, where the aggregation is by windows.
   * @example
   * ```ts
   * const accounts = orders
   *   .groupByKey()
   *   .cogroup<Account>((_, sum, account) => ({ ...account, ordered: account.ordered + sum }))
   *   .cogroup(payments.groupByKey(), (_, sum, account) => ({ ...account, paid: account.paid + sum }))
   *   .aggregate(() => ({ ordered: 0, paid: 0 }), { store: 'accounts', value: json<Account>() })
   * assert.deepEqual(results(accounts), ['ann: { ordered: 30, paid: 0 }', 'ann: { ordered: 30, paid: 10 }'])
   * ```
   */
  cogroup<V, Known extends KnownSerde = KnownSerde>(
    stream: KGroupedStream<K, V, Known>,
    aggregator: CogroupAggregator<K, V, A>,
    options?: LateOption<K, V, Known>,
  ): CogroupedKStream<K, A>

  /**
   * Groups by session as well.
   *
   * @example
   * ```ts
   * const actions = clicks
   *   .groupByKey()
   *   .cogroup<number>((_, __, actions) => actions + 1)
   *   .cogroup(orders.groupByKey(), (_, __, actions) => actions + 10)
   *   .windowedBy(TumblingWindows.of('1h'))
   *   .aggregate(() => 0, { store: 'actions', value: int32() })
   * assert.deepEqual(results(actions).slice(0, 3), ['ann 0s-1h: 1', 'ann 0s-1h: 11', 'ann 0s-1h: 12'])
   * ```
   */
  windowedBy(windows: SessionWindows): SessionWindowedCogroupedKStream<K, A>
  /**
   * Groups by window as well. In stream time every stream has its own for what is late, as in Kafka Streams, unless results
   * are handed on at the close of windows; with watermarks a window is open until all streams are past it.
   */
  windowedBy(windows: TimeWindows | SlidingWindows): TimeWindowedCogroupedKStream<K, A>

  /**
   * Aggregates all streams.
   *
   * @param initializer gives the aggregate of a key before its first record.
   * @example
   * ```ts
   * const accounts = orders
   *   .groupByKey()
   *   .cogroup<Account>((_, sum, account) => ({ ...account, ordered: account.ordered + sum }))
   *   .cogroup(payments.groupByKey(), (_, sum, account) => ({ ...account, paid: account.paid + sum }))
   *   .aggregate(() => ({ ordered: 0, paid: 0 }), { store: 'accounts', value: json<Account>() })
   * assert.equal(results(accounts).at(-1), 'ann: { ordered: 30, paid: 10 }')
   * ```
   */
  aggregate(
    initializer: () => A,
    options: StoreOptions<K> & { readonly value: Serde<A> },
  ): KTable<K, A | null>
}

/** Cogrouped streams by window. */
export interface TimeWindowedCogroupedKStream<K, A> {
  /**
   * When rows are handed on; see {@link TimeWindowedKStream.emitStrategy}. With `onWindowClose` all streams have one event
   * time. (Kafka Streams has no such method here.)
   *
   * @example
   * ```ts
   * const activity = clicks
   *   .groupByKey()
   *   .cogroup<number>((_, __, actions) => actions + 1)
   *   .cogroup(orders.groupByKey(), (_, __, actions) => actions + 10)
   *   .windowedBy(TumblingWindows.of('30m'))
   *   .emitStrategy('onWindowClose')
   *   .aggregate(() => 0, { store: 'activity', value: int32() })
   * assert.deepEqual(results(activity), ['ann 0s-30m: 12', 'bob 0s-30m: 1'])
   * ```
   */
  emitStrategy(strategy: EmitStrategy, options?: EmitOnCloseOptions): TimeWindowedCogroupedKStream<K, A>

  /**
   * Aggregates all streams in each window.
   *
   * @example
   * ```ts
   * const accounts = orders
   *   .groupByKey()
   *   .cogroup<number>((_, sum, balance) => balance + sum)
   *   .cogroup(payments.groupByKey(), (_, sum, balance) => balance - sum)
   *   .windowedBy(TumblingWindows.of('1d'))
   *   .aggregate(() => 0, { store: 'balances', value: int32() })
   * assert.deepEqual(results(accounts), ['ann 0s-1d: 30', 'ann 0s-1d: 20'])
   * ```
   */
  aggregate(
    initializer: () => A,
    options: WindowStoreOptions<K> & { readonly value: Serde<A> },
  ): KTable<Windowed<K>, A | null>
}

/** Cogrouped streams by session. */
export interface SessionWindowedCogroupedKStream<K, A> {
  /**
   * When rows are handed on; see {@link TimeWindowedCogroupedKStream.emitStrategy}.
   *
   * @example
   * ```ts
   * const visits = clicks
   *   .groupByKey()
   *   .cogroup<number>((_, __, actions) => actions + 1)
   *   .cogroup(orders.groupByKey(), (_, __, actions) => actions + 10)
   *   .windowedBy(SessionWindows.of('10m'))
   *   .emitStrategy('onWindowClose')
   *   .aggregate(
   *     () => 0,
   *     (_, left, right) => left + right,
   *     { store: 'visits', value: int32() },
   *   )
   * assert.deepEqual(results(visits), ['ann 0s-5m: 12', 'bob 20m-20m: 1'])
   * ```
   */
  emitStrategy(strategy: EmitStrategy, options?: EmitOnCloseOptions): SessionWindowedCogroupedKStream<K, A>

  /**
   * Aggregates all streams in each session.
   *
   * @param merger makes one aggregate of two, when sessions become one.
   * @example
   * ```ts
   * const visits = clicks
   *   .groupByKey()
   *   .cogroup<number>((_, __, actions) => actions + 1)
   *   .cogroup(orders.groupByKey(), (_, __, actions) => actions + 1)
   *   .windowedBy(SessionWindows.of('30m'))
   *   .aggregate(
   *     () => 0,
   *     (_, left, right) => left + right,
   *     { store: 'visits', value: int32() },
   *   )
   * assert.deepEqual(results(visits).slice(0, 3), ['ann 0s-0s: 1', 'ann 0s-0s: null', 'ann 0s-1m: 2'])
   * ```
   */
  aggregate(
    initializer: () => A,
    merger: (key: K, left: DeepReadonly<A>, right: DeepReadonly<A>) => AggregateResult<A>,
    options: WindowStoreOptions<K> & { readonly value: Serde<A> },
  ): KTable<Windowed<K>, A | null>
}
