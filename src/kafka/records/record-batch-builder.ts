import { crc32c } from '@node-rs/crc32'
import { ByteWriter } from '../../serdes/byte-writer.js'
import { NO_HEADERS, type RecordHeaders } from '../../serdes/record-headers.js'
import type { Serde } from '../../serdes/serde.js'
import { type Compression, compressionCode, compressor } from './compression/compression.js'
import {
  ATTRIBUTES_AT,
  BASE_SEQUENCE_AT,
  BASE_TIMESTAMP_AT,
  BATCH_HEADER_BYTES,
  BATCH_LENGTH_AT,
  CRC_AT,
  LAST_OFFSET_DELTA_AT,
  LOG_OVERHEAD_BYTES,
  MAGIC_AT,
  MAGIC_V2,
  MAX_TIMESTAMP_AT,
  PARTITION_LEADER_EPOCH_AT,
  PRODUCER_EPOCH_AT,
  PRODUCER_ID_AT,
  RECORD_COUNT_AT,
  TRANSACTIONAL_FLAG,
  writeInt64,
} from './record-batch-format.js'
import { writeHeaders } from './record-header-codec.js'
import { lengthWidth, putLength } from './varint.js'

export interface RecordBatchBuilderOptions {
  /** How the records are compressed when the batch is sealed. Default `none`. */
  readonly compression?: Compression
  /** Size in bytes, before compression, from which on the batch counts as full. Default 1,000,000. */
  readonly maxBytes?: number
}

/** Most bytes that a record takes besides key, value and headers: five varints, a varlong, the attributes. */
const MAX_RECORD_OVERHEAD = 40

const checkTimestamp = (timestamp: number): void => {
  if (Number.isSafeInteger(timestamp) && timestamp >= -1) return
  throw new RangeError(`Record timestamp ${timestamp}: must be epoch milliseconds, or -1 for none`)
}

/**
 * Builds one record batch (magic 2) at a time: serdes write straight into its bytes.
 *
 * A record's length and its value's length stand before the bytes they count, as varints. Their widths are taken to
 * be those of the record before; where that turns out wrong, the bytes move by the difference.
 */
export class RecordBatchBuilder {
  readonly maxBytes: number
  private readonly compression: Compression
  private readonly writer = new ByteWriter(16 * 1024)
  private readonly compressed = new ByteWriter(0)
  /** How many bytes of records `compressed` holds; -1: none. */
  private compressedFrom = -1
  /** End of the last complete record: what a serde that threw has left behind it is overwritten. */
  private end = BATCH_HEADER_BYTES
  private records = 0
  private baseTimestamp = 0
  private maxTimestamp = 0
  private recordWidth = 1
  private valueWidth = 1
  private recordStart = 0

  constructor(options: RecordBatchBuilderOptions = {}) {
    this.compression = options.compression ?? 'none'
    this.maxBytes = options.maxBytes ?? 1_000_000
  }

  /** How many records the batch has. */
  get count(): number {
    return this.records
  }

  /** Size of the batch in bytes, before compression. */
  get byteLength(): number {
    return this.end
  }

  /** Whether the batch has reached its size limit; it still takes records. */
  get full(): boolean {
    return this.end >= this.maxBytes
  }

  /**
   * Adds a record with the key `keySource[keyStart, keyEnd)` (`keyEnd` -1: null key) and the serialized value.
   * When the serde throws, the batch is as before.
   *
   * @param timestamp epoch milliseconds, or -1 for none
   * @throws RangeError if the timestamp is no safe integer >= -1
   */
  append<V>(
    timestamp: number,
    keySource: Buffer,
    keyStart: number,
    keyEnd: number,
    value: V | null,
    serde: Serde<V>,
    headers: RecordHeaders,
  ): void {
    this.begin(timestamp, keySource, keyStart, keyEnd)
    const { writer } = this
    if (value === null) {
      writer.buffer[writer.position++] = 1
    } else {
      const width = this.valueWidth
      const lengthAt = writer.position
      writer.position = lengthAt + width
      serde.serialize(value, writer)
      this.valueWidth = this.putLengthBefore(lengthAt, width)
    }
    this.finish(timestamp, headers)
  }

  /** Adds a record whose value is bytes as they are: `valueSource[valueStart, valueEnd)` (`valueEnd` -1: null). */
  appendBytes(
    timestamp: number,
    keySource: Buffer,
    keyStart: number,
    keyEnd: number,
    valueSource: Buffer,
    valueStart: number,
    valueEnd: number,
    headers: RecordHeaders,
  ): void {
    this.begin(timestamp, keySource, keyStart, keyEnd)
    const { writer } = this
    if (valueEnd < 0) {
      writer.buffer[writer.position++] = 1
    } else {
      const length = valueEnd - valueStart
      const width = lengthWidth(length)
      putLength(writer.buffer, length, writer.position, width)
      writer.position += width
      writer.writeBytes(valueSource, valueStart, valueEnd)
    }
    this.finish(timestamp, headers)
  }

  /** Writes a record up to and with its key, leaving room for the record's length and for what follows the key. */
  private begin(timestamp: number, keySource: Buffer, keyStart: number, keyEnd: number): void {
    const { writer } = this
    if (this.records === 0) {
      checkTimestamp(timestamp)
      this.baseTimestamp = timestamp
      this.maxTimestamp = timestamp
    }
    writer.position = this.end
    writer.ensure(MAX_RECORD_OVERHEAD + (keyEnd < 0 ? 0 : keyEnd - keyStart))
    this.recordStart = this.end
    writer.position += this.recordWidth
    writer.buffer[writer.position++] = 0
    this.putTimestampDelta(timestamp)
    this.putLength(this.records)
    if (keyEnd < 0) {
      writer.buffer[writer.position++] = 1
    } else {
      this.putLength(keyEnd - keyStart)
      writer.writeBytes(keySource, keyStart, keyEnd)
    }
  }

  private putTimestampDelta(timestamp: number): void {
    const delta = timestamp - this.baseTimestamp
    const int32 = delta | 0
    if (int32 === delta && int32 >= 0) {
      this.putLength(int32)
    } else {
      checkTimestamp(timestamp)
      this.writer.writeVarlong(delta)
    }
  }

  /** Puts the varint of a length, or of another integer that is not negative. */
  private putLength(length: number): void {
    const { writer } = this
    const width = lengthWidth(length)
    putLength(writer.buffer, length, writer.position, width)
    writer.position += width
  }

  /** Puts in the length of what stands behind the `width` bytes kept free at `lengthAt`; returns the width it took. */
  private putLengthBefore(lengthAt: number, width: number): number {
    const { writer } = this
    const start = lengthAt + width
    const length = writer.position - start
    const needed = lengthWidth(length)
    if (needed !== width) {
      writer.ensure(needed)
      writer.buffer.copyWithin(lengthAt + needed, start, writer.position)
      writer.position += needed - width
    }
    putLength(writer.buffer, length, lengthAt, needed)
    return needed
  }

  private finish(timestamp: number, headers: RecordHeaders): void {
    const { writer } = this
    if (headers === NO_HEADERS) writer.writeInt8(0)
    else writeHeaders(writer, headers)
    this.recordWidth = this.putLengthBefore(this.recordStart, this.recordWidth)
    if (timestamp > this.maxTimestamp) this.maxTimestamp = timestamp
    this.records++
    this.end = writer.position
  }

  /**
   * Completes the batch and returns its bytes, valid until `reset`. May be called again, with other ids: only the
   * header changes. `producerId`, `producerEpoch` and `baseSequence` are -1 for a producer without idempotence.
   *
   * @throws RangeError if the batch has no records
   */
  seal(producerId: number, producerEpoch: number, baseSequence: number, transactional: boolean): Buffer {
    if (this.records === 0) throw new RangeError('A record batch must have a record')
    const batch =
      this.compression === 'none' ? this.uncompressedBatch() : this.compressedBatch(this.compression)
    const attributes = compressionCode(this.compression) | (transactional ? TRANSACTIONAL_FLAG : 0)
    writeInt64(batch, 0, 0)
    batch.writeInt32BE(batch.length - LOG_OVERHEAD_BYTES, BATCH_LENGTH_AT)
    batch.writeInt32BE(-1, PARTITION_LEADER_EPOCH_AT)
    batch[MAGIC_AT] = MAGIC_V2
    batch.writeInt16BE(attributes, ATTRIBUTES_AT)
    batch.writeInt32BE(this.records - 1, LAST_OFFSET_DELTA_AT)
    writeInt64(batch, this.baseTimestamp, BASE_TIMESTAMP_AT)
    writeInt64(batch, this.maxTimestamp, MAX_TIMESTAMP_AT)
    writeInt64(batch, producerId, PRODUCER_ID_AT)
    batch.writeInt16BE(producerEpoch, PRODUCER_EPOCH_AT)
    batch.writeInt32BE(baseSequence, BASE_SEQUENCE_AT)
    batch.writeInt32BE(this.records, RECORD_COUNT_AT)
    batch.writeUInt32BE(crc32c(batch.subarray(ATTRIBUTES_AT)), CRC_AT)
    return batch
  }

  private uncompressedBatch(): Buffer {
    return this.writer.buffer.subarray(0, this.end)
  }

  private compressedBatch(compression: Compression): Buffer {
    const { compressed } = this
    if (this.compressedFrom !== this.end) {
      const records = this.writer.buffer.subarray(BATCH_HEADER_BYTES, this.end)
      compressed.reset()
      compressed.ensure(BATCH_HEADER_BYTES)
      compressed.position = BATCH_HEADER_BYTES
      compressed.writeBytes(compressor(compression)(records))
      this.compressedFrom = this.end
    }
    return compressed.view()
  }

  /** Forgets the records; the memory stays. Buffers from `seal` are no longer valid. */
  reset(): void {
    this.end = BATCH_HEADER_BYTES
    this.records = 0
    this.compressedFrom = -1
  }
}
