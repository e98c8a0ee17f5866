/**
 * Layout of a record batch with magic 2: a header of fixed size, then the records (compressed as one block where
 * the batch is compressed). Offsets count from the start of the batch.
 * Source: Kafka documentation, "Message format: record batch".
 */
export const BATCH_LENGTH_AT = 8
export const PARTITION_LEADER_EPOCH_AT = 12
export const MAGIC_AT = 16
export const CRC_AT = 17
export const ATTRIBUTES_AT = 21
export const LAST_OFFSET_DELTA_AT = 23
export const BASE_TIMESTAMP_AT = 27
export const MAX_TIMESTAMP_AT = 35
export const PRODUCER_ID_AT = 43
export const PRODUCER_EPOCH_AT = 51
export const BASE_SEQUENCE_AT = 53
export const RECORD_COUNT_AT = 57
export const BATCH_HEADER_BYTES = 61

/** Base offset and batch length, which the batch length itself does not count. */
export const LOG_OVERHEAD_BYTES = 12

export const MAGIC_V2 = 2

export const COMPRESSION_MASK = 0x07
export const LOG_APPEND_TIME_FLAG = 0x08
export const TRANSACTIONAL_FLAG = 0x10
export const CONTROL_FLAG = 0x20

/** Types of control records: int16 after the int16 version in the record's key. */
export const ABORT_MARKER = 0

/** An int64 as a number: exact for magnitudes below 2^53. */
export const readInt64 = (buffer: Buffer, at: number): number =>
  buffer.readInt32BE(at) * 0x1_0000_0000 + buffer.readUInt32BE(at + 4)

/** Writes a safe integer as int64. */
export const writeInt64 = (buffer: Buffer, value: number, at: number): void => {
  const high = Math.floor(value / 0x1_0000_0000)
  buffer.writeInt32BE(high, at)
  buffer.writeUInt32BE(value - high * 0x1_0000_0000, at + 4)
}
