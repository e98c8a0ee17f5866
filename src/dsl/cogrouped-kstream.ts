import type { DeepReadonly } from '../serdes/deep-readonly.js'
import type { Serde } from '../serdes/serde.js'
import type { SessionWindows } from '../windows/session-windows.js'
import type { SlidingWindows } from '../windows/sliding-windows.js'
import type { TimeWindows } from '../windows/time-windows.js'
import type { Windowed } from '../windows/window.js'
import type { AggregateResult } from './functions.js'
import type { KGroupedStream } from './kgrouped-stream.js'
import type { KTable } from './ktable.js'
import type { StoreOptions, WindowStoreOptions } from './operator-options.js'

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
   * @example
   * ```ts
   * orders
   *   .groupByKey()
   *   .cogroup<Account>((_, order, account) => ({ ...account, orders: account.orders + 1 }))
   *   .cogroup(payments.groupByKey(), (_, payment, account) => ({ ...account, paid: account.paid + payment.sum }))
   *   .aggregate(() => ({ orders: 0, paid: 0 }), { store: 'accounts', value: json<Account>() })
   * ```
   */
  cogroup<V>(stream: KGroupedStream<K, V>, aggregator: CogroupAggregator<K, V, A>): CogroupedKStream<K, A>

  /** Groups by session as well. */
  windowedBy(windows: SessionWindows): SessionWindowedCogroupedKStream<K, A>
  /** Groups by window as well. Every stream has its own event time for what is late. */
  windowedBy(windows: TimeWindows | SlidingWindows): TimeWindowedCogroupedKStream<K, A>

  /**
   * Aggregates all streams.
   *
   * @param initializer gives the aggregate of a key before its first record.
   */
  aggregate(
    initializer: () => A,
    options: StoreOptions<K> & { readonly value: Serde<A> },
  ): KTable<K, A | null>
}

/** Cogrouped streams by window. */
export interface TimeWindowedCogroupedKStream<K, A> {
  /** Aggregates all streams in each window. */
  aggregate(
    initializer: () => A,
    options: WindowStoreOptions<K> & { readonly value: Serde<A> },
  ): KTable<Windowed<K>, A | null>
}

/** Cogrouped streams by session. */
export interface SessionWindowedCogroupedKStream<K, A> {
  /**
   * Aggregates all streams in each session.
   *
   * @param merger makes one aggregate of two, when sessions become one.
   */
  aggregate(
    initializer: () => A,
    merger: (key: K, left: DeepReadonly<A>, right: DeepReadonly<A>) => AggregateResult<A>,
    options: WindowStoreOptions<K> & { readonly value: Serde<A> },
  ): KTable<Windowed<K>, A | null>
}
