import { NO_HEADERS, type RecordHeaders } from '../../src/serdes/record-headers.js'
import type {
  CacheFlushListener,
  KeyValueStore,
  SpanEntry,
  SpanStore,
  StoreEntry,
  WindowStore,
} from '../../src/state/store.js'

interface Row<K, V> extends StoreEntry<K, V> {
  value: V | undefined
  timestamp: number
  changedAt: number
  flushedValue: V | undefined
  headers: RecordHeaders
}

/** The least store that operators can run on: rows in a Map, flushed when the test says so. */
class TestStore<K, V> {
  readonly rows = new Map<string, Row<K, V>>()
  private readonly dirty = new Set<Row<K, V>>()
  private listener: CacheFlushListener<K, V> | undefined

  constructor(
    readonly name: string,
    readonly cached: boolean,
  ) {}

  onFlush(listener: CacheFlushListener<K, V>): void {
    this.listener = listener
  }

  write(entry: StoreEntry<K, V>, value: V | undefined, timestamp: number, headers: RecordHeaders): void {
    const row = entry as Row<K, V>
    row.value = value
    row.timestamp = value === undefined ? -1 : timestamp
    row.changedAt = timestamp
    row.headers = headers
    if (this.cached) this.dirty.add(row)
  }

  flush(): void {
    for (const row of this.dirty) {
      this.listener?.flushed(row, row.flushedValue, row.headers, row.changedAt)
      row.flushedValue = row.value
    }
    this.dirty.clear()
  }

  protected row(key: K, windowStart: number): Row<K, V> {
    const id = `${windowStart}:${JSON.stringify(key)}`
    const present = this.rows.get(id)
    if (present !== undefined) return present
    const row = {
      key,
      windowStart,
      value: undefined,
      timestamp: -1,
      changedAt: -1,
      flushedValue: undefined,
      headers: NO_HEADERS,
    }
    this.rows.set(id, row)
    return row
  }
}

export class TestKeyValueStore<K, V> extends TestStore<K, V> implements KeyValueStore<K, V> {
  get(key: K): StoreEntry<K, V> | undefined {
    const row = this.row(key, -1)
    return row.value === undefined ? undefined : row
  }

  entry(key: K): StoreEntry<K, V> {
    return this.row(key, -1)
  }
}

export class TestWindowStore<K, V> extends TestStore<K, V> implements WindowStore<K, V> {
  readonly finals = undefined
  readonly observedTime = -1
  /** Windows that start before are gone. */
  expiredBefore = 0

  observeTime(): void {}

  expireBy(): void {}

  get(key: K, windowStart: number): StoreEntry<K, V> | undefined {
    const row = this.row(key, windowStart)
    return row.value === undefined ? undefined : row
  }

  entry(key: K, windowStart: number): StoreEntry<K, V> | undefined {
    return windowStart < this.expiredBefore ? undefined : this.row(key, windowStart)
  }
}

/** Spans that are as long as nothing, by key and start. */
export class TestSpanStore<K, V> extends TestStore<K, V> implements SpanStore<K, V> {
  readonly finals = undefined
  readonly observedTime = -1

  observeTime(): void {}

  expireBy(): void {}

  range(key: K, from: number, to: number): readonly SpanEntry<K, V>[] {
    const id = JSON.stringify(key)
    return [...this.rows.values()]
      .filter((row) => row.value !== undefined && JSON.stringify(row.key) === id)
      .filter(({ windowStart }) => windowStart >= from && windowStart <= to)
      .sort((left, right) => left.windowStart - right.windowStart)
      .map((row) => ({ ...row, windowEnd: row.windowStart }))
  }

  span(key: K, start: number): SpanEntry<K, V> {
    return Object.assign(this.row(key, start), { windowEnd: start })
  }
}
