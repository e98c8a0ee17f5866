import type {
  KeyValueRow,
  RangeOptions,
  ReadOnlyKeyValueStore,
  ReadOnlyWindowStore,
  ValueAndTimestamp,
  WindowRow,
} from './queries.js'
import type { KeyValueStoreDefinition, WindowRows } from './store-definition.js'
import type { WindowRowKey } from './window-row-key.js'

/** Reads a store that a processor keeps by windows: committed rows of windows that have not expired. */
export class WindowRowsView<K, V> implements ReadOnlyWindowStore<K, V> {
  private readonly windows: WindowRows

  constructor(
    private readonly rows: ReadOnlyKeyValueStore<WindowRowKey<K>, V>,
    definition: KeyValueStoreDefinition<WindowRowKey<K>, V>,
    /** The greatest window start put. */
    private readonly observedStart: () => number,
  ) {
    this.windows = definition.windows!
  }

  async get(key: K, windowStart: number): Promise<ValueAndTimestamp<V> | undefined> {
    const [row] = await this.fetch(key, windowStart, windowStart)
    return row && { value: row.value, timestamp: row.timestamp }
  }

  async fetch(key: K, from: number, to: number): Promise<WindowRow<K, V>[]> {
    const first = { key, windowStart: Math.max(0, from), sequence: 0 }
    const last = { key, windowStart: Math.max(0, to), sequence: 0x7fff_ffff }
    const found: WindowRow<K, V>[] = []
    const same = this.windows.sameKey as (left: K, right: K) => boolean
    for await (const row of this.live(this.rows.range(first, last), from, to)) {
      if (same(row.key, key)) found.push(row)
    }
    return found
  }

  async *fetchAll(
    from: number,
    to: number,
    { limit = Number.POSITIVE_INFINITY, ...order }: RangeOptions = {},
  ): AsyncIterableIterator<WindowRow<K, V>> {
    let left = limit
    for await (const row of this.live(this.rows.all(order), from, to)) {
      if (left-- <= 0) return
      yield row
    }
  }

  all(options?: RangeOptions): AsyncIterableIterator<WindowRow<K, V>> {
    return this.fetchAll(0, Number.MAX_SAFE_INTEGER, options)
  }

  private async *live(
    rows: AsyncIterable<KeyValueRow<WindowRowKey<K>, V>>,
    from: number,
    to: number,
  ): AsyncIterableIterator<WindowRow<K, V>> {
    const { size, retention } = this.windows
    const expiredUpTo = this.observedStart() - retention
    for await (const { key: row, value, timestamp } of rows) {
      const { key, windowStart } = row
      if (windowStart <= expiredUpTo || windowStart < from || windowStart > to) continue
      yield { key, windowStart, windowEnd: windowStart + size, value, timestamp }
    }
  }
}
