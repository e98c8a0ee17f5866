import { crc32c } from '@node-rs/crc32'
import fc from 'fast-check'
import type { Compression } from '../../../src/kafka/records/compression/compression.js'
import type {
  AbortedTransaction,
  FetchedChunk,
  IsolationLevel,
} from '../../../src/kafka/records/fetched-chunk.js'
import { RecordBatchBuilder } from '../../../src/kafka/records/record-batch-builder.js'
import * as format from '../../../src/kafka/records/record-batch-format.js'
import { RecordCursor } from '../../../src/kafka/records/record-cursor.js'
import { NO_HEADERS, type RecordHeaders } from '../../../src/serdes/record-headers.js'

/** A record with everything in it spelled out. */
export interface PlainRecord {
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: RecordHeaders
}

export interface ReadRecord extends PlainRecord {
  readonly offset: number
}

export const record = (
  timestamp: number,
  key: string | Buffer | null,
  value: string | Buffer | null,
  headers: RecordHeaders = NO_HEADERS,
): PlainRecord => ({
  timestamp,
  key: typeof key === 'string' ? Buffer.from(key) : key,
  value: typeof value === 'string' ? Buffer.from(value) : value,
  headers,
})

export interface BatchOptions {
  readonly compression?: Compression
  readonly baseOffset?: number
  readonly producerId?: number
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly transactional?: boolean
}

const EMPTY = Buffer.alloc(0)

/** A batch of these records, at a place in the log. */
export const batchOf = (records: readonly PlainRecord[], options: BatchOptions = {}): Buffer => {
  const builder = new RecordBatchBuilder({ compression: options.compression ?? 'none' })
  for (const { timestamp, key, value, headers } of records) {
    const [keyEnd, valueEnd] = [key?.length ?? -1, value?.length ?? -1]
    builder.appendBytes(timestamp, key ?? EMPTY, 0, keyEnd, value ?? EMPTY, 0, valueEnd, headers)
  }
  const { producerId = -1, producerEpoch = -1, baseSequence = -1, transactional = false } = options
  const batch = Buffer.from(builder.seal(producerId, producerEpoch, baseSequence, transactional))
  format.writeInt64(batch, options.baseOffset ?? 0, 0)
  return batch
}

/** The same batch with other header fields and a checksum that fits. */
export const edited = (batch: Buffer, edit: (copy: Buffer) => void): Buffer => {
  const copy = Buffer.from(batch)
  edit(copy)
  copy.writeUInt32BE(crc32c(copy.subarray(format.ATTRIBUTES_AT)), format.CRC_AT)
  return copy
}

/** Only some records of a batch, at their offsets, as compaction leaves them. */
export const compacted = (
  records: readonly PlainRecord[],
  kept: readonly number[],
  options: BatchOptions = {},
): Buffer => {
  const full = batchOf(records, options)
  const sizes = records.map((_, index) => batchOf(records.slice(0, index + 1)).length)
  const start = (index: number): number => (index === 0 ? format.BATCH_HEADER_BYTES : sizes[index - 1]!)
  const parts = kept.map((index) => full.subarray(start(index), sizes[index]!))
  const batch = Buffer.concat([full.subarray(0, format.BATCH_HEADER_BYTES), ...parts])
  return edited(batch, (copy) => {
    copy.writeInt32BE(copy.length - format.LOG_OVERHEAD_BYTES, format.BATCH_LENGTH_AT)
    copy.writeInt32BE(kept.length, format.RECORD_COUNT_AT)
  })
}

/** The control batch that ends a transaction. */
export const marker = (kind: 'abort' | 'commit', baseOffset: number, producerId: number): Buffer => {
  const type = Buffer.from([0, 0, 0, kind === 'abort' ? 0 : 1])
  const batch = batchOf([record(0, type, Buffer.alloc(6))], { baseOffset, producerId, transactional: true })
  return edited(batch, (copy) => {
    copy[format.ATTRIBUTES_AT + 1]! |= format.CONTROL_FLAG
  })
}

/** The offset behind these batches. */
export const endOffset = (batch: Buffer): number =>
  format.readInt64(batch, 0) + batch.readInt32BE(format.LAST_OFFSET_DELTA_AT) + 1

export const chunkOf = (
  batches: readonly Buffer[],
  options: { fetchOffset?: number; abortedTransactions?: readonly AbortedTransaction[] } = {},
): FetchedChunk => {
  const buffer = Buffer.concat([Buffer.from('before'), ...batches, Buffer.from('behind')])
  return {
    topic: 'orders',
    partition: 3,
    buffer,
    start: 6,
    end: buffer.length - 6,
    fetchOffset: options.fetchOffset ?? 0,
    abortedTransactions: options.abortedTransactions ?? [],
    highWatermark: 0,
    lastStableOffset: 0,
    logStartOffset: 0,
    arrivedAt: 0,
    // As good as used again.
    release: () => buffer.fill(0xa5),
  }
}

const slice = (buffer: Buffer, start: number, end: number): Buffer | null =>
  end < 0 ? null : Buffer.from(buffer.subarray(start, end))

/** The record in hand, copied. */
export const current = (cursor: RecordCursor): ReadRecord => ({
  offset: cursor.offset,
  timestamp: cursor.timestamp,
  key: slice(cursor.buffer, cursor.keyStart, cursor.keyEnd),
  value: slice(cursor.buffer, cursor.valueStart, cursor.valueEnd),
  headers: cursor.headers,
})

/** All records of a chunk, and where to go on. */
export const readAll = (
  chunk: FetchedChunk,
  isolation?: IsolationLevel,
): { records: ReadRecord[]; nextOffset: number } => {
  const cursor = new RecordCursor()
  const records: ReadRecord[] = []
  cursor.open(chunk, isolation)
  while (cursor.next()) records.push(current(cursor))
  return { records, nextOffset: cursor.nextOffset }
}

/** The offsets of the records that a chunk delivers. */
export const offsetsOf = (chunk: FetchedChunk, isolation?: IsolationLevel): number[] =>
  readAll(chunk, isolation).records.map(({ offset }) => offset)

const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array))

const arbitraryHeader = fc.record(
  { key: fc.string({ unit: 'grapheme', maxLength: 12 }), value: fc.option(bytes(80)) },
  { noNullPrototype: true },
)

/** Records of any shape: widths of varints change between neighbours, timestamps go back and forth. */
export const arbitraryRecord: fc.Arbitrary<PlainRecord> = fc.record(
  {
    timestamp: fc.oneof(
      fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_100 }),
      fc.integer({ min: 0, max: 8_640_000_000_000_000 / 2 }),
    ),
    key: fc.option(bytes(70)),
    value: fc.option(fc.oneof(bytes(80), bytes(9000), fc.constant(Buffer.alloc(0)))),
    headers: fc.oneof(
      { weight: 3, arbitrary: fc.constant(NO_HEADERS) },
      fc.array(arbitraryHeader, { maxLength: 3 }),
    ),
  },
  { noNullPrototype: true },
)

export const arbitraryRecords = fc.array(arbitraryRecord, { minLength: 1, maxLength: 80 })
