import type { RecordHeaders } from '../serdes/record-headers.js'
import type { CachedUpdate, Row } from './row.js'
import { StateError } from './state-errors.js'
import { ROWS_PER_STEP, type Steps } from './steps.js'
import type { CacheFlushListener } from './store.js'

/** What an update costs the cache beside its key and value: its place in the list and the record's context. */
export const UPDATE_OVERHEAD = 100

/** The error where a store lets go of an update and nobody is there to hear of it. */
export const missingListener = (store: string): StateError =>
  new StateError('NO_FLUSH_LISTENER', `store ${store} is cached, but no operator hears of its updates`)

/**
 * The record cache of one thread: holds updates of cached stores back, so that several of one key go downstream
 * as one, at commit or when the cache is full (Kafka Streams' `statestore.cache.max.bytes`).
 */
export class RecordCache {
  /** Bytes of the updates that wait, by estimate. */
  usedBytes = 0

  /** @param maxBytes 0: nothing is held back */
  constructor(readonly maxBytes: number) {}
}

/** The part of the record cache that belongs to one store: its updates, the least recently written first. */
export class StoreCache<K, V> {
  listener: CacheFlushListener<K, V> | undefined
  private oldest: CachedUpdate<K, V> | undefined
  private newest: CachedUpdate<K, V> | undefined

  constructor(
    private readonly store: string,
    private readonly cache: RecordCache,
  ) {}

  /**
   * Takes an update that the row has already. When the cache is over its bytes, this store lets go of its oldest
   * updates, as in Kafka Streams: the one that writes pays.
   */
  put(row: Row<K, V>, oldValue: V | undefined, headers: RecordHeaders, rowBytes: number): void {
    const present = row.update
    if (present === undefined) {
      const bytes = rowBytes + UPDATE_OVERHEAD
      const update = { row, oldValue, headers, bytes, previous: undefined, next: undefined }
      row.update = update
      this.append(update)
      this.cache.usedBytes += bytes
    } else {
      present.headers = headers
      if (present !== this.newest) {
        this.unlink(present)
        this.append(present)
      }
    }
    while (this.cache.usedBytes > this.cache.maxBytes && this.oldest !== undefined) this.release(this.oldest)
  }

  /** Lets go of every update. @returns whether there were any */
  *flush(): Steps<boolean> {
    if (this.oldest === undefined) return false
    for (let released = 1; this.oldest !== undefined; released++) {
      this.release(this.oldest)
      if (released % ROWS_PER_STEP === 0) yield
    }
    return true
  }

  /** Forgets every update. */
  discard(): void {
    for (let update = this.oldest; update !== undefined; update = update.next) {
      update.row.update = undefined
      this.cache.usedBytes -= update.bytes
    }
    this.oldest = undefined
    this.newest = undefined
  }

  private release(update: CachedUpdate<K, V>): void {
    const { listener } = this
    if (listener === undefined) throw missingListener(this.store)
    // Gone from the cache before the listener runs: what that writes comes in anew.
    this.unlink(update)
    const { row } = update
    row.update = undefined
    this.cache.usedBytes -= update.bytes
    if (row.value === undefined && update.oldValue === undefined) return
    listener.flushed(row, update.oldValue, update.headers, row.changedAt)
  }

  private append(update: CachedUpdate<K, V>): void {
    update.previous = this.newest
    update.next = undefined
    if (this.newest === undefined) this.oldest = update
    else this.newest.next = update
    this.newest = update
  }

  private unlink({ previous, next }: CachedUpdate<K, V>): void {
    if (previous === undefined) this.oldest = next
    else previous.next = next
    if (next === undefined) this.newest = previous
    else next.previous = previous
  }
}
