import type { ByteWriter } from '../serdes/byte-writer.js'
import type { RecordHeaders } from '../serdes/record-headers.js'
import type { Serde } from '../serdes/serde.js'
import type { ChangelogWriter } from './changelog-writer.js'
import { type RecordCache, StoreCache } from './record-cache.js'
import { EVICTED, Row } from './row.js'
import { kindRange, ROW, readInt64, VALUE_OFFSET, writePrefix } from './row-layout.js'
import { RowSize } from './row-size.js'
import type { StateDatabase } from './state-database.js'
import { StateError } from './state-errors.js'
import type { LiveRows, StateMemory } from './state-memory.js'
import { ROWS_PER_STEP, type Steps } from './steps.js'
import type { CacheFlushListener, StoreEntry } from './store.js'
import type { StoreDefinition } from './store-definition.js'
import type { WriteBatch } from './write-batch.js'

/** One row in so many changed ones is weighed. */
const SAMPLE_EVERY = 256
/** The clock hand looks at so many rows at most for each row that it is to forget. */
const LOOKS_PER_EVICTION = 4
const MIN_LOOKS = 64

/** The epochs of a task: which one is open, and which are on disk. */
export interface EpochNumbers {
  current: number
  /** The last one whose changes are on disk. */
  persisted: number
}

/** What the stores of a task share. */
export interface StoreContext {
  readonly database: StateDatabase
  readonly epochs: EpochNumbers
  readonly memory: StateMemory
  readonly cache: RecordCache
  readonly scratch: ByteWriter
  readonly counts: StoreCounts
}

/** What was asked of a store. */
export interface StoreCounts {
  /** Rows that were looked for by key. */
  lookups: number
  /** Those of them that were not in memory, so that the database was asked. */
  misses: number
}

/** What a store put into a staged epoch. */
export interface StagedStore {
  readonly rows: number
  /** Starts of windows that got rows, each once, expired ones left out; none in stores without windows. */
  readonly windows: ReadonlySet<number>
  /** The greatest window start written up to then; -1: none. */
  readonly observedStart: number
}

/**
 * What key-value and window stores have in common: live rows in memory ahead of those on disk, and the list of
 * rows that the open epoch has changed. Nothing is written to disk here.
 */
export abstract class LocalStore<K, V> implements LiveRows {
  readonly name: string
  readonly logged: boolean
  readonly cached: boolean
  protected readonly key: Serde<K>
  protected readonly value: Serde<V>
  protected readonly identityOf: (key: K) => string | number
  protected readonly size: RowSize<K, V>
  protected readonly updates: StoreCache<K, V>
  protected readonly counts: StoreCounts
  private dirty: Row<K, V>[] = []
  private hand: IterableIterator<Row<K, V>> | undefined

  constructor(
    definition: StoreDefinition<K, V>,
    /** Its number on disk. */
    readonly id: number,
    protected readonly context: StoreContext,
  ) {
    this.name = definition.name
    this.counts = context.counts
    this.logged = definition.logging
    this.key = definition.key
    this.value = definition.value
    this.cached = definition.caching && context.cache.maxBytes > 0
    this.identityOf = definition.key.identity ?? bytesIdentity(definition.key, context.scratch)
    this.size = new RowSize(definition.key, definition.value, context.scratch)
    this.updates = new StoreCache(definition.name, context.cache)
    context.memory.register(this)
  }

  onFlush(listener: CacheFlushListener<K, V>): void {
    this.updates.listener = listener
  }

  write(entry: StoreEntry<K, V>, value: V | undefined, timestamp: number, headers: RecordHeaders): void {
    const row = entry as Row<K, V>
    const oldValue = row.value
    row.value = value
    row.changedAt = timestamp
    if (row.epoch !== this.context.epochs.current) this.markDirty(row)
    if (this.cached) this.updates.put(row, oldValue, headers, this.size.serialized)
  }

  protected markDirty(row: Row<K, V>): void {
    if (row.epoch === EVICTED) this.addRow(row)
    row.epoch = this.context.epochs.current
    if (this.dirty.length % SAMPLE_EVERY === 0 && row.value !== undefined) this.weigh(row.key, row.value)
    this.dirty.push(row)
  }

  private weigh(key: K, value: V): void {
    try {
      this.size.sample(key, value)
    } catch (cause) {
      throw this.unserializable(cause)
    }
  }

  private unserializable(cause: unknown): StateError {
    const problem = cause instanceof Error ? cause.message : String(cause)
    return new StateError('UNSERIALIZABLE_ROW', `store ${this.name} cannot serialize a row: ${problem}`, {
      cause,
    })
  }

  /** Sends the updates that the record cache holds downstream. @returns whether there were any */
  flushCache(): Steps<boolean> {
    return this.updates.flush()
  }

  /** Bytes of what the open epoch has changed, by estimate. */
  get dirtyBytes(): number {
    return this.dirty.length * this.size.heap
  }

  /** Serializes all rows changed in the open epoch, into the batch and the changelog. */
  *stage(batch: WriteBatch, changelog: ChangelogWriter): Steps<StagedStore> {
    const rows = this.dirty
    this.dirty = []
    const before = batch.bytes.position
    const windows = new Set<number>()
    for (let from = 0; from < rows.length; from += ROWS_PER_STEP) {
      this.stageRows(rows, from, windows, batch, changelog)
      yield
    }
    this.size.learn(batch.bytes.position - before, rows.length)
    return { rows: rows.length, windows, observedStart: this.observedStart }
  }

  /** One step of `stage`. */
  private stageRows(
    rows: readonly Row<K, V>[],
    from: number,
    windows: Set<number>,
    batch: WriteBatch,
    changelog: ChangelogWriter,
  ): void {
    const to = Math.min(rows.length, from + ROWS_PER_STEP)
    try {
      for (let index = from; index < to; index++) this.stageLive(rows[index]!, windows, batch, changelog)
    } catch (cause) {
      throw this.unserializable(cause)
    }
  }

  private stageLive(
    row: Row<K, V>,
    windows: Set<number>,
    batch: WriteBatch,
    changelog: ChangelogWriter,
  ): void {
    const { windowStart } = row
    if (windowStart >= 0) {
      if (this.expired(windowStart)) return
      windows.add(windowStart)
    }
    this.stageRow(row, batch, changelog)
  }

  /** Forgets every live row and update, with what was changed in them. */
  discard(): void {
    this.updates.discard()
    this.dirty = []
    this.hand = undefined
    this.dropRows()
  }

  /** Gives its memory back; the store is not used afterwards. */
  close(): void {
    this.discard()
    this.context.memory.unregister(this)
  }

  get rowBytes(): number {
    return this.size.live
  }

  get liveBytes(): number {
    return this.rowCount * this.size.live
  }

  evict(count: number): void {
    let left = count
    for (let looks = LOOKS_PER_EVICTION * count + MIN_LOOKS; looks > 0 && left > 0; looks--) {
      this.hand ??= this.liveRows()
      const { value: row, done } = this.hand.next()
      if (done === true) {
        this.hand = undefined
        if (this.rowCount === 0) return
      } else if (this.evictIfIdle(row)) left--
    }
  }

  private evictIfIdle(row: Row<K, V>): boolean {
    if (row.referenced) {
      row.referenced = false
      return false
    }
    if (row.epoch > this.context.epochs.persisted || row.update !== undefined) return false
    row.epoch = EVICTED
    this.removeRow(row)
    return true
  }

  /** Makes the row of a key that is not in memory, with what the disk has of it unless `absent`. */
  protected load(key: K, identity: string | number, windowStart: number, absent: boolean): Row<K, V> {
    this.context.memory.makeRoom()
    const row = new Row<K, V>(key, identity, windowStart)
    if (!absent) {
      this.counts.misses++
      this.read(row)
    }
    this.addRow(row)
    return row
  }

  private read(row: Row<K, V>): void {
    const { scratch, database } = this.context
    scratch.reset()
    this.writeKey(row, scratch)
    const stored = database.get(scratch.view())
    if (stored === undefined) return
    try {
      row.value = this.value.deserialize(stored, VALUE_OFFSET, stored.length)
    } catch (cause) {
      throw new StateError('UNREADABLE_ROW', `store ${this.name} cannot read a row of ${database.location}`, {
        cause,
      })
    }
    row.changedAt = readInt64(stored, 0)
  }

  /** Reads all rows on disk, in chunks; `spill` is called behind each, to make room for what is kept of them. */
  protected async readRows(
    found: (rowKey: Buffer, stored: Buffer) => void,
    spill: () => Promise<void>,
  ): Promise<void> {
    for await (const { keys, values } of this.context.database.scan(kindRange(this.id, ROW))) {
      for (const [at, key] of keys.entries()) found(key, values[at]!)
      await spill()
    }
  }

  private writeKey(row: Row<K, V>, target: ByteWriter): void {
    writePrefix(target, this.id, ROW)
    if (row.windowStart >= 0) target.writeInt64(row.windowStart)
    this.key.serialize(row.key, target)
  }

  /** Writes a row into the batch, and into the changelog if the store has one. */
  protected abstract stageRow(row: Row<K, V>, batch: WriteBatch, changelog: ChangelogWriter): void

  /** Writes timestamp and value; returns where they end, -1 where there is no value. */
  protected writeValue(row: Row<K, V>, target: ByteWriter): number {
    if (row.value === undefined) return -1
    target.writeInt64(row.changedAt)
    this.value.serialize(row.value, target)
    return target.position
  }

  /** Number of live rows. */
  abstract readonly rowCount: number
  /** The greatest window start written; -1: none. */
  abstract readonly observedStart: number
  protected abstract expired(windowStart: number): boolean
  protected abstract liveRows(): IterableIterator<Row<K, V>>
  protected abstract addRow(row: Row<K, V>): void
  protected abstract removeRow(row: Row<K, V>): void
  protected abstract dropRows(): void
  /** Called when a staged epoch is on disk. */
  abstract persisted(staged: StagedStore): void
  /** Called when the rows on disk have changed behind the store: `rows` says whether there are any now. */
  abstract replaced(rows: boolean): void
}

// biome-ignore lint/suspicious/noExplicitAny: a task has stores of many types; each is typed where it is used.
export type AnyLocalStore = LocalStore<any, any>

/** The identity of keys whose serde declares none: their bytes. */
function bytesIdentity<K>(serde: Serde<K>, scratch: ByteWriter): (key: K) => string {
  return (key) => {
    scratch.reset()
    serde.serialize(key, scratch)
    return scratch.buffer.toString('latin1', 0, scratch.position)
  }
}
