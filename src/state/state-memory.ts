import type { StateDatabase } from './state-database.js'

/** Rows in memory that can be read again from disk. */
export interface LiveRows {
  /** Bytes they take, by estimate. */
  readonly liveBytes: number
  /** Forgets about `count` rows that are on disk as they are here; fewer where not so many are found soon. */
  evict(count: number): void
  readonly rowBytes: number
}

/** How many new rows come between two looks at the total. */
const ROWS_PER_LOOK = 64
/** A look lets go of so many rows at most, so that no record waits long for it. */
const MAX_EVICTIONS = 1024
/** Of the memory, which rows have in any case, however many databases are open. */
const SHARE_OF_ROWS = 1 / 2

/**
 * The bytes that the state of one thread may take: live rows, and the databases below them. Over it, rows that are
 * safely on disk are forgotten, those not used for longest first (a clock). Rows with changes that are not persisted
 * stay: the epochs bound those.
 */
export class StateMemory {
  private readonly owners = new Set<LiveRows>()
  private added = 0
  private databaseBytes = 0

  constructor(readonly maxBytes: number) {}

  register(rows: LiveRows): void {
    this.owners.add(rows)
  }

  unregister(rows: LiveRows): void {
    this.owners.delete(rows)
  }

  /** Takes note of a database that is open: what it takes is not there for rows. */
  addDatabase({ memoryBytes = 0 }: StateDatabase): void {
    this.databaseBytes += memoryBytes
  }

  removeDatabase({ memoryBytes = 0 }: StateDatabase): void {
    this.databaseBytes -= memoryBytes
  }

  /** Bytes that live rows may take. */
  get maxRowBytes(): number {
    return Math.max(this.maxBytes - this.databaseBytes, this.maxBytes * SHARE_OF_ROWS)
  }

  /** Bytes that live rows take, by estimate. */
  get usedBytes(): number {
    let bytes = 0
    for (const owner of this.owners) bytes += owner.liveBytes
    return bytes
  }

  /** Bytes in use beyond what may be; not positive: there is room. */
  get excess(): number {
    return this.usedBytes - this.maxRowBytes
  }

  /** To be called before rows are added. */
  makeRoom(rows = 1): void {
    this.added += rows
    if (this.added < ROWS_PER_LOOK) return
    this.added = 0
    this.reclaim()
  }

  /** Forgets every row that may be forgotten. */
  release(): void {
    for (const owner of this.owners) owner.evict(Math.ceil(owner.liveBytes / owner.rowBytes))
  }

  /** Has rows forgotten if there are too many. Every store gives in proportion to what it has. */
  reclaim(): void {
    const { excess } = this
    if (excess <= 0) return
    const share = excess / this.usedBytes
    for (const owner of this.owners) {
      const rows = Math.ceil((owner.liveBytes * share) / owner.rowBytes)
      if (rows > 0) owner.evict(Math.min(rows, MAX_EVICTIONS))
    }
  }
}
