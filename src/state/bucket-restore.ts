import { ByteWriter } from '../serdes/byte-writer.js'
import { windowEnd } from '../windows/window.js'
import { spanPosition } from './bucket.js'
import { beginSpan, encodedSpans, endSpan } from './bucket-codec.js'
import type { AnyLocalStore } from './local-store.js'
import { INT64_BYTES, ROW, readInt64, VALUE_OFFSET, writePrefix } from './row-layout.js'
import type { StateDatabase } from './state-database.js'
import { ChangelogFormatError } from './state-errors.js'
import { expiresOnRequest, type SpanStoreDefinition } from './store-definition.js'
import { type ChangelogRecord, StoreRestore } from './store-restore.js'
import type { WindowLedger } from './window-ledger.js'
import type { WriteBatch } from './write-batch.js'

/** A span of a bucket that is being restored. */
interface RestoredSpan {
  readonly start: number
  readonly end: number
  readonly timestamp: number
  readonly value: Buffer
}

interface RestoredBucket {
  readonly key: Buffer
  /** By start and end. */
  readonly spans: Map<string, RestoredSpan>
}

/** What follows the key in a record's key: end and start of a session, start and sequence number of a window. */
const SUFFIX_BYTES = { session: 2 * INT64_BYTES, rangedWindow: INT64_BYTES + 4 } as const

/** Turns changelog records, one a span, into buckets on disk. */
export class BucketRestore extends StoreRestore {
  private readonly buckets = new Map<string, RestoredBucket>()
  /** Segments that are new on disk, with the first offset of each. */
  private readonly fresh = new Map<number, number>()
  private readonly scratch = new ByteWriter(256)
  private observed: number

  constructor(
    store: AnyLocalStore,
    private readonly definition: SpanStoreDefinition<unknown, unknown>,
    private readonly ledger: WindowLedger,
    private readonly database: StateDatabase,
    apply: (batch: WriteBatch, nextOffset: number) => Promise<void>,
  ) {
    super(store, apply)
    this.observed = ledger.observedStart
  }

  add(record: ChangelogRecord): void {
    const { kind, segment, retention } = this.definition
    this.requireKey(record, SUFFIX_BYTES[kind])
    const { buffer, keyStart, valueStart, valueEnd, timestamp } = record
    const innerEnd = record.keyEnd - SUFFIX_BYTES[kind]
    const first = readInt64(buffer, innerEnd)
    if (kind === 'rangedWindow' && buffer.readInt32BE(innerEnd + INT64_BYTES) !== 0) {
      const problem = 'a sequence number other than 0 in the key'
      throw new ChangelogFormatError(this.store.name, record.offset, problem)
    }
    const start = kind === 'session' ? readInt64(buffer, innerEnd + INT64_BYTES) : first
    const end = this.definition.kind === 'session' ? first : windowEnd(start, this.definition.windowSize)
    const position = spanPosition(kind, start, end)
    if (position > this.observed && !expiresOnRequest(this.definition)) this.observed = position
    if (position <= this.observed - retention) return
    const segmentStart = position - (position % segment)
    if (!this.fresh.has(segmentStart) && !this.ledger.has(segmentStart)) {
      this.fresh.set(segmentStart, record.offset)
    }
    const { spans } = this.bucket(segmentStart, buffer, keyStart, innerEnd)
    const id = `${start} ${end}`
    if (valueEnd < 0) spans.delete(id)
    else {
      const value = Buffer.from(buffer.subarray(valueStart, valueEnd))
      spans.set(id, { start, end, timestamp, value })
    }
  }

  override async write(nextOffset: number): Promise<void> {
    for (const bucket of this.buckets.values()) this.writeBucket(bucket)
    this.buckets.clear()
    // Noted before the store hears of its rows.
    for (const [start, offset] of this.fresh) {
      this.ledger.write(this.batch, start, offset)
      this.ledger.note(start, offset)
    }
    this.fresh.clear()
    this.ledger.observe(this.observed)
    await super.write(nextOffset)
  }

  private bucket(segmentStart: number, source: Buffer, keyStart: number, keyEnd: number): RestoredBucket {
    const { scratch } = this
    scratch.reset()
    writePrefix(scratch, this.store.id, ROW)
    scratch.writeInt64(segmentStart)
    scratch.writeBytes(source, keyStart, keyEnd)
    const key = scratch.copy()
    const id = key.toString('latin1')
    const present = this.buckets.get(id)
    if (present !== undefined) return present
    const bucket = { key, spans: this.read(key) }
    this.buckets.set(id, bucket)
    return bucket
  }

  private read(key: Buffer): Map<string, RestoredSpan> {
    const stored = this.database.get(key)
    const spans = new Map<string, RestoredSpan>()
    if (stored === undefined) return spans
    for (const { start, end, timestamp, valueStart, valueEnd } of encodedSpans(stored, VALUE_OFFSET)) {
      spans.set(`${start} ${end}`, { start, end, timestamp, value: stored.subarray(valueStart, valueEnd) })
    }
    return spans
  }

  private writeBucket({ key, spans }: RestoredBucket): void {
    const { bytes } = this.batch
    const { kind } = this.definition
    const keyStart = bytes.position
    bytes.writeBytes(key)
    const keyEnd = bytes.position
    if (spans.size === 0) {
      this.batch.del(keyStart, keyEnd)
      return
    }
    bytes.writeInt64(this.observed)
    const position = ({ start, end }: RestoredSpan): number => spanPosition(kind, start, end)
    const ordered = [...spans.values()].sort((a, b) => position(a) - position(b) || a.start - b.start)
    for (const { start, end, timestamp, value } of ordered) {
      beginSpan(bytes, start, end, timestamp)
      const valueStart = bytes.position
      bytes.writeBytes(value)
      endSpan(bytes, valueStart)
    }
    this.batch.put(keyStart, keyEnd, keyEnd, bytes.position)
  }
}
