import { crc32c } from '@node-rs/crc32'
import type { RecordHeaders } from '../../serdes/record-headers.js'
import { AbortedTransactions } from './aborted-transactions.js'
import { COMPRESSIONS, decompressor } from './compression/compression.js'
import { ZstdNotLoadedError } from './compression/zstd.js'
import type { FetchedChunk, IsolationLevel } from './fetched-chunk.js'
import {
  CorruptRecordError,
  type RecordPosition,
  UnsupportedRecordFormatError,
} from './record-batch-errors.js'
import {
  ABORT_MARKER,
  ATTRIBUTES_AT,
  BATCH_HEADER_BYTES,
  BATCH_LENGTH_AT,
  LOG_OVERHEAD_BYTES,
  MAGIC_AT,
  MAGIC_V2,
  readInt64,
} from './record-batch-format.js'
import { firstTimestamp, RecordBatchHeader } from './record-batch-header.js'
import { MalformedRecordError, RecordReader } from './record-reader.js'

const NOTHING: FetchedChunk = {
  topic: '',
  partition: -1,
  buffer: Buffer.alloc(0),
  start: 0,
  end: 0,
  fetchOffset: 0,
  abortedTransactions: [],
  highWatermark: 0,
  lastStableOffset: 0,
  logStartOffset: 0,
  arrivedAt: 0,
  release: () => {},
}

const hex = (crc: number): string => `0x${crc.toString(16).padStart(8, '0')}`

export interface RecordCursorOptions {
  /** Most bytes that the records of one compressed batch may take uncompressed. Default 256 MiB. */
  readonly maxUncompressedBytes?: number
}

/** Hears of each batch whose records a cursor is about to give. */
export interface BatchListener {
  /** @param records how many of its records are to be given, as far as its offsets tell */
  batchBegun(header: RecordBatchHeader, records: number, chunk: FetchedChunk): void
}

/**
 * Goes through the records of a fetched chunk, one after another, without an object per record: the record in hand
 * is described by the cursor's own fields, valid until the next call of `next`.
 *
 * When it is through it releases the chunk, whose memory is then used again.
 *
 * Left out are records before the fetch offset, control records and, when reading committed, records of aborted
 * transactions. A batch that is cut off ends the chunk. Checksums are verified, once per batch. A chunk that uses
 * zstd needs `ensureCompressionReady` beforehand (see `loadCompressionOf`).
 */
export class RecordCursor {
  private readonly maxUncompressedBytes: number
  private readonly header = new RecordBatchHeader()
  private readonly reader = new RecordReader()
  private readonly aborted = new AbortedTransactions()
  private chunk = NOTHING
  private filtersAborted = false
  private batchStart = 0
  private nextBatchStart = 0
  /** The offset behind the batch in hand, gaps at its end included. */
  private batchEndOffset = 0
  /** The offset behind the batch before the one in hand, and behind the one in hand; 0 at the chunk's start. */
  private logBefore = 0
  private logBehind = 0
  private recordsLeft = 0

  /** Offset of the record in hand. */
  offset = -1
  /** Timestamp of the record in hand, epoch milliseconds; -1: none. */
  timestamp = -1
  /**
   * The offset to continue from: behind the record in hand, and once `next` has returned false, behind everything in
   * the chunk, left-out records and gaps included.
   */
  nextOffset = 0

  constructor(
    options: RecordCursorOptions = {},
    private readonly listener?: BatchListener,
  ) {
    this.maxUncompressedBytes = options.maxUncompressedBytes ?? 256 * 1024 * 1024
  }

  /** Holds key and value of the record in hand: the chunk's buffer, or the uncompressed records of a batch. */
  get buffer(): Buffer {
    return this.reader.buffer
  }

  get keyStart(): number {
    return this.reader.keyStart
  }

  /** -1: null key. */
  get keyEnd(): number {
    return this.reader.keyEnd
  }

  get valueStart(): number {
    return this.reader.valueStart
  }

  /** -1: null value. */
  get valueEnd(): number {
    return this.reader.valueEnd
  }

  /** Bytes of key, value and headers of the record in hand, uncompressed. */
  get byteLength(): number {
    return this.reader.byteLength
  }

  /**
   * The headers of the record in hand, decoded at each call; they own their memory.
   *
   * @throws CorruptRecordError where they do not fit their record
   */
  get headers(): RecordHeaders {
    try {
      return this.reader.headers()
    } catch (cause) {
      throw this.corrupt(this.offset, cause)
    }
  }

  /** Whether the batch of the record in hand has more records. */
  get inBatch(): boolean {
    return this.recordsLeft > 0
  }

  /** Timestamp of the first record of the next batch in the chunk, epoch milliseconds; undefined: there is none. */
  get nextBatchTimestamp(): number | undefined {
    return firstTimestamp(this.chunk.buffer, this.nextBatchStart, this.chunk.end)
  }

  /** Stands before the first record of a chunk. */
  open(chunk: FetchedChunk, isolation: IsolationLevel = 'read_committed'): void {
    this.chunk = chunk
    this.nextBatchStart = chunk.start
    this.recordsLeft = 0
    this.nextOffset = chunk.fetchOffset
    this.batchEndOffset = chunk.fetchOffset
    this.logBehind = 0
    this.filtersAborted = isolation === 'read_committed' && chunk.abortedTransactions.length > 0
    if (this.filtersAborted) this.aborted.open(chunk.abortedTransactions)
  }

  /**
   * Goes to the next record. False: the chunk has no more, and the cursor holds on to none of its memory.
   *
   * @throws CorruptRecordError where the bytes are no valid batch; again at every further call
   * @throws UnsupportedRecordFormatError on records older than Kafka 0.11
   * @throws ZstdNotLoadedError on zstd before `ensureCompressionReady`
   */
  next(): boolean {
    do {
      while (this.recordsLeft > 0) {
        this.readRecord()
        if (this.offset >= this.nextOffset) {
          this.nextOffset = this.offset + 1
          return true
        }
      }
    } while (this.nextBatch())
    return false
  }

  private readRecord(): void {
    const { header, reader } = this
    try {
      reader.read()
      this.offset = header.baseOffset + reader.offsetDelta
      if (reader.offsetDelta < 0 || this.offset > header.lastOffset) {
        throw new MalformedRecordError(
          `offset ${this.offset} outside the batch, which ends at ${header.lastOffset}`,
        )
      }
      if (--this.recordsLeft === 0 && reader.remaining > 0) {
        throw new MalformedRecordError(`${reader.remaining} bytes behind the last record`)
      }
    } catch (cause) {
      this.returnToBatch()
      throw this.corrupt(header.baseOffset, cause)
    }
    this.timestamp = header.logAppendTime ? header.maxTimestamp : header.baseTimestamp + reader.timestampDelta
  }

  /** Makes the next call meet the same batch, so that its error comes again. */
  private returnToBatch(): void {
    this.recordsLeft = 0
    this.nextBatchStart = this.batchStart
    this.batchEndOffset = this.nextOffset
    this.logBehind = this.logBefore
  }

  /** Goes to the next batch that has records to deliver. */
  private nextBatch(): boolean {
    const { header } = this
    for (;;) {
      if (this.batchEndOffset > this.nextOffset) this.nextOffset = this.batchEndOffset
      if (!this.readBatchHeader()) return this.release()
      this.verifyBatch()
      const deliver = this.delivers()
      if (deliver) this.openRecords()
      this.batchStart = this.nextBatchStart
      this.nextBatchStart += header.size
      this.batchEndOffset = header.lastOffset + 1
      this.logBefore = this.logBehind
      this.logBehind = this.batchEndOffset
      if (deliver) {
        this.recordsLeft = header.recordCount
        this.listener?.batchBegun(header, this.recordsToGive(), this.chunk)
        return true
      }
    }
  }

  /** Those of the batch in hand that are not before the offset to continue from. */
  private recordsToGive(): number {
    const { header, nextOffset } = this
    return Math.min(header.recordCount, header.lastOffset - Math.max(header.baseOffset, nextOffset) + 1)
  }

  private release(): false {
    const { chunk } = this
    this.chunk = NOTHING
    this.nextBatchStart = 0
    this.reader.open(NOTHING.buffer, 0, 0)
    chunk.release()
    return false
  }

  /** Reads the header of the next batch; false where no complete batch is left. */
  private readBatchHeader(): boolean {
    const { header, nextBatchStart: start } = this
    const { buffer, end } = this.chunk
    if (start + MAGIC_AT >= end) return false
    const offset = readInt64(buffer, start)
    const magic = buffer[start + MAGIC_AT]!
    if (magic < MAGIC_V2) throw new UnsupportedRecordFormatError(this.position(offset), magic)
    if (magic > MAGIC_V2) throw this.corrupt(offset, `unknown message format ${magic}`)
    const size = buffer.readInt32BE(start + BATCH_LENGTH_AT) + LOG_OVERHEAD_BYTES
    if (size < BATCH_HEADER_BYTES) throw this.corrupt(offset, `batch of ${size} bytes`)
    if (start + size > end) return false
    header.read(buffer, start)
    return true
  }

  private verifyBatch(): void {
    const { header, nextBatchStart: start } = this
    const { buffer } = this.chunk
    const computed = crc32c(buffer.subarray(start + ATTRIBUTES_AT, start + header.size))
    if (computed !== header.crc) {
      throw this.corrupt(
        header.baseOffset,
        `checksum ${hex(header.crc)}, but its bytes give ${hex(computed)}`,
      )
    }
    if (header.recordCount < 0 || header.lastOffset < header.baseOffset) {
      throw this.corrupt(header.baseOffset, `${header.recordCount} records up to offset ${header.lastOffset}`)
    }
    // The checksum does not cover the base offset: a wrong one must not pass records over in silence.
    if (header.baseOffset < this.logBehind) {
      throw this.corrupt(header.baseOffset, `it comes behind a batch that ends at ${this.logBehind - 1}`)
    }
  }

  /** Whether the batch in hand has records to deliver; follows the ends of aborted transactions. */
  private delivers(): boolean {
    const { header, aborted } = this
    if (this.filtersAborted) {
      aborted.advanceTo(header.lastOffset)
      if (header.control && this.isAbortMarker()) aborted.end(header.producerId)
      if (header.transactional && aborted.covers(header.producerId)) return false
    }
    return !header.control && header.recordCount > 0 && header.lastOffset >= this.nextOffset
  }

  private isAbortMarker(): boolean {
    const { header, reader } = this
    if (header.recordCount === 0) return false
    this.openRecords()
    try {
      reader.read()
    } catch (cause) {
      throw this.corrupt(header.baseOffset, cause)
    }
    if (reader.keyEnd - reader.keyStart < 4)
      throw this.corrupt(header.baseOffset, 'control record without a type')
    return reader.buffer.readInt16BE(reader.keyStart + 2) === ABORT_MARKER
  }

  private openRecords(): void {
    const { header, reader, nextBatchStart: start } = this
    const { buffer } = this.chunk
    if (header.compression === 0) {
      reader.open(buffer, start + BATCH_HEADER_BYTES, start + header.size)
    } else {
      const records = this.decompress(buffer.subarray(start + BATCH_HEADER_BYTES, start + header.size))
      reader.open(records, 0, records.length)
    }
  }

  private decompress(source: Buffer): Buffer {
    const { baseOffset, compression: code } = this.header
    const compression = COMPRESSIONS[code]
    if (compression === undefined) throw this.corrupt(baseOffset, `unknown compression type ${code}`)
    try {
      return decompressor(compression)(source, this.maxUncompressedBytes)
    } catch (cause) {
      if (cause instanceof ZstdNotLoadedError) throw cause
      throw this.corrupt(baseOffset, cause)
    }
  }

  private position(offset: number): RecordPosition {
    return { topic: this.chunk.topic, partition: this.chunk.partition, offset }
  }

  private corrupt(offset: number, reason: unknown): CorruptRecordError {
    if (!(reason instanceof Error)) return new CorruptRecordError(this.position(offset), String(reason))
    return new CorruptRecordError(this.position(offset), reason.message, { cause: reason })
  }
}
