import {
  ATTRIBUTES_AT,
  BASE_TIMESTAMP_AT,
  BATCH_HEADER_BYTES,
  BATCH_LENGTH_AT,
  COMPRESSION_MASK,
  CONTROL_FLAG,
  CRC_AT,
  LAST_OFFSET_DELTA_AT,
  LOG_APPEND_TIME_FLAG,
  LOG_OVERHEAD_BYTES,
  MAX_TIMESTAMP_AT,
  PRODUCER_ID_AT,
  RECORD_COUNT_AT,
  readInt64,
  TRANSACTIONAL_FLAG,
} from './record-batch-format.js'

/** The header of a record batch; one object, filled anew for each batch. */
export class RecordBatchHeader {
  baseOffset = 0
  /** Offset of the batch's last record as it was written; compaction may have removed that record. */
  lastOffset = 0
  /** The batch's bytes, all of them. */
  size = 0
  crc = 0
  attributes = 0
  baseTimestamp = 0
  maxTimestamp = 0
  producerId = -1
  recordCount = 0

  /** Reads the header of the batch at `at`; its bytes must be there. */
  read(buffer: Buffer, at: number): void {
    this.baseOffset = readInt64(buffer, at)
    this.size = buffer.readInt32BE(at + BATCH_LENGTH_AT) + LOG_OVERHEAD_BYTES
    this.crc = buffer.readUInt32BE(at + CRC_AT)
    this.attributes = buffer.readInt16BE(at + ATTRIBUTES_AT)
    this.lastOffset = this.baseOffset + buffer.readInt32BE(at + LAST_OFFSET_DELTA_AT)
    this.baseTimestamp = readInt64(buffer, at + BASE_TIMESTAMP_AT)
    this.maxTimestamp = readInt64(buffer, at + MAX_TIMESTAMP_AT)
    this.producerId = readInt64(buffer, at + PRODUCER_ID_AT)
    this.recordCount = buffer.readInt32BE(at + RECORD_COUNT_AT)
  }

  /** Code of the compression type. */
  get compression(): number {
    return this.attributes & COMPRESSION_MASK
  }

  /** Whether the broker set the time: then it is the batch's greatest timestamp, for every record. */
  get logAppendTime(): boolean {
    return (this.attributes & LOG_APPEND_TIME_FLAG) !== 0
  }

  get transactional(): boolean {
    return (this.attributes & TRANSACTIONAL_FLAG) !== 0
  }

  /** Whether the batch holds a control record, such as the end of a transaction. */
  get control(): boolean {
    return (this.attributes & CONTROL_FLAG) !== 0
  }
}

/** Timestamp of the first record of the batch at `start`, epoch milliseconds; undefined where no whole header is there. */
export function firstTimestamp(buffer: Buffer, start: number, end: number): number | undefined {
  if (start + BATCH_HEADER_BYTES > end) return undefined
  const broker = (buffer.readInt16BE(start + ATTRIBUTES_AT) & LOG_APPEND_TIME_FLAG) !== 0
  return readInt64(buffer, start + (broker ? MAX_TIMESTAMP_AT : BASE_TIMESTAMP_AT))
}
