import type { RecordHeaders } from '../serdes/record-headers.js'
import type { ChangelogWriter } from './changelog-writer.js'
import { FinalRows } from './final-rows.js'
import { LocalStore, type StagedStore, type StoreContext } from './local-store.js'
import type { Row } from './row.js'
import { RowIndex } from './row-index.js'
import { INT64_BYTES, PREFIX_BYTES, ROW, readInt64, VALUE_OFFSET, writePrefix } from './row-layout.js'
import type { Steps } from './steps.js'
import type { StoreEntry, TimedStore, WindowStore } from './store.js'
import { expiresOnRequest, type WindowStoreDefinition } from './store-definition.js'
import type { WindowLedger } from './window-ledger.js'
import type { WriteBatch } from './write-batch.js'

/** The live rows of one window. */
class LiveWindow<K, V> {
  readonly rows = new RowIndex<K, V>()

  constructor(
    readonly start: number,
    /** Whether every row of the window that has a value is in memory. */
    public complete: boolean,
  ) {}
}

/** Values by key and window start, for windows of a fixed grid: live rows over those on disk, window by window. */
export class LocalWindowStore<K, V> extends LocalStore<K, V> implements WindowStore<K, V>, TimedStore {
  private readonly windows = new Map<number, LiveWindow<K, V>>()
  /** The window last asked for: mostly the next one too. */
  private last: LiveWindow<K, V> | undefined
  private readonly retention: number
  /** The greatest window start written. */
  observedStart: number
  rowCount = 0
  readonly finals: FinalRows<K, V> | undefined
  private readonly expiresByWrites: boolean

  /** @param ledger which windows have rows on disk */
  constructor(
    definition: WindowStoreDefinition<K, V>,
    id: number,
    context: StoreContext,
    protected readonly ledger: WindowLedger,
  ) {
    super(definition, id, context)
    this.retention = definition.retention
    this.observedStart = ledger.observedStart
    this.expiresByWrites = !expiresOnRequest(definition)
    if (definition.final === true) {
      const read = (key: K, start: number, position: number) => this.finalRow(key, start, position)
      this.finals = new FinalRows(definition.key, read, id, context)
    }
  }

  get(key: K, windowStart: number): Row<K, V> | undefined {
    if (this.expired(windowStart)) return undefined
    const window = this.window(windowStart)
    const identity = this.identityOf(key)
    this.counts.lookups++
    const row =
      window.rows.get(identity) ??
      (window.complete ? undefined : this.load(key, identity, windowStart, false))
    if (row === undefined || row.value === undefined) return undefined
    row.referenced = true
    return row
  }

  entry(key: K, windowStart: number): Row<K, V> | undefined {
    if (this.expired(windowStart)) return undefined
    const window = this.window(windowStart)
    const identity = this.identityOf(key)
    this.counts.lookups++
    const row = window.rows.get(identity)
    if (row === undefined) return this.load(key, identity, windowStart, window.complete)
    row.referenced = true
    return row
  }

  override write(
    entry: StoreEntry<K, V>,
    value: V | undefined,
    timestamp: number,
    headers: RecordHeaders,
  ): void {
    const { key, windowStart } = entry
    this.wrote(windowStart)
    if ((entry.value === undefined) !== (value === undefined)) {
      this.finals?.changed(key, windowStart, windowStart, value !== undefined)
    }
    super.write(entry, value, timestamp, headers)
  }

  get observedTime(): number {
    return this.observedStart
  }

  observeTime(time: number): void {
    this.ledger.observe(time)
    this.observe(time)
  }

  expireBy(position: number): void {
    const open = this.finals?.firstPosition() ?? Number.POSITIVE_INFINITY
    this.observe(Math.min(position, open + this.rowRetention - 1))
  }

  /** Takes note of a position that was written. */
  protected wrote(position: number): void {
    if (this.expiresByWrites) this.observe(position)
  }

  /** Moves on the time by which rows expire. */
  protected observe(position: number): void {
    if (position > this.observedStart) this.observedStart = position
  }

  /** How long a row is kept behind the greatest position. */
  protected get rowRetention(): number {
    return this.retention
  }

  /** A row to be handed out. */
  protected finalRow(key: K, start: number, _position: number): StoreEntry<K, V> | undefined {
    return this.get(key, start)
  }

  /** Finds the rows on disk that are to be handed out; to be awaited before the first record. */
  async loadPlaces(): Promise<void> {
    const { finals } = this
    if (finals === undefined || !finals.beginLoading()) return
    await this.readRows(
      (rowKey, stored) => this.foundFinals(finals, rowKey, stored),
      () => finals.spill(),
    )
  }

  /** Takes note of what a row on disk has. */
  protected foundFinals(finals: FinalRows<K, V>, rowKey: Buffer, _value: Buffer): void {
    const start = readInt64(rowKey, PREFIX_BYTES)
    finals.found(rowKey.subarray(PREFIX_BYTES + INT64_BYTES), start, start)
  }

  override close(): void {
    super.close()
    this.finals?.close()
  }

  private window(start: number): LiveWindow<K, V> {
    const { last } = this
    return last !== undefined && last.start === start ? last : this.switchTo(start)
  }

  private switchTo(start: number): LiveWindow<K, V> {
    let window = this.windows.get(start)
    if (window === undefined) {
      window = new LiveWindow<K, V>(start, !this.ledger.has(start))
      this.windows.set(start, window)
    }
    this.last = window
    return window
  }

  override *stage(batch: WriteBatch, changelog: ChangelogWriter): Steps<StagedStore> {
    const staged = yield* super.stage(batch, changelog)
    this.dropExpired()
    this.finals?.stage(batch)
    return staged
  }

  protected stageRow(row: Row<K, V>, batch: WriteBatch, changelog: ChangelogWriter): void {
    const { bytes } = batch
    const start = bytes.position
    writePrefix(bytes, this.id, ROW)
    bytes.writeInt64(row.windowStart)
    this.key.serialize(row.key, bytes)
    const keyEnd = bytes.position
    // The changelog's key is the key, the window's start and a sequence number, here always 0.
    bytes.writeInt64(row.windowStart)
    bytes.writeInt32(0)
    const logKeyEnd = bytes.position
    const valueEnd = this.writeValue(row, bytes)
    if (valueEnd < 0) batch.del(start, keyEnd)
    else batch.put(start, keyEnd, logKeyEnd, valueEnd)
    if (!this.logged) return
    const { buffer } = bytes
    changelog.append(
      this.name,
      buffer,
      start + PREFIX_BYTES + INT64_BYTES,
      logKeyEnd,
      buffer,
      logKeyEnd + VALUE_OFFSET,
      valueEnd,
      row.changedAt,
    )
  }

  /** The same rule as Kafka Streams': a window start is kept that is less than the retention behind the greatest. */
  protected expired(windowStart: number): boolean {
    return windowStart <= this.observedStart - this.retention
  }

  private dropExpired(): void {
    for (const window of this.windows.values()) {
      if (this.expired(window.start)) this.forget(window)
    }
  }

  private forget(window: LiveWindow<K, V>): void {
    this.rowCount -= window.rows.size
    this.windows.delete(window.start)
    if (this.last === window) this.last = undefined
  }

  protected *liveRows(): IterableIterator<Row<K, V>> {
    for (const window of this.windows.values()) yield* window.rows.rows()
  }

  protected addRow(row: Row<K, V>): void {
    this.window(row.windowStart).rows.add(row)
    this.rowCount++
  }

  protected removeRow(row: Row<K, V>): void {
    const window = this.windows.get(row.windowStart)
    if (window === undefined) return
    window.rows.delete(row.identity)
    this.rowCount--
    if (row.value !== undefined) window.complete = false
    if (window.rows.size === 0 && window !== this.last) this.windows.delete(row.windowStart)
  }

  protected dropRows(): void {
    this.windows.clear()
    this.last = undefined
    this.rowCount = 0
    this.observedStart = this.ledger.observedStart
    this.finals?.clear()
  }

  /** The ledger learns of the windows; the live rows are ahead of the disk as before. */
  persisted(): void {}

  replaced(): void {
    this.dropRows()
  }
}
