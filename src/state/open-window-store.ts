import type { DeepReadonly } from '../serdes/deep-readonly.js'
import { NO_HEADERS } from '../serdes/record-headers.js'
import { requireStoreKey } from './open-key-value-store.js'
import type { OrderedStore, StoreEntry } from './store.js'
import type { WindowRows } from './store-definition.js'
import type { ReadOrder, WindowStore } from './stores.js'
import { MAX_SEQUENCE, type WindowRowKey } from './window-row-key.js'

/** A task's store as processors use it, by windows. */
class OpenWindowStore<K, V> implements WindowStore<K, V> {
  readonly name: string
  /** Expired rows are deleted when so much time has passed. */
  private nextSweep: number

  constructor(
    private readonly store: OrderedStore<WindowRowKey<K>, V>,
    private readonly windows: WindowRows,
    private readonly timestamp: () => number,
  ) {
    this.name = store.name
    if (store.observedTime < 0) this.observeRows()
    this.nextSweep = store.observedTime + windows.retention
  }

  put(key: K, value: V | DeepReadonly<V> | null | undefined, windowStart: number): void {
    requireStoreKey(this.name, key)
    const { retainDuplicates } = this.windows
    if (retainDuplicates && (value === null || value === undefined)) return
    if (windowStart > this.store.observedTime) this.observe(windowStart)
    if (this.expired(windowStart)) return
    const sequence = retainDuplicates ? this.nextSequence(key, windowStart) : 0
    const entry = this.store.entry({ key, windowStart, sequence })
    if (value !== null && value !== undefined) {
      this.store.write(entry, value as V, this.timestamp(), NO_HEADERS)
    } else if (entry.value !== undefined) {
      this.store.write(entry, undefined, entry.timestamp, NO_HEADERS)
    }
  }

  get(key: K, windowStart: number): DeepReadonly<V> | undefined {
    for (const [, value] of this.fetch(key, windowStart, windowStart)) return value
    return undefined
  }

  *fetch(
    key: K,
    from: number,
    to: number,
    { reverse }: ReadOrder = {},
  ): Iterable<[windowStart: number, value: DeepReadonly<V>]> {
    if (to < 0 || to < from) return
    const first = { key, windowStart: Math.max(0, from), sequence: 0 }
    const last = { key, windowStart: to, sequence: MAX_SEQUENCE }
    for (const row of this.store.range(first, last, reverse)) {
      // Other keys' bytes may lie in between.
      if (this.windows.sameKey(row.key.key, key) && !this.expired(row.key.windowStart)) {
        yield [row.key.windowStart, row.value as DeepReadonly<V>]
      }
    }
  }

  *fetchAll(from: number, to: number): Iterable<[key: K, windowStart: number, value: DeepReadonly<V>]> {
    for (const { key: row, value } of this.store.range(undefined, undefined)) {
      const { key, windowStart } = row
      if (windowStart < from || windowStart > to || this.expired(windowStart)) continue
      yield [key, windowStart, value as DeepReadonly<V>]
    }
  }

  private nextSequence(key: K, windowStart: number): number {
    const first = { key, windowStart, sequence: 0 }
    const last = { key, windowStart, sequence: MAX_SEQUENCE }
    for (const row of this.store.range(first, last, true)) {
      if (this.windows.sameKey(row.key.key, key)) return row.key.sequence + 1
    }
    return 0
  }

  private expired(windowStart: number): boolean {
    return windowStart <= this.store.observedTime - this.windows.retention
  }

  /** What is on disk came without its time. */
  private observeRows(): void {
    for (const { key } of this.store.range(undefined, undefined)) this.store.observeTime(key.windowStart)
  }

  private observe(windowStart: number): void {
    this.store.observeTime(windowStart)
    if (windowStart < this.nextSweep) return
    this.nextSweep = windowStart + this.windows.retention
    for (const row of this.store.range(undefined, undefined)) {
      if (this.expired(row.key.windowStart)) this.delete(row)
    }
  }

  private delete(row: StoreEntry<WindowRowKey<K>, V>): void {
    this.store.write(row, undefined, row.timestamp, NO_HEADERS)
  }
}

/** Rows by key and window; a row's timestamp is that of the record that wrote it. */
export const openWindowStore = <K, V>(
  store: OrderedStore<WindowRowKey<K>, V>,
  windows: WindowRows,
  timestamp: () => number,
): WindowStore<K, V> => new OpenWindowStore(store, windows, timestamp)
