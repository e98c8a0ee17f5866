import type { DeepReadonly } from '../serdes/deep-readonly.js'
import type { Serde } from '../serdes/serde.js'
import type { Duration } from '../time/duration.js'
import type { Window } from '../windows/window.js'
import type { Storage } from './storage.js'
import type { StateStore } from './store.js'
import type { AnyStoreDefinition } from './store-definition.js'
import type { Version } from './versioned-view.js'

/** How rows are read in order. */
export interface ReadOrder {
  /** From the last to the first. Default: false. */
  readonly reverse?: boolean
}

/** Values by key. Rows come in the order of their serialized keys. */
export interface KeyValueStore<K, V> {
  readonly name: string
  /** The value of a key, undefined where there is none. It is shared: to change it, put another one. */
  get(key: K): DeepReadonly<V> | undefined
  /** Sets the value of a key; null or undefined deletes it. */
  put(key: K, value: V | DeepReadonly<V> | null | undefined): void
  /** Sets the value of a key that has none. @returns the value that it has, undefined where it had none */
  putIfAbsent(key: K, value: V): DeepReadonly<V> | undefined
  /** Deletes a key. @returns the value that it had */
  delete(key: K): DeepReadonly<V> | undefined
  /** Rows from a key to another, both included; undefined: from the first, to the last. */
  range(from: K | undefined, to: K | undefined, order?: ReadOrder): Iterable<[key: K, value: DeepReadonly<V>]>
  /** Rows whose serialized key begins with the bytes of `prefix`. */
  prefix<P>(prefix: P, serde: Serde<P>, order?: ReadOrder): Iterable<[key: K, value: DeepReadonly<V>]>
  /** All rows. */
  all(order?: ReadOrder): Iterable<[key: K, value: DeepReadonly<V>]>
  /** Number of rows. */
  readonly count: number
}

/** A value and its time. */
export interface ValueAndTimestamp<V> {
  readonly value: V
  /** Epoch milliseconds. */
  readonly timestamp: number
}

/** Values with timestamps by key. */
export interface TimestampedKeyValueStore<K, V>
  extends Omit<KeyValueStore<K, ValueAndTimestamp<V>>, 'put' | 'putIfAbsent'> {
  /** Sets value and timestamp of a key; null or undefined deletes it. */
  put(key: K, row: ValueAndTimestamp<V | DeepReadonly<V>> | null | undefined): void
  /** Sets the row of a key that has none. @returns the row that it has, undefined where it had none */
  putIfAbsent(key: K, row: ValueAndTimestamp<V>): DeepReadonly<ValueAndTimestamp<V>> | undefined
}

/** How a store that a processor uses is kept. */
export interface KeyValueStoreOptions<K, V> {
  readonly key: Serde<K>
  readonly value: Serde<V>
  /** Whether the store has a changelog topic. Without one its content is lost with the disk. Default: true. */
  readonly logging?: boolean
  /** Where its committed rows lie: `disk`, the default, `memory`, or a database of your own; see {@link Storage}. */
  readonly storage?: Storage
}

/** How a store by windows is kept. */
export interface WindowStoreOptions<K, V> extends KeyValueStoreOptions<K, V> {
  /** How long a row is kept behind the greatest window start put. */
  readonly retention: Duration
  /** Size of the windows, for who reads them: of their ends. */
  readonly windowSize: Duration
  /** Whether every put adds a row, also of the same key and window. Default: false, the last one counts. */
  readonly retainDuplicates?: boolean
}

/**
 * Values by key and window. Rows whose window start is `retention` or more behind the greatest one put are gone, and
 * not put.
 */
export interface WindowStore<K, V> {
  readonly name: string
  /** Sets the value of a key and window; null or undefined deletes it, or does nothing where duplicates are kept. */
  put(key: K, value: V | DeepReadonly<V> | null | undefined, windowStart: number): void
  /** The value of a key and window, the first one where there are several. */
  get(key: K, windowStart: number): DeepReadonly<V> | undefined
  /** The rows of a key in windows that start from `from` to `to`, both included, in order of time. */
  fetch(
    key: K,
    from: number,
    to: number,
    order?: ReadOrder,
  ): Iterable<[windowStart: number, value: DeepReadonly<V>]>
  /** The rows of all keys in windows that start from `from` to `to`, both included, by key and then by time. */
  fetchAll(from: number, to: number): Iterable<[key: K, windowStart: number, value: DeepReadonly<V>]>
}

/** Values with timestamps by key and window; otherwise as {@link WindowStore}. */
export interface TimestampedWindowStore<K, V> extends Omit<WindowStore<K, ValueAndTimestamp<V>>, 'put'> {
  /** Sets value and timestamp of a key and window; null or undefined deletes it, see {@link WindowStore.put}. */
  put(key: K, row: ValueAndTimestamp<V | DeepReadonly<V>> | null | undefined, windowStart: number): void
}

/** How a store by sessions is kept. */
export interface SessionStoreOptions<K, V> extends KeyValueStoreOptions<K, V> {
  /** How long a session is kept: until one is put that ends so much later. */
  readonly retention: Duration
}

/**
 * Values by key and session. A session's end is part of it. Sessions whose end is `retention` or more behind the
 * greatest one put are gone, and not put. Sessions of a key come in order of their end, then of their start.
 */
export interface SessionStore<K, V> {
  readonly name: string
  /** Sets the value of a session; null or undefined deletes it. */
  put(key: K, window: Window, value: V | DeepReadonly<V> | null | undefined): void
  /** Deletes a session. */
  delete(key: K, window: Window): void
  /** The value of the session with these bounds. */
  get(key: K, window: Window): DeepReadonly<V> | undefined
  /** The sessions of a key that end at `earliestEnd` or later and start at `latestStart` or earlier. */
  find(
    key: K,
    earliestEnd: number,
    latestStart: number,
    order?: ReadOrder,
  ): Iterable<[window: Window, value: DeepReadonly<V>]>
  /** All sessions of a key. */
  fetch(key: K, order?: ReadOrder): Iterable<[window: Window, value: DeepReadonly<V>]>
  /**
   * The sessions of the keys from one to another, both included, that end at `earliestEnd` or later and start at
   * `latestStart` or earlier; undefined: from the first key, to the last. Keys come in the order of their serialized
   * bytes.
   */
  findRange(
    from: K | undefined,
    to: K | undefined,
    earliestEnd: number,
    latestStart: number,
    order?: ReadOrder,
  ): Iterable<[key: K, window: Window, value: DeepReadonly<V>]>
  /** All sessions of the keys from one to another, as in {@link SessionStore.findRange}. */
  fetchRange(
    from: K | undefined,
    to: K | undefined,
    order?: ReadOrder,
  ): Iterable<[key: K, window: Window, value: DeepReadonly<V>]>
}

/** How a store of versions is kept. */
export interface VersionedStoreOptions<K, V> extends KeyValueStoreOptions<K, V> {
  /** How far behind the greatest timestamp put versions can be read, and how late one may be put. */
  readonly historyRetention: Duration
}

/**
 * The values of each key over time (KIP-889): a value is valid from its timestamp to that of the next one, in whichever
 * order they were put. The latest one stays; the others go when `historyRetention` has passed them.
 */
export interface VersionedKeyValueStore<K, V> {
  readonly name: string
  /**
   * Sets what a key holds from a time on; null or undefined: nothing. Replaces the version of just this time.
   *
   * @returns when the version ends: the time of the next one, Infinity where nothing follows; undefined if it was more
   *   than `historyRetention` behind the greatest timestamp put, and is not kept
   */
  put(key: K, value: V | DeepReadonly<V> | null | undefined, timestamp: number): number | undefined
  /** The version of a key that is valid at a time; without a time, the latest one. */
  get(key: K, asOf?: number): Version<DeepReadonly<V>> | undefined
  /** Ends what a key holds at a time. @returns the version that was valid then */
  delete(key: K, timestamp: number): Version<DeepReadonly<V>> | undefined
}

/**
 * A store that processors can be connected to: what it holds, and how. Made by {@link Stores}; one object stands for
 * one store, which several processors may share.
 */
export interface Store<S> {
  readonly name: string
  readonly definition: AnyStoreDefinition
  /** What a processor gets of the task's store. `timestamp` gives that of the record in hand. */
  open(store: StateStore, timestamp: () => number): S
}
