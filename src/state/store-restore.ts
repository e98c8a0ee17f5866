import type { AnyLocalStore } from './local-store.js'
import { INT64_BYTES, ROW, readInt64, writePrefix } from './row-layout.js'
import { ChangelogFormatError } from './state-errors.js'
import type { WindowLedger } from './window-ledger.js'
import { WriteBatch } from './write-batch.js'

/** A changelog record in the buffer it was fetched in: a `RecordCursor` is one. */
export interface ChangelogRecord {
  readonly offset: number
  readonly timestamp: number
  readonly buffer: Buffer
  readonly keyStart: number
  /** -1: no key. */
  readonly keyEnd: number
  readonly valueStart: number
  /** -1: a tombstone. */
  readonly valueEnd: number
}

const SEQUENCE_BYTES = 4

/** Turns the records of a store's changelog into its rows on disk, a chunk at a time. */
export abstract class StoreRestore {
  protected readonly batch = new WriteBatch()

  constructor(
    protected readonly store: AnyLocalStore,
    private readonly apply: (batch: WriteBatch, nextOffset: number) => Promise<void>,
  ) {}

  /** Takes one record; the bytes are copied. */
  abstract add(record: ChangelogRecord): void

  /**
   * Writes what was added, with the position that the store stands at afterwards.
   *
   * @param nextOffset the changelog offset to go on from
   */
  async write(nextOffset: number): Promise<void> {
    await this.apply(this.batch, nextOffset)
    this.batch.clear()
  }

  protected finishRow(record: ChangelogRecord, keyStart: number): void {
    const { bytes } = this.batch
    const keyEnd = bytes.position
    if (record.valueEnd < 0) {
      this.batch.del(keyStart, keyEnd)
      return
    }
    bytes.writeInt64(record.timestamp)
    bytes.writeBytes(record.buffer, record.valueStart, record.valueEnd)
    this.batch.put(keyStart, keyEnd, keyEnd, bytes.position)
  }

  protected requireKey({ keyStart, keyEnd, offset }: ChangelogRecord, minBytes: number): void {
    if (keyEnd - keyStart >= minBytes) return
    const found = keyEnd < 0 ? 'no key' : `a key of ${keyEnd - keyStart} bytes`
    throw new ChangelogFormatError(this.store.name, offset, `${found}, at least ${minBytes} bytes expected`)
  }
}

export class KeyValueRestore extends StoreRestore {
  add(record: ChangelogRecord): void {
    this.requireKey(record, 0)
    const { bytes } = this.batch
    const keyStart = bytes.position
    writePrefix(bytes, this.store.id, ROW)
    bytes.writeBytes(record.buffer, record.keyStart, record.keyEnd)
    this.finishRow(record, keyStart)
  }
}

export class WindowRestore extends StoreRestore {
  /** Windows that are new on disk, with the first offset of each. */
  private readonly fresh = new Map<number, number>()
  private observedStart: number
  /** The window of the record before: mostly that of the next one too. */
  private lastStart = -1

  /** @param onRequest whether rows stay until they are said to have expired, which the changelog does not tell */
  constructor(
    store: AnyLocalStore,
    private readonly onRequest: boolean,
    private readonly ledger: WindowLedger,
    apply: (batch: WriteBatch, nextOffset: number) => Promise<void>,
  ) {
    super(store, apply)
    this.observedStart = ledger.observedStart
  }

  add(record: ChangelogRecord): void {
    this.requireKey(record, INT64_BYTES + SEQUENCE_BYTES)
    const { buffer, keyEnd } = record
    const innerEnd = keyEnd - INT64_BYTES - SEQUENCE_BYTES
    const windowStart = readInt64(buffer, innerEnd)
    if (buffer.readInt32BE(innerEnd + INT64_BYTES) !== 0) {
      throw new ChangelogFormatError(
        this.store.name,
        record.offset,
        'a sequence number other than 0 in the key',
      )
    }
    if (windowStart > this.observedStart && !this.onRequest) this.observedStart = windowStart
    if (windowStart <= this.observedStart - this.ledger.retention) return
    if (windowStart !== this.lastStart) this.enter(windowStart, record.offset)
    const { bytes } = this.batch
    const keyStart = bytes.position
    writePrefix(bytes, this.store.id, ROW)
    bytes.writeInt64(windowStart)
    bytes.writeBytes(buffer, record.keyStart, innerEnd)
    this.finishRow(record, keyStart)
  }

  private enter(windowStart: number, offset: number): void {
    this.lastStart = windowStart
    if (!this.fresh.has(windowStart) && !this.ledger.has(windowStart)) this.fresh.set(windowStart, offset)
  }

  override async write(nextOffset: number): Promise<void> {
    // Noted before the store hears of its rows.
    for (const [start, offset] of this.fresh) {
      this.ledger.write(this.batch, start, offset)
      this.ledger.note(start, offset)
    }
    this.fresh.clear()
    this.ledger.observe(this.observedStart)
    await super.write(nextOffset)
  }
}
