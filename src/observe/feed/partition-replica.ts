import { MinHeap } from './min-heap.js'
import { bytesOf, type ReplicaRow } from './replica-row.js'

/** Lists are cleaned up when they are more than twice as long as what counts in them, and so many. */
const SLACK = 1024

interface ExpiringRow {
  readonly id: string
  readonly position: number
}

/**
 * The rows of one partition in the order of their last changes, so that whoever has all up to a change finds what came
 * after: each row once, as it is now. What was deleted stays as a note, as long as there is room.
 */
export class PartitionReplica {
  private readonly rows = new Map<string, ReplicaRow>()
  /** The rows by their last changes, with some that were replaced since. */
  private log: ReplicaRow[] = []
  /** The notes of deletions among them, likewise. */
  private notes: ReplicaRow[] = []
  private noteCount = 0
  private noteBytes = 0
  /** Rows of windows, first the one that expires first; some are gone by now. */
  private expiring = new MinHeap<ExpiringRow>(({ position }) => position)
  /** The greatest position of a row of a window; -1: none. */
  private observed = -1
  /** What its rows take, bytes. */
  bytes = 0
  /** The offset of the next record. */
  position = 0
  /** The sequence number of the next change. */
  end = 0
  /** Notes of deletions before this change may be gone. */
  floor = 0
  /** Who stands before this offset cannot go on from there: it is not known what was deleted since. */
  floorOffset = 0

  /** @param maxNoteBytes what notes of deletions may take */
  constructor(private readonly maxNoteBytes: number) {}

  /** Number of rows that are there. */
  get size(): number {
    return this.rows.size - this.noteCount
  }

  get(id: string): ReplicaRow | undefined {
    return this.rows.get(id)
  }

  /**
   * Takes in a change.
   *
   * @param raw the bytes of the value, as latin1; undefined: the row is deleted
   */
  put(id: string, raw: string | undefined, offset: number, timestamp: number): void {
    const deleted = raw === undefined
    const before = this.rows.get(id)
    if (deleted && before?.deleted === true) return
    if (before !== undefined) this.replace(before)
    const row: ReplicaRow = {
      id,
      offset,
      sequence: this.end++,
      timestamp,
      raw,
      message: undefined,
      deleted,
      replaced: false,
    }
    this.rows.set(id, row)
    this.log.push(row)
    this.bytes += bytesOf(row)
    if (deleted) this.note(row)
    if (isLoose(this.log.length, this.rows.size)) this.log = this.log.filter(({ replaced }) => !replaced)
  }

  /**
   * Takes in a change of a row of a window, unless it has expired; what expires by it is deleted with it.
   *
   * @param position of the window
   * @param retention how far behind the greatest position a row may be, milliseconds
   */
  putWindowed(
    id: string,
    raw: string | undefined,
    offset: number,
    timestamp: number,
    position: number,
    retention: number,
  ): void {
    if (position > this.observed) this.observed = position
    const expired = this.observed - retention
    this.expire(expired, offset)
    if (position <= expired) return
    const before = this.rows.get(id)
    if (raw !== undefined && (before === undefined || before.deleted)) this.expiring.push({ id, position })
    this.put(id, raw, offset, timestamp)
    if (isLoose(this.expiring.size, this.size)) this.forgetGone()
  }

  private expire(upTo: number, offset: number): void {
    for (let next = this.expiring.first; next !== undefined; next = this.expiring.first) {
      if (next.position > upTo) return
      this.expiring.shift()
      const row = this.rows.get(next.id)
      if (row !== undefined) this.put(next.id, undefined, offset, row.timestamp)
    }
  }

  private forgetGone(): void {
    const there = new MinHeap<ExpiringRow>(({ position }) => position)
    const seen = new Set<string>()
    for (let next = this.expiring.shift(); next !== undefined; next = this.expiring.shift()) {
      if (seen.has(next.id) || this.rows.get(next.id)?.deleted !== false) continue
      seen.add(next.id)
      there.push(next)
    }
    this.expiring = there
  }

  /** Deletes the rows whose last change was before an offset. */
  cutOff(offset: number): void {
    for (const row of this.log) {
      if (row.offset >= offset) return
      if (!row.replaced) this.put(row.id, undefined, this.position, row.timestamp)
    }
  }

  /** The rows from a change on, and before another, in the order of their changes. */
  *changes(from: number, to: number): IterableIterator<ReplicaRow> {
    const { log } = this
    for (let at = this.indexOf(from); at < log.length; at++) {
      const row = log[at]!
      if (row.sequence >= to) return
      if (!row.replaced) yield row
    }
  }

  /** The first change at an offset or behind it. */
  changeAt(offset: number): number {
    const at = firstIndex(this.log, (row) => row.offset >= offset)
    return this.log[at]?.sequence ?? this.end
  }

  /** Up to where somebody has read who stands before a change. */
  offsetAt(change: number): number {
    return this.log[this.indexOf(change)]?.offset ?? this.position
  }

  private indexOf(change: number): number {
    return change >= this.end ? this.log.length : firstIndex(this.log, (row) => row.sequence >= change)
  }

  /** Keeps what subscribers are told of a row instead of its bytes. */
  show(row: ReplicaRow, message: string): void {
    const before = bytesOf(row)
    row.message = message
    row.raw = undefined
    const more = bytesOf(row) - before
    this.bytes += more
    if (row.deleted) this.noteBytes += more
  }

  private note(row: ReplicaRow): void {
    this.notes.push(row)
    this.noteCount++
    this.noteBytes += bytesOf(row)
    if (isLoose(this.notes.length, this.noteCount)) {
      this.notes = this.notes.filter(({ replaced }) => !replaced)
    }
    if (this.noteBytes > this.maxNoteBytes) this.forgetNotes()
  }

  /** Forgets the older half of the notes. */
  private forgetNotes(): void {
    const notes = this.notes.filter(({ replaced }) => !replaced)
    let kept = 0
    for (; kept < notes.length && this.noteBytes > this.maxNoteBytes / 2; kept++) {
      const note = notes[kept]!
      this.replace(note)
      this.rows.delete(note.id)
      this.floor = note.sequence + 1
      this.floorOffset = Math.max(this.floorOffset, note.offset + 1)
    }
    this.notes = notes.slice(kept)
  }

  private replace(row: ReplicaRow): void {
    const bytes = bytesOf(row)
    this.bytes -= bytes
    row.replaced = true
    row.raw = undefined
    row.message = undefined
    if (!row.deleted) return
    this.noteCount--
    this.noteBytes -= bytes
  }
}

const isLoose = (length: number, needed: number): boolean => length > 2 * needed + SLACK

/** The first index whose item passes a test that all behind it pass too; the length where none does. */
function firstIndex<T>(items: readonly T[], passes: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (passes(items[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}
