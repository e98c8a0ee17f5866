import type { Serde } from '../serdes/serde.js'
import type { Storage } from './storage.js'
import type { TimeOrder } from './store.js'

interface StoreOptions<K, V> {
  readonly name: string
  readonly key: Serde<K>
  readonly value: Serde<V>
  /** Whether the record cache may coalesce updates. */
  readonly caching: boolean
  /** Whether the store has a changelog topic. */
  readonly logging: boolean
  /** The topic of the user's that has its rows and takes the place of a changelog: only ever read. */
  readonly sourceTopic?: string
  /** Whether only what reads that topic writes it. */
  readonly readOnly?: boolean
  /** Where its committed rows lie. Default: on disk. */
  readonly storage?: Storage | undefined
}

/** What makes rows of a key-value store rows of windows: those that processors keep. */
export interface WindowRows {
  /** Serde of the keys without their windows. */
  readonly key: Serde<unknown>
  /** Size of a window in milliseconds, for who reads them. */
  readonly size: number
  /** How long a row is kept behind the greatest window start put, in milliseconds. */
  readonly retention: number
  /** Whether several rows of a key and window are kept. */
  readonly retainDuplicates: boolean
  /** Whether two keys are the same. */
  sameKey(left: unknown, right: unknown): boolean
}

export interface KeyValueStoreDefinition<K, V> extends StoreOptions<K, V> {
  readonly kind: 'keyValue'
  /** Whether rows can be read in the order of their keys within a record. */
  readonly ordered?: boolean
  /** Set where rows wait for their turn. */
  readonly timeOrder?: TimeOrder<V>
  /** Set where the keys are {@link WindowRowKey}s. */
  readonly windows?: WindowRows
}

/**
 * What rows of windows expire by: `written`, the default, the greatest position written, as in Kafka Streams; or
 * `event-time`, what the operators say by `expireBy`: where event time comes from watermarks, rows may be far ahead of it.
 */
export type Expiry = 'written' | 'event-time'

export interface WindowStoreDefinition<K, V> extends StoreOptions<K, V> {
  readonly kind: 'window'
  /** Size of a window in milliseconds. */
  readonly windowSize: number
  /** How long a row is kept behind the greatest window start written, in milliseconds. */
  readonly retention: number
  /** Whether rows are handed out when their windows close. */
  readonly final?: boolean
  readonly expiry?: Expiry
}

/** What stores have in common whose rows of a key are read in order: each lies in a bucket of its key. */
interface BucketStoreDefinition<K, V> extends StoreOptions<K, V> {
  /** How long a row is kept behind the greatest position written, in milliseconds. */
  readonly retention: number
  /** Whether rows are handed out when they close. */
  readonly final?: boolean
  readonly expiry?: Expiry
  /** The stretch of time, in milliseconds, whose rows of a key are one row on disk. */
  readonly segment: number
  /** Whether rows can be read in the order of their keys within a record. */
  readonly ordered?: boolean
}

/** Windows that begin anywhere, by key and start. Their position is the start. */
export interface RangedWindowStoreDefinition<K, V> extends BucketStoreDefinition<K, V> {
  readonly kind: 'rangedWindow'
  /** Size of a window in milliseconds. */
  readonly windowSize: number
}

/** Sessions by key, start and end. Their position is the end. */
export interface SessionStoreDefinition<K, V> extends BucketStoreDefinition<K, V> {
  readonly kind: 'session'
}

/** Values of keys over time. */
export interface VersionedStoreDefinition<K, V> extends StoreOptions<K, V> {
  readonly kind: 'versioned'
  /** How far behind the greatest timestamp put versions can be read and put, in milliseconds. */
  readonly historyRetention: number
}

/** A store whose rows of a key are read in order of time. */
export type SpanStoreDefinition<K, V> = RangedWindowStoreDefinition<K, V> | SessionStoreDefinition<K, V>

/** A store as the topology declares it: what it holds and how. Where it holds it is the task's matter. */
export type StoreDefinition<K, V> =
  | KeyValueStoreDefinition<K, V>
  | WindowStoreDefinition<K, V>
  | SpanStoreDefinition<K, V>
  | VersionedStoreDefinition<K, V>

// biome-ignore lint/suspicious/noExplicitAny: a topology holds stores of many types; each is typed where it is used.
export type AnyStoreDefinition = StoreDefinition<any, any>

/** The serde of the keys of a store's rows, without their windows. */
export const innerKey = (store: AnyStoreDefinition): Serde<unknown> =>
  store.kind === 'keyValue' && store.windows !== undefined ? store.windows.key : store.key

/** Whether a store's rows are those of windows, however it keeps them. */
export const hasWindows = (store: AnyStoreDefinition): boolean =>
  store.kind === 'keyValue' ? store.windows !== undefined : store.kind !== 'versioned'

/** Whether a store's changelog is cut off behind windows that have expired; else each row is deleted there. */
export const isTrimmed = ({ kind }: AnyStoreDefinition): boolean =>
  kind !== 'keyValue' && kind !== 'versioned'

/** Whether the rows of a store of windows stay, whatever is written, until they are said to have expired. */
export const expiresOnRequest = ({
  final,
  expiry,
}: {
  readonly final?: boolean
  readonly expiry?: Expiry
}): boolean => final === true || expiry === 'event-time'

/** Whether a store keeps the rows of a key in buckets. */
export const hasBuckets = (store: AnyStoreDefinition): store is SpanStoreDefinition<unknown, unknown> =>
  store.kind === 'session' || store.kind === 'rangedWindow'

/** Whether a store can be restored: from its changelog, or from the topic that takes its place. */
export const isRestored = ({ logging, sourceTopic }: AnyStoreDefinition): boolean =>
  logging || sourceTopic !== undefined
