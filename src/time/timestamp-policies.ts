import { CodedError } from '../errors/coded-error.js'
import type { SourceRecord, TimestampExtractor } from './timestamp-extractor.js'

/** Whether a number is a time: a safe integer >= 0, epoch milliseconds. */
export const isValidTimestamp = (timestamp: number): boolean =>
  timestamp >= 0 && Number.isSafeInteger(timestamp)

/** A record has no valid timestamp and the source does not say what to do then. */
export class InvalidTimestampError extends CodedError {
  override readonly name = 'InvalidTimestampError'

  constructor(timestamp: number, { topic, partition, offset }: SourceRecord<unknown, unknown>) {
    super(
      'INVALID_TIMESTAMP',
      `timestamp ${timestamp} of topic ${topic}, partition ${partition}, offset ${offset} is not valid ` +
        '(a safe integer >= 0, epoch milliseconds): choose logAndSkipOnInvalidTimestamp() or ' +
        'usePartitionTimeOnInvalidTimestamp(), or extract another timestamp',
    )
  }
}

/** The timestamp in the Kafka record. */
export const recordTimestamp: TimestampExtractor<unknown, unknown> = (record) => record.timestamp

/**
 * Fails on an invalid timestamp: what a source without `timestamp` does.
 *
 * Named and behaving as in Kafka Streams; without `extractor` it judges the Kafka record's timestamp.
 */
export function failOnInvalidTimestamp<K, V>(
  extractor: TimestampExtractor<K, V> = recordTimestamp,
): TimestampExtractor<K, V> {
  return (record, partitionTime) => {
    const timestamp = extractor(record, partitionTime)
    if (isValidTimestamp(timestamp)) return timestamp
    throw new InvalidTimestampError(timestamp, record)
  }
}

/** Skips records with an invalid timestamp; they are counted as dropped. */
export function logAndSkipOnInvalidTimestamp<K, V>(
  extractor: TimestampExtractor<K, V> = recordTimestamp,
): TimestampExtractor<K, V> {
  return extractor
}

/**
 * Takes the partition time instead of an invalid timestamp; fails where the partition has none yet.
 */
export function usePartitionTimeOnInvalidTimestamp<K, V>(
  extractor: TimestampExtractor<K, V> = recordTimestamp,
): TimestampExtractor<K, V> {
  return (record, partitionTime) => {
    const timestamp = extractor(record, partitionTime)
    if (isValidTimestamp(timestamp)) return timestamp
    if (partitionTime >= 0) return partitionTime
    throw new InvalidTimestampError(timestamp, record)
  }
}
