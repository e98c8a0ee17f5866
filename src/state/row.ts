import type { RecordHeaders } from '../serdes/record-headers.js'
import type { StoreEntry } from './store.js'

/** The epoch of a row that is not in memory any more. */
export const EVICTED = -1

/** A live row: a key's present value, as an object, ahead of what is on disk. */
export class Row<K, V> implements StoreEntry<K, V> {
  value: V | undefined = undefined
  /** Timestamp of the last write, deletions too; -1 before the first. */
  changedAt = -1
  /** The last epoch that changed the row; 0: none since it was read. It may be forgotten once that is persisted. */
  epoch = 0
  /** Used since the clock hand passed. */
  referenced = true
  /** Its place in the record cache while an update waits there. */
  update: CachedUpdate<K, V> | undefined = undefined

  constructor(
    readonly key: K,
    /** Equal for equal serialized keys: its place among the live rows. */
    readonly identity: string | number,
    readonly windowStart: number,
  ) {}

  get timestamp(): number {
    return this.value === undefined ? -1 : this.changedAt
  }
}

/** An update that waits in the record cache: the row has the new value already, downstream does not know it yet. */
export interface CachedUpdate<K, V> {
  readonly row: Row<K, V>
  /** What the row held when downstream last heard of it. */
  readonly oldValue: V | undefined
  headers: RecordHeaders
  readonly bytes: number
  previous: CachedUpdate<K, V> | undefined
  next: CachedUpdate<K, V> | undefined
}
