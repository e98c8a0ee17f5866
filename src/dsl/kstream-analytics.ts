import type { Serde } from '../serdes/serde.js'
import type { Duration } from '../time/duration.js'
import type { JoinInterval } from '../windows/join-interval.js'
import type { Synchronous } from './functions.js'
import type { KnownSerde, Options, OtherValueSerdeFor } from './known-serdes.js'
import type { KStream } from './kstream.js'
import type { KTable } from './ktable.js'
import type {
  GroupByKeyOptions,
  JoinOptions,
  LateOption,
  StoreOptions,
  StreamJoinOptions,
} from './operator-options.js'

/**
 * Options of {@link KStreamAnalytics.deduplicate}. Where the stream does not know its key serde its key has changed, so
 * the records go through a repartition topic and both serdes are needed.
 */
export type DeduplicateOptions<K, V, I, Known extends KnownSerde> = GroupByKeyOptions<K, V, Known> &
  Omit<StoreOptions<K>, 'key' | 'caching'> &
  LateOption<K, V, Known> & {
    /** A record is a duplicate that comes at most so long after, or before, another one of its id. */
    readonly within: Duration
    /**
     * What is the same in a record and its duplicates, beside the key: records of different keys are never compared. Of
     * records for which it says null all are handed on. Default: all records of a key are duplicates of each other.
     */
    readonly id?: ((value: V, key: K) => Synchronous<I | null | undefined>) | undefined
    /** Serde of the ids, in the store; required with `id`. */
    readonly idSerde?: Serde<NonNullable<I>> | undefined
    /**
     * The time that `within` is measured in: `event`, the default, by the timestamps of the records, or `processing`, by
     * the clock of the machine when it comes to them. By event time, results do not depend on when records are processed.
     */
    readonly time?: 'event' | 'processing' | undefined
    /**
     * Whether a duplicate counts, too, so that those after it are duplicates as long as no pause is longer than `within`.
     * Default: false, the record that was handed on counts.
     */
    readonly refresh?: boolean | undefined
    /**
     * How far behind event time a record can be and still be compared: ids are kept for `within` + `grace`. One further
     * behind is late. Only for event time. Default: as long as `within`.
     */
    readonly grace?: Duration | undefined
    /**
     * Is called, once, with the stream of the duplicates: with their own timestamps and headers. They are counted as
     * `duplicate` in any case. Default: they are dropped.
     */
    readonly duplicates?: ((duplicates: KStream<K, V, Known>) => void) | undefined
  }

/** Options of {@link KStreamAnalytics.asOfJoin}. */
export type AsOfJoinOptions<K, V, Known extends KnownSerde> = JoinOptions<K, V, Known> & {
  /** How much older than a record what it meets may be. Default: by any time. */
  readonly tolerance?: Duration | undefined
}

/** Options of {@link KStreamAnalytics.asOfJoin} with another stream, whose records are kept in a store. */
export type AsOfStreamOptions<K, V2, Known2 extends KnownSerde> = OtherValueSerdeFor<V2, Known2> &
  Omit<StoreOptions<K>, 'key' | 'name' | 'caching'> & {
    /**
     * How long the records of the other stream are kept behind the newest one: as much as this stream may be behind it, and
     * at least as long as `gracePeriod`. The latest of each key is kept for good.
     */
    readonly historyRetention: Duration
  }

/** What analytics ask of streams. */
export interface KStreamAnalytics<K, V, Known extends KnownSerde = KnownSerde> {
  /**
   * Hands on the first record of each id, and keeps back those that come within some time of it. Which is first is decided
   * by the order in which they are read. Ids are kept in a store, for as long as they matter. Records without key, and those
   * whose id is null, are handed on in any case. If an operator changed the key, records are repartitioned first.
   *
   * A record that is processed again, since what it caused was not committed, is no duplicate of itself: with exactly_once
   * the id is forgotten together with what it caused, with at_least_once the store knows it by its offset.
   *
   * @throws {InvalidDurationError} if `within` or `grace` is no duration.
   * @example
   * ```ts
   * const visits = clicks.deduplicate({ within: '30m', id: (page) => page, idSerde: string(), store: 'visited' })
   * assert.deepEqual(results(visits), ['ann: home', 'ann: cart', 'bob: home', 'ann: home'])
   * const users = clicks.deduplicate({ within: '30m' })
   * assert.deepEqual(results(users), ['ann: home', 'bob: home', 'ann: home'])
   * ```
   */
  deduplicate<I = never>(
    ...options: Options<DeduplicateOptions<K, V, I, Known>>
  ): KStream<K, V, Known | 'key'>

  /**
   * Joins two streams: each record with those of the other one that have its key and are in its interval (see
   * {@link JoinInterval}), as Flink's interval join does. A result has the greater of both timestamps. As
   * {@link KStream.join} with `JoinWindows`, but the bounds are signed, and no pair is missed where the interval does not
   * reach from one record to the other: records are kept for as long as one can come that meets them.
   *
   * @param joiner must not change what it is given: records are kept for others.
   * @example
   * ```ts
   * const quick = orders.intervalJoin(payments, (ordered, paid) => ordered - paid, JoinInterval.between(0, '5m'))
   * assert.deepEqual(results(quick), ['ann: 20'])
   * const before = orders.intervalJoin(clicks, (sum, page) => `${page} ${sum}`, JoinInterval.between('-30m', 0))
   * assert.deepEqual(results(before), ['ann: home 30'])
   * ```
   */
  intervalJoin<V2, VR, Known2 extends KnownSerde>(
    other: KStream<K, V2, Known2>,
    joiner: (left: NonNullable<V>, right: NonNullable<V2>, key: NonNullable<K>) => Synchronous<VR>,
    interval: JoinInterval,
    ...options: Options<StreamJoinOptions<K, V, V2, Known, Known2>>
  ): KStream<NonNullable<K>, VR, 'key'>

  /**
   * Joins each record with what another input had for its key at the record's own time: of a table that keeps versions the
   * row as it was, of a stream the latest record at or before it (a null value ends what was before). One that meets none is
   * dropped. The result has the record's key and timestamp. Records of the other input alone give nothing.
   *
   * Both must have the same number of partitions. If an operator changed the key of a stream, its records are repartitioned
   * first.
   *
   * @example
   * ```ts
   * const bought = orders.asOfJoin(clicks, (sum, page) => `${sum} after ${page}`, { historyRetention: '1h' })
   * assert.deepEqual(results(bought), ['ann: 30 after home'])
   * const versions = clicks.toTable({ store: 'pages', historyRetention: '1h' })
   * const at = orders.asOfJoin(versions, (sum, page) => `${sum} after ${page}`, { tolerance: '30s' })
   * assert.deepEqual(results(at), [])
   * ```
   */
  asOfJoin<V2, VR, Known2 extends KnownSerde>(
    other: KStream<K, V2, Known2>,
    joiner: (left: NonNullable<V>, right: NonNullable<V2>, key: NonNullable<K>) => Synchronous<VR>,
    options: AsOfStreamOptions<K, V2, Known2> & AsOfJoinOptions<K, V, Known>,
  ): KStream<NonNullable<K>, VR, 'key'>
  asOfJoin<VT, VR, Known2 extends KnownSerde>(
    table: KTable<NonNullable<K>, VT, Known2>,
    joiner: (left: NonNullable<V>, row: NonNullable<VT>, key: NonNullable<K>) => Synchronous<VR>,
    ...options: Options<AsOfJoinOptions<K, V, Known>>
  ): KStream<NonNullable<K>, VR, 'key'>

  /**
   * As {@link KStreamAnalytics.asOfJoin}, but a record that meets none is kept, one without key, too: with null.
   *
   * @example
   * ```ts
   * const payments30s = payments.leftAsOfJoin(orders, (paid, ordered) => `${paid} of ${ordered}`, {
   *   historyRetention: '1h',
   *   tolerance: '30s',
   * })
   * assert.deepEqual(results(payments30s), ['ann: 10 of null'])
   * ```
   */
  leftAsOfJoin<V2, VR, Known2 extends KnownSerde>(
    other: KStream<K, V2, Known2>,
    joiner: (left: NonNullable<V>, right: NonNullable<V2> | null, key: K) => Synchronous<VR>,
    options: AsOfStreamOptions<K, V2, Known2> & AsOfJoinOptions<K, V, Known>,
  ): KStream<K, VR, 'key'>
  leftAsOfJoin<VT, VR, Known2 extends KnownSerde>(
    table: KTable<NonNullable<K>, VT, Known2>,
    joiner: (left: NonNullable<V>, row: NonNullable<VT> | null, key: K) => Synchronous<VR>,
    ...options: Options<AsOfJoinOptions<K, V, Known>>
  ): KStream<K, VR, 'key'>
}
