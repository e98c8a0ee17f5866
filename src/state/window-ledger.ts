import { kindRange, PREFIX_BYTES, readInt64, WINDOW, writePrefix } from './row-layout.js'
import type { StateDatabase } from './state-database.js'
import type { WriteBatch } from './write-batch.js'

/**
 * Which windows of a store have rows on disk, and since which offset of the changelog: so that a new window is not
 * looked for on disk, expired ones are found, and the changelog can be trimmed. Kept on disk beside the rows.
 */
export class WindowLedger {
  private readonly offsets = new Map<number, number>()
  /** No window with rows on disk starts later; -1: there is none. */
  greatest = -1

  constructor(
    private readonly storeId: number,
    readonly retention: number,
    /** The greatest window start on disk; -1: none. */
    public observedStart: number,
    /** What is on disk; see {@link windowsOnDisk}. */
    onDisk: ReadonlyMap<number, number>,
  ) {
    for (const [start, offset] of onDisk) this.note(start, offset)
  }

  /** Whether rows of a window may be on disk. */
  has(start: number): boolean {
    return this.offsets.has(start)
  }

  /** Starts of windows with rows on disk that have not expired, from `from` to `to`, in order. */
  between(from: number, to: number): number[] {
    const lowest = Math.max(from, this.expiredUpTo + 1)
    return [...this.offsets.keys()].filter((start) => start >= lowest && start <= to).sort((a, b) => a - b)
  }

  /** Writes a window down in a batch if it is new; `note` follows when that is on disk. */
  write(batch: WriteBatch, start: number, changelogOffset: number): void {
    if (this.offsets.has(start)) return
    const { bytes } = batch
    const keyStart = bytes.position
    writePrefix(bytes, this.storeId, WINDOW)
    bytes.writeInt64(start)
    const keyEnd = bytes.position
    bytes.writeInt64(changelogOffset)
    batch.put(keyStart, keyEnd, keyEnd, bytes.position)
  }

  /** Takes note of a window that has rows on disk now. */
  note(start: number, changelogOffset: number): void {
    if (this.offsets.has(start)) return
    this.offsets.set(start, changelogOffset)
    if (start > this.greatest) this.greatest = start
  }

  /** Takes note of a window start that was written. */
  observe(start: number): void {
    if (start > this.observedStart) this.observedStart = start
  }

  /** The greatest window start that has expired. */
  get expiredUpTo(): number {
    return this.observedStart - this.retention
  }

  /** The lowest start of a window that has expired and is on disk still; undefined where there is none. */
  get lowestExpired(): number | undefined {
    const { expiredUpTo } = this
    let lowest: number | undefined
    for (const start of this.offsets.keys()) {
      if (start <= expiredUpTo && (lowest === undefined || start < lowest)) lowest = start
    }
    return lowest
  }

  /** Takes off the windows up to a start, their rows being gone. */
  drop(upTo: number): void {
    for (const start of this.offsets.keys()) if (start <= upTo) this.offsets.delete(start)
  }

  /** Forgets everything, the disk being empty. */
  clear(): void {
    this.offsets.clear()
    this.greatest = -1
    this.observedStart = -1
  }

  /** The lowest offset of the changelog that windows need which have not expired; undefined where there are none. */
  get lowestNeededOffset(): number | undefined {
    const { expiredUpTo } = this
    let lowest: number | undefined
    for (const [start, offset] of this.offsets) {
      if (start > expiredUpTo && (lowest === undefined || offset < lowest)) lowest = offset
    }
    return lowest
  }
}

/** Reads what ledgers have written down of a store: the starts of its windows with rows, each with its offset. */
export async function windowsOnDisk(
  database: StateDatabase,
  storeId: number,
): Promise<ReadonlyMap<number, number>> {
  const windows = new Map<number, number>()
  for await (const { keys, values } of database.scan(kindRange(storeId, WINDOW))) {
    for (const [at, key] of keys.entries()) {
      windows.set(readInt64(key, PREFIX_BYTES), readInt64(values[at]!, 0))
    }
  }
  return windows
}
