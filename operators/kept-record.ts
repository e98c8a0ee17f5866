import type { ByteWriter } from '../src/serdes/byte-writer.js'
import { copiedHeaders } from '../src/serdes/record-headers.js'
import { type SizedReader, writeHeaders, writeSizedText } from '../src/serdes/sized-fields.js'
import type { RecordContext } from './processor.js'

/** What is known of a record that is kept for later: when it happened, and where it comes from. */
export interface KeptRecord extends Readonly<RecordContext> {
  /** Event time, epoch milliseconds. */
  readonly timestamp: number
}

/** What is known of the record in hand, to be kept. */
export const keptRecord = (
  { topic, partition, offset, headers }: RecordContext,
  timestamp: number,
): KeptRecord => ({ timestamp, topic, partition, offset, headers: copiedHeaders(headers) })

/** Timestamp (8 bytes), partition (4), offset (8), topic and headers behind their lengths. */
export function writeKeptRecord(record: KeptRecord, target: ByteWriter): void {
  target.writeInt64(record.timestamp)
  target.writeInt32(record.partition)
  target.writeInt64(record.offset)
  writeSizedText(target, record.topic)
  writeHeaders(target, record.headers)
}

export function readKeptRecord(reader: SizedReader): KeptRecord {
  const timestamp = reader.int64()
  const partition = reader.int32()
  const offset = reader.int64()
  const topic = reader.text()
  return { timestamp, topic, partition, offset, headers: reader.headers() }
}
