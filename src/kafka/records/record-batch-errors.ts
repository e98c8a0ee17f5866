import { CodedError } from '../../errors/coded-error.js'

/** Where in Kafka something was read. */
export interface RecordPosition {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

const at = ({ topic, partition, offset }: RecordPosition): string =>
  `${topic}-${partition} at offset ${offset}`

/** Bytes of a partition that are no valid record batch: a wrong checksum, length or varint. */
export class CorruptRecordError extends CodedError {
  override readonly name = 'CorruptRecordError'
  readonly topic: string
  readonly partition: number
  /** Base offset of the batch, or the offset of the record in it where that is known. */
  readonly offset: number

  constructor(position: RecordPosition, reason: string, options?: ErrorOptions) {
    super('CORRUPT_RECORD', `Corrupt record batch in ${at(position)}: ${reason}`, options)
    this.topic = position.topic
    this.partition = position.partition
    this.offset = position.offset
  }
}

/** Records in a message format older than record batch version 2 (Kafka 0.11, KIP-98). */
export class UnsupportedRecordFormatError extends CodedError {
  override readonly name = 'UnsupportedRecordFormatError'
  readonly topic: string
  readonly partition: number
  readonly offset: number

  constructor(
    position: RecordPosition,
    readonly magic: number,
  ) {
    super(
      'UNSUPPORTED_RECORD_FORMAT',
      `Records of ${at(position)} have message format ${magic}; only format 2 (record batches, since Kafka 0.11) is supported`,
    )
    this.topic = position.topic
    this.partition = position.partition
    this.offset = position.offset
  }
}
