import type { DeepReadonly } from '../serdes/deep-readonly.js'
import type { StoreEntry } from './store.js'
import type { ValueAndTimestamp } from './stores.js'

/** How a row looks to a processor: as its value, or as value and timestamp. */
export interface RowView<V, R> {
  shown(row: StoreEntry<unknown, V>): R
  valueOf(shown: R): V
  timestampOf(shown: R): number
}

/** Values only; a row's timestamp is that of the record that wrote it, which `timestamp` gives. */
export const valueOnly = <V>(timestamp: () => number): RowView<V, DeepReadonly<V>> => ({
  shown: (row) => row.value as DeepReadonly<V>,
  valueOf: (value) => value as V,
  timestampOf: timestamp,
})

/** Values with their timestamps. */
export const withTimestamp = <V>(): RowView<V, ValueAndTimestamp<V>> => ({
  shown: ({ value, timestamp }) => ({ value: value!, timestamp }),
  valueOf: ({ value }) => value,
  timestampOf: (row) => row.timestamp,
})

/** @throws {TypeError} if a row is asked for without a key */
export function requireStoreKey(store: string, key: unknown): void {
  if (key === null || key === undefined) throw new TypeError(`store ${store} has no row of the key ${key}`)
}
