import type { RecordHeaders } from '../serdes/record-headers.js'
import type { Serde } from '../serdes/serde.js'
import type { VersionKey } from './version-key.js'

/** What every kind of state store has. */
export interface StateStore {
  readonly name: string
}

/** A store whose rows expire by the time that it has observed, which is committed with the offsets. */
export interface TimedStore extends StateStore {
  /** A row as far behind this position as the retention has expired; -1: none has. */
  readonly observedTime: number
  /** Moves it on; it does not go back. */
  observeTime(time: number): void
}

export const isTimed = (store: StateStore): store is TimedStore => 'observedTime' in store

/**
 * One live row of a store. The store owns it; operators read it and change it through the store only. It stays
 * valid until the operator returns.
 */
export interface StoreEntry<K, V> {
  readonly key: K
  /** Start of the row's window, epoch milliseconds; -1 in stores without windows. */
  readonly windowStart: number
  /** The present value; undefined where the key has none. */
  readonly value: V | undefined
  /** Timestamp of the value; -1 where the key has none. */
  readonly timestamp: number
}

/** Hears of the rows of a cached store when the cache lets go of them: at commit, or when it is full. */
export interface CacheFlushListener<K, V> {
  /**
   * `oldValue`: what the row held when it was last flushed; undefined where it held nothing. `timestamp`: that of
   * the last write, also where it deleted the row. A row that held nothing and holds nothing is not told of.
   */
  flushed(entry: StoreEntry<K, V>, oldValue: V | undefined, headers: RecordHeaders, timestamp: number): void
}

/** A store whose updates may be coalesced before they go downstream (`cacheMaxBytes`). */
interface CacheableStore<K, V> extends StateStore {
  /** Whether updates wait in the record cache; then the flush listener forwards them, not the operator. */
  readonly cached: boolean
  /** Sets the one listener, before the first record. */
  onFlush(listener: CacheFlushListener<K, V>): void
  /** Sets a row's value; undefined deletes it. `entry` must come from this store and this record. */
  write(entry: StoreEntry<K, V>, value: V | undefined, timestamp: number, headers: RecordHeaders): void
}

/** Values by key, each with a timestamp. */
export interface KeyValueStore<K, V> extends CacheableStore<K, V> {
  /** The row of a key, or undefined where there is none. */
  get(key: K): StoreEntry<K, V> | undefined
  /** The row of a key, to be written; empty where there is none yet. */
  entry(key: K): StoreEntry<K, V>
}

/** A key-value store whose rows can be read in the order of their serialized keys, within a record. */
export interface OrderedStore<K, V> extends KeyValueStore<K, V>, TimedStore {
  /** Rows from a key to another, both included; undefined: from the first, to the last. */
  range(from: K | undefined, to: K | undefined, reverse?: boolean): IterableIterator<StoreEntry<K, V>>
  /** Rows whose serialized key begins with the bytes of `prefix`. */
  prefix<P>(prefix: P, serde: Serde<P>, reverse?: boolean): IterableIterator<StoreEntry<K, V>>
  /** The least key after another; undefined: the first. */
  next(after: K | undefined): K | undefined
  /** Number of rows. */
  readonly count: number
}

/** What decides about the turn of a row. */
export interface TimeOrder<V> {
  /** Whether a row waits; else it is a note, behind all that do. */
  waits(value: V): boolean
  /** The time that rows are in order of, not negative. */
  timeOf(value: V): number
  /** Bytes that a row counts for, with a key of so many. */
  sizeOf(keyBytes: number, value: V): number
}

/** A key-value store whose rows wait for their turn, in order of a time, then of their serialized keys. */
export interface TimeOrderedStore<K, V> extends KeyValueStore<K, V> {
  /** The row that waits and whose turn comes first. */
  first(): StoreEntry<K, V> | undefined
  /** The first of the rows that do not wait. */
  firstNote(): StoreEntry<K, V> | undefined
  /** Number of rows that wait. */
  readonly waiting: number
  /** Bytes that they count for. */
  readonly waitingBytes: number
}

/**
 * The rows of windows or sessions that are handed out once, when they can change no more. Such a store keeps its rows
 * until they have been handed out, whatever its retention says.
 */
export interface FinalStore<K, V> {
  /**
   * The next row that was not handed out and lies at `upTo` or before: a window by its start, a session by its end;
   * in the order of that, then of start and serialized key. Undefined where there is none.
   */
  takeClosed(upTo: number): StoreEntry<K, V> | undefined
  /** Takes the rows up to `upTo` for handed out. */
  forgetClosed(upTo: number): void
  /** Takes the first `count` rows for handed out. */
  skipClosed(count: number): void
  /** No row that was not handed out lies before; infinite: there is none. */
  readonly earliest: number
}

/** A store of rows of windows, which expire. */
interface ExpiringStore extends TimedStore {
  /**
   * Lets rows expire as far behind a position as the retention says, but none that is still to be handed out. For stores
   * whose rows do not expire by what is written.
   */
  expireBy(position: number): void
}

/** Values by key and window start, each with a timestamp; rows older than the retention are gone. */
export interface WindowStore<K, V> extends CacheableStore<K, V>, ExpiringStore {
  /** Set if the store's definition says so. */
  readonly finals: FinalStore<K, V> | undefined
  get(key: K, windowStart: number): StoreEntry<K, V> | undefined
  /** The row of a key and window, to be written; undefined where the window has expired. */
  entry(key: K, windowStart: number): StoreEntry<K, V> | undefined
}

/** A row of a span of time: a session, or a window that begins at a record. */
export interface SpanEntry<K, V> extends StoreEntry<K, V> {
  readonly windowEnd: number
}

/**
 * Values by key and span of time, each with a timestamp, read in order within a key. A row's position is where its
 * window starts, or where its session ends; rows as far behind the greatest position as the retention are gone.
 */
export interface SpanStore<K, V> extends CacheableStore<K, V>, ExpiringStore {
  /** Set if the store's definition says so. */
  readonly finals: FinalStore<K, V> | undefined
  /**
   * The rows of a key at positions from `from` to `to`, both included, in order; of sessions that end together, the
   * one that starts earlier comes first. List and rows are valid until the next call: they show what was when it read.
   */
  range(key: K, from: number, to: number): readonly SpanEntry<K, V>[]
  /**
   * The row of a key and span, to be written; empty where there is none, undefined where it has expired. It is valid
   * until the next call, and shows what was when it was read.
   */
  span(key: K, start: number, end: number): SpanEntry<K, V> | undefined
}

/** A version of a row. Its timestamp is the time from which on it is valid. */
export type VersionEntry<K, V> = StoreEntry<VersionKey<K>, V>

/** Until when the latest version of a key is valid. */
export const LATEST = Number.POSITIVE_INFINITY
/** Instead of the end of a version: it was too old and is not kept. */
export const EXPIRED = -1

/**
 * The values of a key over time, each valid from its timestamp to that of the next one. The latest one stays; others
 * can be read for as long behind the greatest timestamp put as the retention of the store says.
 */
export interface VersionedStore<K, V> extends TimedStore {
  /** The latest version; undefined where the key has none, or was deleted. */
  latest(key: K): VersionEntry<K, V> | undefined
  /** The version that is valid at a time. */
  asOf(key: K, time: number): VersionEntry<K, V> | undefined
  /** Whether versions of a time can be read and put, and not only one that is valid to this day. */
  keeps(time: number): boolean
  /** The time at which a version ends, that of the next one or of a deletion; {@link LATEST} where nothing follows. */
  validTo(version: VersionEntry<K, V>): number
  /**
   * Sets what a key holds from a time on; null: nothing. Replaces the version of just this time.
   *
   * @returns when the version ends; {@link LATEST} if nothing follows, {@link EXPIRED} if it was too old to be kept
   */
  put(key: K, value: V | null, timestamp: number): number
}

export const isVersioned = (store: StateStore): store is VersionedStore<unknown, unknown> => 'asOf' in store

/** Rows by span of several keys: its definition says `ordered`. */
export interface OrderedSpanStore<K, V> extends SpanStore<K, V> {
  /**
   * Keys from one to another, both included, that may have rows at `earliest` or later: each once, in the order of
   * their serialized bytes. Rows may be written and deleted meanwhile.
   *
   * @param from undefined: from the first
   * @param to undefined: to the last
   */
  keys(from: K | undefined, to: K | undefined, earliest: number, reverse?: boolean): IterableIterator<K>
}
