import type { WriteBatch } from './write-batch.js'

/** Keys from `start` (included) up to `end` (not included), in the order of their unsigned bytes. */
export interface KeyRange {
  readonly start: Uint8Array
  readonly end: Uint8Array
}

/** A part of a scan: as many keys as values, in order. */
export interface ScanChunk {
  readonly keys: readonly Buffer[]
  readonly values: readonly Buffer[]
}

export interface ScanOptions {
  /** Greatest number of rows; default: all. */
  readonly limit?: number
  /** From the last key to the first. */
  readonly reverse?: boolean
  /** Greatest number of rows in a chunk; default 1000. */
  readonly chunkSize?: number
}

/**
 * An ordered map of bytes: what is committed of one task's state, or of one store of it. One owner writes.
 *
 * This is the port behind which state lies. A class of your own that implements it keeps the rows of the stores that
 * have it as their `storage` (`storage: () => new RowsOfMine()`). Every backend passes
 * `test/state/state-database-conformance.ts`, which says what is expected of each method.
 */
export interface StateDatabase {
  /** Names it in errors: a path. */
  readonly location: string
  /** Bytes of memory that it takes at most while it is open, which count against `stateMaxBytes`; default: none. */
  readonly memoryBytes?: number
  /** The value of a key; the buffer belongs to the caller. */
  get(key: Buffer): Buffer | undefined
  /** The values of several keys as they are at one moment. */
  getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]>
  /** Applies a batch, all of it or nothing; the batch may be reused when the promise settles. */
  write(batch: WriteBatch): Promise<void>
  /** The rows of a range as they are at the time of the call, in chunks. */
  scan(range: KeyRange, options?: ScanOptions): AsyncIterableIterator<ScanChunk>
  /**
   * Deletes up to `limit` rows from the start of a range.
   *
   * @returns whether rows may be left in the range
   */
  deleteRange(range: KeyRange, limit: number): Promise<boolean>
  /** Bytes that the rows of a range take, by estimate; absent: it cannot tell. Asked for now and then, for metrics. */
  sizeOf?(range: KeyRange): Promise<number>
  /** Waits for what is under way and closes. Nothing may be called afterwards. */
  close(): Promise<void>
  /** Closes and deletes everything. */
  destroy(): Promise<void>
}

/** A database that can also be written within a step: the test driver commits each record at once. */
export interface SynchronousStateDatabase extends StateDatabase {
  writeSync(batch: WriteBatch): void
}

export const isSynchronous = (database: StateDatabase): database is SynchronousStateDatabase =>
  'writeSync' in database

/** The least bytes greater than all bytes that begin with `prefix`; empty where there are none. */
export function afterPrefix(prefix: Uint8Array): Buffer {
  for (let last = prefix.length - 1; last >= 0; last--) {
    if (prefix[last] === 0xff) continue
    const end = Buffer.from(prefix.subarray(0, last + 1))
    end[last] = end[last]! + 1
    return end
  }
  return Buffer.alloc(0)
}
