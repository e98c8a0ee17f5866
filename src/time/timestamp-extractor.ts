import type { RecordHeaders } from '../serdes/record-headers.js'

/** A source record as a timestamp extractor sees it. */
export interface SourceRecord<K, V> {
  readonly key: K
  readonly value: V
  /** The timestamp in the Kafka record, epoch milliseconds. */
  readonly timestamp: number
  readonly headers: RecordHeaders
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/**
 * Gives the event time of a record, epoch milliseconds. `partitionTime` is the greatest timestamp seen so far on
 * the record's partition, -1 at first. A result that is no safe integer >= 0 is invalid.
 */
export type TimestampExtractor<K, V> = (record: SourceRecord<K, V>, partitionTime: number) => number
