import type { Serde } from '../serdes/serde.js'

interface StoreOptions<K, V> {
  readonly name: string
  readonly key: Serde<K>
  readonly value: Serde<V>
  /** Whether the record cache may coalesce updates. */
  readonly caching: boolean
  /** Whether the store has a changelog topic. */
  readonly logging: boolean
}

export interface KeyValueStoreDefinition<K, V> extends StoreOptions<K, V> {
  readonly kind: 'keyValue'
  /** Whether rows can be read in order within a record; the keys of all rows are in memory for it. */
  readonly ordered?: boolean
}

export interface WindowStoreDefinition<K, V> extends StoreOptions<K, V> {
  readonly kind: 'window'
  /** Size of a window in milliseconds. */
  readonly windowSize: number
  /** How long a row is kept behind the greatest window start written, in milliseconds. */
  readonly retention: number
}

/** A store as the topology declares it: what it holds and how. Where it holds it is the task's matter. */
export type StoreDefinition<K, V> = KeyValueStoreDefinition<K, V> | WindowStoreDefinition<K, V>

// biome-ignore lint/suspicious/noExplicitAny: a topology holds stores of many types; each is typed where it is used.
export type AnyStoreDefinition = StoreDefinition<any, any>
