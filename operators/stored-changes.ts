import type { RecordHeaders } from '../src/serdes/record-headers.js'
import type { CacheFlushListener, KeyValueStore, StoreEntry } from '../src/state/store.js'
import type { Change } from './change.js'
import type { Downstream, ProcessorContext } from './processor.js'

/**
 * Keeps the rows of a table in a store and hands on their changes: at once, or, with a cached store, when the cache
 * lets go of them.
 */
export class StoredChanges<K, V> implements CacheFlushListener<K, V> {
  private readonly downstream: Downstream<K, Change<V>>
  private readonly store: KeyValueStore<K, V>

  constructor(
    private readonly context: ProcessorContext<K, Change<V>>,
    storeName: string,
    private readonly sendOldValues: boolean,
  ) {
    this.downstream = context.downstream
    this.store = context.store(storeName)
    if (this.store.cached) this.store.onFlush(this)
  }

  /** The row of a key, to be written. */
  entry(key: K): StoreEntry<K, V> {
    return this.store.entry(key)
  }

  /** Sets a row's value, null to delete it, and hands on the change. */
  write(entry: StoreEntry<K, V>, newValue: V | null, timestamp: number): void {
    const { context, store } = this
    const oldValue = entry.value
    store.write(entry, newValue ?? undefined, timestamp, context.record.headers)
    if (!store.cached) this.forward(entry.key, newValue, oldValue, timestamp)
  }

  flushed(entry: StoreEntry<K, V>, oldValue: V | undefined, headers: RecordHeaders, timestamp: number): void {
    const { record } = this.context
    const interrupted = record.headers
    record.headers = headers
    this.forward(entry.key, entry.value ?? null, oldValue, timestamp)
    record.headers = interrupted
  }

  private forward(key: K, newValue: V | null, oldValue: V | undefined, timestamp: number): void {
    const change = { newValue, oldValue: this.sendOldValues ? (oldValue ?? null) : null }
    this.downstream.process(key, change, timestamp)
  }
}
