import type { DeepReadonly } from '../serdes/deep-readonly.js'
import { NO_HEADERS } from '../serdes/record-headers.js'
import type { Serde } from '../serdes/serde.js'
import type { OrderedStore, StoreEntry } from './store.js'
import { type RowView, requireStoreKey, valueOnly, withTimestamp } from './stored-row.js'
import type { KeyValueStore, ReadOrder, TimestampedKeyValueStore, ValueAndTimestamp } from './stores.js'

/** A task's store as processors use it. */
class OpenKeyValueStore<K, V, R> {
  readonly name: string

  constructor(
    private readonly store: OrderedStore<K, V>,
    private readonly view: RowView<V, R>,
  ) {
    this.name = store.name
  }

  get(key: K): R | undefined {
    requireStoreKey(this.name, key)
    const row = this.store.get(key)
    return row && this.view.shown(row)
  }

  put(key: K, row: R | null | undefined): void {
    const { store, view } = this
    requireStoreKey(this.name, key)
    const entry = store.entry(key)
    if (row === null || row === undefined) {
      if (entry.value !== undefined) store.write(entry, undefined, entry.timestamp, NO_HEADERS)
    } else store.write(entry, view.valueOf(row), view.timestampOf(row), NO_HEADERS)
  }

  putIfAbsent(key: K, row: R): R | undefined {
    const present = this.get(key)
    if (present === undefined) this.put(key, row)
    return present
  }

  delete(key: K): R | undefined {
    const present = this.get(key)
    if (present !== undefined) this.put(key, undefined)
    return present
  }

  range(from: K | undefined, to: K | undefined, { reverse }: ReadOrder = {}): Iterable<[K, R]> {
    return this.shown(this.store.range(from, to, reverse))
  }

  prefix<P>(prefix: P, serde: Serde<P>, { reverse }: ReadOrder = {}): Iterable<[K, R]> {
    return this.shown(this.store.prefix(prefix, serde, reverse))
  }

  all(order?: ReadOrder): Iterable<[K, R]> {
    return this.range(undefined, undefined, order)
  }

  get count(): number {
    return this.store.count
  }

  private *shown(rows: Iterable<StoreEntry<K, V>>): Iterable<[K, R]> {
    for (const row of rows) yield [row.key, this.view.shown(row)]
  }
}

/** Values only; a row's timestamp is that of the record that wrote it. */
export const openKeyValueStore = <K, V>(
  store: OrderedStore<K, V>,
  timestamp: () => number,
): KeyValueStore<K, V> =>
  new OpenKeyValueStore<K, V, DeepReadonly<V>>(store, valueOnly(timestamp)) as KeyValueStore<K, V>

/** Values with their timestamps. */
export const openTimestampedStore = <K, V>(store: OrderedStore<K, V>): TimestampedKeyValueStore<K, V> =>
  new OpenKeyValueStore<K, V, ValueAndTimestamp<V>>(
    store,
    withTimestamp(),
  ) as unknown as TimestampedKeyValueStore<K, V>
