import type { DeepReadonly } from '../serdes/deep-readonly.js'
import type { Serde } from '../serdes/serde.js'
import type { StateStore } from './store.js'
import type { AnyStoreDefinition } from './store-definition.js'

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
