import type { DeepReadonly } from '../serdes/deep-readonly.js'
import { NO_HEADERS } from '../serdes/record-headers.js'
import type { OrderedStore } from './store.js'
import type { WindowRows } from './store-definition.js'
import { type RowView, requireStoreKey, valueOnly, withTimestamp } from './stored-row.js'
import type { ReadOrder, TimestampedWindowStore, ValueAndTimestamp, WindowStore } from './stores.js'
import { MAX_SEQUENCE, type WindowRowKey } from './window-row-key.js'

/** With so many, few of the rows that are kept have expired. */
const LOOKS_PER_PUT = 4

/** A task's store as processors use it, by windows. */
class OpenWindowStore<K, V, R> {
  readonly name: string
  /** The row that was looked at last, for whether it has expired. */
  private hand: WindowRowKey<K> | undefined

  constructor(
    private readonly store: OrderedStore<WindowRowKey<K>, V>,
    private readonly windows: WindowRows,
    private readonly view: RowView<V, R>,
  ) {
    this.name = store.name
  }

  put(key: K, row: R | null | undefined, windowStart: number): void {
    requireStoreKey(this.name, key)
    const { retainDuplicates } = this.windows
    if (retainDuplicates && (row === null || row === undefined)) return
    this.store.observeTime(windowStart)
    this.sweep()
    if (this.expired(windowStart)) return
    const sequence = retainDuplicates ? this.nextSequence(key, windowStart) : 0
    const entry = this.store.entry({ key, windowStart, sequence })
    if (row !== null && row !== undefined) {
      this.store.write(entry, this.view.valueOf(row), this.view.timestampOf(row), NO_HEADERS)
    } else if (entry.value !== undefined) {
      this.store.write(entry, undefined, entry.timestamp, NO_HEADERS)
    }
  }

  get(key: K, windowStart: number): R | undefined {
    for (const [, row] of this.fetch(key, windowStart, windowStart)) return row
    return undefined
  }

  *fetch(
    key: K,
    from: number,
    to: number,
    { reverse }: ReadOrder = {},
  ): Iterable<[windowStart: number, row: R]> {
    if (to < 0 || to < from) return
    const first = { key, windowStart: Math.max(0, from), sequence: 0 }
    const last = { key, windowStart: to, sequence: MAX_SEQUENCE }
    for (const row of this.store.range(first, last, reverse)) {
      // Other keys' bytes may lie in between.
      if (this.windows.sameKey(row.key.key, key) && !this.expired(row.key.windowStart)) {
        yield [row.key.windowStart, this.view.shown(row)]
      }
    }
  }

  *fetchAll(from: number, to: number): Iterable<[key: K, windowStart: number, row: R]> {
    for (const row of this.store.range(undefined, undefined)) {
      const { key, windowStart } = row.key
      if (windowStart < from || windowStart > to || this.expired(windowStart)) continue
      yield [key, windowStart, this.view.shown(row)]
    }
  }

  private nextSequence(key: K, windowStart: number): number {
    const first = { key, windowStart, sequence: 0 }
    // Rows of a key and window only go together. Mostly there are none, which takes no look at the keys around them.
    if (this.store.get(first) === undefined) return 0
    const last = { key, windowStart, sequence: MAX_SEQUENCE }
    for (const row of this.store.range(first, last, true)) {
      if (this.windows.sameKey(row.key.key, key)) return row.key.sequence + 1
    }
    return 0
  }

  private expired(windowStart: number): boolean {
    return windowStart <= this.store.observedTime - this.windows.retention
  }

  /** Deletes what has expired, a few rows at each put, in the order of their keys and from the beginning again. */
  private sweep(): void {
    const { store } = this
    for (let look = 0; look < LOOKS_PER_PUT; look++) {
      this.hand = store.next(this.hand)
      if (this.hand === undefined) return
      if (!this.expired(this.hand.windowStart)) continue
      const row = store.entry(this.hand)
      store.write(row, undefined, row.timestamp, NO_HEADERS)
    }
  }
}

/** Rows by key and window; a row's timestamp is that of the record that wrote it. */
export const openWindowStore = <K, V>(
  store: OrderedStore<WindowRowKey<K>, V>,
  windows: WindowRows,
  timestamp: () => number,
): WindowStore<K, V> =>
  new OpenWindowStore<K, V, DeepReadonly<V>>(store, windows, valueOnly(timestamp)) as WindowStore<K, V>

/** Rows by key and window with timestamps of their own. */
export const openTimestampedWindowStore = <K, V>(
  store: OrderedStore<WindowRowKey<K>, V>,
  windows: WindowRows,
): TimestampedWindowStore<K, V> =>
  new OpenWindowStore<K, V, ValueAndTimestamp<V>>(
    store,
    windows,
    withTimestamp(),
  ) as unknown as TimestampedWindowStore<K, V>
