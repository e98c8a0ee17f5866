import type { RecordHeaders } from '../src/serdes/record-headers.js'
import {
  type CacheFlushListener,
  EXPIRED,
  isVersioned,
  type KeyValueStore,
  LATEST,
  type StoreEntry,
  type VersionEntry,
  type VersionedStore,
} from '../src/state/store.js'
import type { Change } from './change.js'
import type { Downstream, ProcessorContext } from './processor.js'

/**
 * Keeps the rows of a table in a store and hands on their changes: at once, or, with a cached store, when the cache
 * lets go of them. In a versioned store a change may be one of an older version; one that is too old is dropped.
 */
export class StoredChanges<K, V> implements CacheFlushListener<K, V> {
  private readonly downstream: Downstream<K, Change<V>>
  private readonly store: KeyValueStore<K, V>
  private readonly versions: VersionedStore<K, V> | undefined

  constructor(
    private readonly context: ProcessorContext<K, Change<V>>,
    storeName: string,
    private readonly sendOldValues: boolean,
  ) {
    this.downstream = context.downstream
    this.store = context.store(storeName)
    if (isVersioned(this.store)) this.versions = this.store as unknown as VersionedStore<K, V>
    else if (this.store.cached) this.store.onFlush(this)
  }

  /** The row of a key, to be written. */
  entry(key: K): StoreEntry<K, V> {
    return this.versions === undefined ? this.store.entry(key) : presentRow(key, this.versions.latest(key))
  }

  /** Sets a row's value, null to delete it, and hands on the change. */
  write(entry: StoreEntry<K, V>, newValue: V | null, timestamp: number): void {
    const { context, store, versions } = this
    const oldValue = entry.value
    if (versions !== undefined) {
      this.writeVersion(entry.key, newValue, oldValue, timestamp, versions)
      return
    }
    store.write(entry, newValue ?? undefined, timestamp, context.record.headers)
    if (!store.cached) this.forward(entry.key, newValue, oldValue, timestamp)
  }

  private writeVersion(
    key: K,
    newValue: V | null,
    oldValue: V | undefined,
    timestamp: number,
    versions: VersionedStore<K, V>,
  ): void {
    const validTo = versions.put(key, newValue, timestamp)
    if (validTo === EXPIRED) this.context.dropped('expired')
    else if (validTo === LATEST) this.forward(key, newValue, oldValue, timestamp)
    else {
      const old = this.sendOldValues ? (oldValue ?? null) : null
      this.downstream.process(key, { newValue, oldValue: old, outOfOrder: true }, timestamp)
    }
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

/** A versioned row as it is now. */
const presentRow = <K, V>(key: K, latest: VersionEntry<K, V> | undefined): StoreEntry<K, V> => ({
  key,
  windowStart: -1,
  value: latest?.value,
  timestamp: latest?.timestamp ?? -1,
})
