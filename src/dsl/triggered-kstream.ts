import type { Evictor } from '../../operators/evictor.js'
import type { Trigger } from '../../operators/trigger.js'
import type { StreamAggregator } from '../aggregators/aggregator.js'
import type { DeepReadonly } from '../serdes/deep-readonly.js'
import type { Serde } from '../serdes/serde.js'
import type { Window, Windowed } from '../windows/window.js'
import type { Aggregated, AggregateResult, Synchronous } from './functions.js'
import type { KnownSerde, Options, ValueSerdeFor } from './known-serdes.js'
import type { KStream } from './kstream.js'
import type { LateOption, StoreOptions } from './operator-options.js'

/** How an aggregation whose results a trigger hands on keeps its state. */
export type TriggeredOptions<K, V, Known extends KnownSerde> = Omit<StoreOptions<K>, 'caching'> &
  LateOption<K, V, Known>

/** What an aggregation of windows with a trigger makes. */
type Results<K, A> = KStream<Windowed<K>, A>

/** Windows with a trigger that keep their records themselves, the elements, instead of an aggregate. */
export interface ElementWindowedKStream<K, V, Known extends KnownSerde = KnownSerde> {
  /**
   * Makes a result of the elements of a window when its trigger fires. Each element is a row of the store
   * `<store>-elements` until its window is gone, purged, or an evictor drops it; a window that fires is read as a whole.
   *
   * @param windowFunction gets the values that are left, in the order in which they came, of which it must not change any;
   * null: there is nothing to hand on.
   * @param options the value serde is that of the elements
   * @example
   * ```ts
   * const paths = clicks
   *   .groupByKey()
   *   .windowedBy(TumblingWindows.of('30m'))
   *   .trigger(Triggers.eventTime())
   *   .apply((user, pages) => `${user}: ${pages.join(' -> ')}`)
   * assert.deepEqual(results(paths), ['ann 0s-30m: ann: home -> cart', 'bob 0s-30m: bob: home'])
   * ```
   */
  apply<R>(
    windowFunction: (key: K, values: readonly DeepReadonly<V>[], window: Window) => Synchronous<R>,
    ...options: Options<TriggeredOptions<K, V, Known> & ValueSerdeFor<V, Known>>
  ): KStream<Windowed<K>, NonNullable<R>, 'key'>
}

/**
 * Records grouped by key and window, whose results a trigger hands on (Flink's windows). They are a stream, not a table:
 * each is what a window holds when its trigger fires. Records without key, and those whose windows are all gone, are
 * dropped and counted; null values reach the functions.
 */
export interface TriggeredKStream<K, V, Known extends KnownSerde = KnownSerde>
  extends ElementWindowedKStream<K, V, Known> {
  /** Takes another trigger instead. See {@link Triggers}. */
  trigger<S>(trigger: Trigger<V, S>): TriggeredKStream<K, V, Known>

  /**
   * Has an evictor say which elements of a window stay when its trigger fires, before or after {@link apply}. See
   * {@link Evictors}.
   *
   * @example
   * ```ts
   * const lastTwo = clicks
   *   .groupByKey()
   *   .windowedBy(GlobalWindows.of())
   *   .trigger(Triggers.count(1))
   *   .evict(Evictors.count(2))
   *   .apply((_, pages) => pages.join(', '))
   * assert.deepEqual(results(lastTwo.selectKey(({ key }) => key)), ['ann: home', 'ann: home, cart', 'bob: home', 'ann: cart, home'])
   * ```
   */
  evict(evictor: Evictor<V>): ElementWindowedKStream<K, V, Known>

  /** How many records a window has. A count is a 64-bit integer in the store. */
  count(
    options?: TriggeredOptions<K, V, Known> & { readonly value?: Serde<number> | undefined },
  ): Results<K, number>

  /** Combines the values of a window. The first value is taken as it is. */
  reduce<R extends AggregateResult<NonNullable<V>>>(
    reducer: (aggregate: DeepReadonly<NonNullable<V>>, value: V) => R,
    ...options: Options<TriggeredOptions<K, V, Known> & ValueSerdeFor<V, Known>>
  ): Results<K, Aggregated<NonNullable<V>, R>>

  /**
   * Aggregates the values of a window, into any type.
   *
   * An aggregator of {@link Aggregators} brings the functions and the serde with it.
   *
   * @param aggregator gets the aggregate so far, which it must not change; null: there is none, and nothing to hand on.
   */
  aggregate<A, R extends AggregateResult<A>>(
    initializer: () => A,
    aggregator: (key: K, value: V, aggregate: DeepReadonly<A>) => R,
    options: TriggeredOptions<K, V, Known> & { readonly value: Serde<A> },
  ): Results<K, Aggregated<A, R>>
  aggregate<A>(
    aggregator: StreamAggregator<NonNullable<V>, A>,
    options?: TriggeredOptions<K, V, Known> & { readonly value?: Serde<A> | undefined },
  ): Results<K, A>
}

/** As {@link TriggeredKStream}, by session: a record may make one session of several, and one trigger's state of theirs. */
export interface TriggeredSessionKStream<K, V, Known extends KnownSerde = KnownSerde>
  extends Omit<TriggeredKStream<K, V, Known>, 'trigger' | 'aggregate'> {
  /** Takes another trigger instead. See {@link Triggers}. */
  trigger<S>(trigger: Trigger<V, S>): TriggeredSessionKStream<K, V, Known>

  /**
   * Aggregates the values of a session, into any type.
   *
   * An aggregator of {@link Aggregators} brings the functions and the serde with it.
   *
   * @param aggregator gets the aggregate so far, which it must not change; null: there is none, and nothing to hand on.
   * @param merger makes one aggregate of two, that of the session that ends earlier first.
   */
  aggregate<A, R extends AggregateResult<A>>(
    initializer: () => A,
    aggregator: (key: K, value: V, aggregate: DeepReadonly<A>) => R,
    merger: (key: K, left: DeepReadonly<A>, right: DeepReadonly<A>) => AggregateResult<A>,
    options: TriggeredOptions<K, V, Known> & { readonly value: Serde<A> },
  ): Results<K, Aggregated<A, R>>
  aggregate<A>(
    aggregator: StreamAggregator<NonNullable<V>, A>,
    options?: TriggeredOptions<K, V, Known> & { readonly value?: Serde<A> | undefined },
  ): Results<K, A>
}
