import type { TimersDeclaration } from '../../operators/timers.js'
import type { Serde } from '../serdes/serde.js'
import type { Storage } from '../state/storage.js'
import type { Store } from '../state/stores.js'
import type { Duration } from '../time/duration.js'
import type { TimestampExtractor } from '../time/timestamp-extractor.js'
import type { WatermarkOption } from '../time/watermark-strategy.js'
import type { OffsetReset } from '../topology/offset-reset.js'
import type { StreamPartitioner } from '../topology/sub-topology.js'
import type { KeySerdeFor, KnownSerde, OtherValueSerdeFor, SerdesFor, ValueSerdeFor } from './known-serdes.js'
import type { KStream } from './kstream.js'

/** Options of every operator. */
export interface OperatorOptions {
  /**
   * Name of the operator in `describe()`, metrics and errors, and of the internal topics that it makes: letters,
   * digits, `.`, `_` and `-`. Default: generated as in Kafka Streams, for example `KSTREAM-FILTER-0000000001`.
   *
   * Generated names count the operators before them: inserting one renames those after it. Name what keeps state or
   * repartitions.
   */
  readonly name?: string | undefined
}

/** Options of operators that run processors of the user's. */
export interface ProcessOptions extends OperatorOptions {
  /** The stores that the processor gets by `context.store(...)`. Processors that share a store run in one task. */
  // biome-ignore lint/suspicious/noExplicitAny: a processor uses stores of many types; each is typed where it is used.
  readonly stores?: readonly Store<any>[] | undefined
}

/** Options of {@link KStream.process} and {@link KStream.processValues}. */
export interface StreamProcessOptions<K> extends ProcessOptions {
  /** The timers that the processor gets by `context.timers(...)`, and which call its `onTimer`. Default: none. */
  readonly timers?: TimersDeclaration<K> | undefined
}

/** Options of {@link KStream.print}. */
export interface PrintOptions extends OperatorOptions {
  /** Stands in brackets before each record. Default: the name of the stream's operator. */
  readonly label?: string | undefined
  /** Takes each line. Default: `console.log`. */
  readonly write?: ((line: string) => void) | undefined
}

/** Options of {@link StreamsBuilder.stream}. */
export interface SourceOptions<K, V> extends OperatorOptions {
  readonly key: Serde<NonNullable<K>>
  readonly value: Serde<NonNullable<V>>
  /** Event time of a record, epoch milliseconds. Default: the Kafka record's timestamp; an invalid one fails. */
  readonly timestamp?: TimestampExtractor<K, V> | undefined
  /**
   * How the topic tells how far event time has come: by timestamps, see {@link Watermarks}, or by its records, see
   * {@link RecordWatermarks}. Windows, joins and suppressed tables then go
   * by watermarks: each partition has one, an operator's time is the least of what reaches it, repartition topics carry
   * it on. All topics that are processed together have one, or none. Default: stream time, the greatest timestamp that
   * has reached an operator, as in Kafka Streams.
   */
  readonly watermark?: WatermarkOption<NoInfer<K>, NoInfer<V>> | undefined
  /**
   * Where to begin on a partition that has no committed offset: `earliest`, the default, `latest`, `none`, or
   * `{ byDuration: '1h' }`, with the records of the last hour.
   */
  readonly offsetReset?: OffsetReset | undefined
}

/** Options of {@link KStream.to}; a serde is required where the stream does not know it. */
export type SinkOptions<K, V, Known extends KnownSerde> = SerdesFor<K, V, Known> &
  OperatorOptions & {
    /** Chooses the partition. Default: murmur2 of the serialized key, as Kafka's Java client does. */
    readonly partitioner?: StreamPartitioner<K, V> | undefined
  }

/** Options of {@link KStream.repartition}; a serde is required where the stream does not know it. */
export type RepartitionOptions<K, V, Known extends KnownSerde> = SinkOptions<K, V, Known> & {
  /** Partitions of the topic. Default: as many as the sub-topology that writes it has tasks. */
  readonly partitions?: number | undefined
}

/**
 * Options of {@link KStream.groupByKey}. Where the stream does not know its key serde its key has changed, so the
 * records go through a repartition topic and both serdes are needed; else the value serde is for the store only.
 */
export type GroupByKeyOptions<K, V, Known extends KnownSerde> = KeySerdeFor<K, Known> &
  ('key' extends Known ? ValueSerdeFor<V, KnownSerde> : ValueSerdeFor<V, Known>) &
  OperatorOptions

/**
 * Options of a join of a stream with a table. Where the stream does not know its key serde its key has changed, so the
 * records go through a repartition topic and both serdes are needed.
 */
export type JoinOptions<K, V, Known extends KnownSerde> = GroupByKeyOptions<K, V, Known> & {
  /**
   * How far, in event time, the stream is to be ahead of a record before it is joined, so that rows of the table that
   * come late are met, too (KIP-923). Records wait in a store (`<name>-Buffer`), which takes both serdes. Only for a table
   * with a `historyRetention`, of at least as long. Default: records do not wait.
   */
  readonly gracePeriod?: Duration | undefined
  /**
   * Is called, once, with the stream of the records that are earlier than the versions of the table reach back, and meet
   * none of them: which row there was then is not known any more. Only for a table with a `historyRetention`. Default: a
   * join drops them and counts them as `late`, a left join joins them with null.
   */
  readonly late?: ((late: KStream<K, V, Known>) => void) | undefined
}

/** Options of {@link KStream.groupBy}: the key is new, so its serde is required. */
export type GroupByOptions<KR, V, Known extends KnownSerde> = KeySerdeFor<KR, never> &
  ValueSerdeFor<V, Known> &
  OperatorOptions

/** How an aggregation keeps its state. */
export interface StoreOptions<K> extends OperatorOptions {
  /**
   * Name of the store, for queries and for its changelog topic `<store>-changelog`. Default: generated, for example
   * `KSTREAM-AGGREGATE-STATE-STORE-0000000002`; such a store cannot be relied on to keep its name.
   */
  readonly store?: string | undefined
  /** Serde of the keys in the store. Default: that of the grouped stream. */
  readonly key?: Serde<NonNullable<K>> | undefined
  /**
   * Whether the record cache may coalesce updates of a key, see `cacheMaxBytes`. With watermarks it does not where the
   * updates go to an operator that decides by event time: they would be late. Default: true.
   */
  readonly caching?: boolean | undefined
  /** Whether the store has a changelog topic. Without one its content is lost with the disk. Default: true. */
  readonly logging?: boolean | undefined
  /** Where its committed rows lie: `disk`, the default, `memory`, or a database of your own; see {@link Storage}. */
  readonly storage?: Storage | undefined
}

/** How an operator keeps the rows of a table. */
export interface RowStoreOptions<K> extends StoreOptions<K> {
  /**
   * Keeps what rows were in the past, too, for so long behind the greatest timestamp of the table: a versioned table
   * (KIP-889, KIP-914). A record older than its row's becomes an older version, and joins and aggregations do not take
   * it for the present row; one that is further behind than this is dropped. Default: rows have no past.
   */
  readonly historyRetention?: Duration | undefined
}

/** What becomes of the late records of an operator. */
export interface LateOption<K, V, Known extends KnownSerde> {
  /**
   * Is called, once, with the stream of the records that came too late to have any effect: with the key and value that
   * reached the operator, their own timestamps and headers. They are counted as `late` in any case. Default: they are
   * dropped.
   */
  readonly late?: ((late: KStream<K, V, Known>) => void) | undefined
}

/** Options of emitting windows when they close. */
export interface EmitOnCloseOptions {
  /**
   * How long after its result was handed on, in event time, a window still takes records: each hands the result on anew,
   * as an update (Flink's allowed lateness). The store keeps windows so much longer. A session that grows takes its
   * earlier result back. Such an update has a timestamp of before the close, behind the event time of what is
   * downstream: windows there take it for late unless they have as much grace, or allow as much lateness. Default: 0, a
   * result is final.
   */
  readonly allowedLateness?: Duration | undefined
}

/** How a windowed aggregation keeps its state. */
export interface WindowStoreOptions<K> extends StoreOptions<K> {
  /**
   * How long a window is kept behind the newest one, for queries: at least size + grace of the windows, which is
   * the default.
   */
  readonly retention?: Duration | undefined
}

/** Options of {@link StreamsBuilder.table}. */
export type TableSourceOptions<K, V> = SourceOptions<K, V> & Omit<RowStoreOptions<K>, 'key'>

/** Options of {@link StreamsBuilder.globalTable}. The topic is its own changelog. */
export type GlobalTableOptions<K, V> = Omit<SourceOptions<K, V>, 'offsetReset' | 'watermark'> &
  Pick<StoreOptions<K>, 'store' | 'storage'>

/** Options of {@link KStream.toTable}; a serde is required where the stream does not know it. */
export type ToTableOptions<K, V, Known extends KnownSerde> = SerdesFor<K, V, Known> &
  Omit<RowStoreOptions<K>, 'key'>

/** Options of table operators that keep the type of the values; with a `store` the rows are kept. */
export type TableOptions<K, V, Known extends KnownSerde> =
  | (OperatorOptions & { readonly store?: undefined })
  | (Omit<RowStoreOptions<K>, 'key' | 'store'> & { readonly store: string } & SerdesFor<K, V, Known>)

/** Options of table operators that change the type of the values; with a `store` the rows are kept. */
export type ValueTableOptions<K, VR, Known extends KnownSerde> =
  | (OperatorOptions & { readonly store?: undefined; readonly value: Serde<NonNullable<VR>> })
  | (Omit<RowStoreOptions<K>, 'key' | 'store'> & { readonly store: string } & SerdesFor<
        K,
        VR,
        Exclude<Known, 'value'>
      >)

/** Options of {@link KTable.suppress}; a serde is required where the table does not know it. */
export type SuppressOptions<K, V, Known extends KnownSerde> = SerdesFor<K, V, Known> &
  OperatorOptions & {
    /** Whether the buffer has a changelog topic. Without one what waits is lost with the disk. Default: true. */
    readonly logging?: boolean | undefined
  }

/** Options of {@link KTable.transformValues}. */
export type TransformValuesOptions<K, VR, Known extends KnownSerde> =
  | (ProcessOptions & { readonly store?: undefined; readonly value?: Serde<NonNullable<VR>> | undefined })
  | (ProcessOptions & ValueTableOptions<K, VR, Known> & { readonly store: string })

/** Where the rows of the other table of a foreign-key join are. */
export interface ForeignKeyPartitioning<KO> {
  /**
   * Chooses the partition of a row of the other table by its key, where its topic is partitioned by another rule than
   * the default, murmur2 of the serialized key.
   */
  readonly otherPartitioner?: StreamPartitioner<KO, undefined> | undefined
}

/** Options of {@link KTable.join} by a foreign key; with a `store` the rows are kept. */
export type ForeignKeyJoinOptions<K, VR, Known extends KnownSerde, KO> = ValueTableOptions<K, VR, Known> &
  ForeignKeyPartitioning<KO>

/** Options of {@link KTable.groupBy}: both are new, so their serdes are required. */
export type GroupTableOptions<KR, VR> = OperatorOptions & SerdesFor<KR, VR, never>

/**
 * Options of {@link KStream.join}, `leftJoin` and `outerJoin` with another stream (Kafka Streams' `StreamJoined`). Serdes
 * are required where the streams do not know them.
 */
export type StreamJoinOptions<K, V, V2, Known extends KnownSerde, Known2 extends KnownSerde> = SerdesFor<
  K,
  V,
  Known
> &
  OtherValueSerdeFor<V2, Known2> &
  Omit<StoreOptions<K>, 'key' | 'store' | 'caching'> & {
    /**
     * Begins the names of the join's stores, for their changelog topics: `<store>-this-join-store` and so on. Default:
     * generated; such stores cannot be relied on to keep their names.
     */
    readonly store?: string | undefined
    /**
     * Is called, once, with the stream of this stream's records that are late: earlier than event time minus grace, so
     * that what they could meet may be gone. Only where event time comes from watermarks; in stream time no record of a
     * join is late. They are counted as `late` in any case. Default: they are dropped.
     */
    readonly late?: ((late: KStream<K, V, Known>) => void) | undefined
    /** As `late`, of the other stream. */
    readonly otherLate?: ((late: KStream<K, V2, Known2>) => void) | undefined
  }
