import { partitionFor } from '../../kafka/records/partitioner.js'
import type { RecordBatchBuilder } from '../../kafka/records/record-batch-builder.js'
import type { TopicPartition } from '../../kafka/topic-partition.js'
import { NO_HEADERS } from '../../serdes/record-headers.js'
import type { ReplaySource } from './replay-source.js'

/** A record that a topology brings with it, to be tried on. */
export interface SampleRecord {
  readonly topic: string
  /** Text; null: none. */
  readonly key: string | null
  /** Text. */
  readonly value: string
  /** Epoch milliseconds. */
  readonly timestamp: number
}

/** Of each topic of samples. */
export const SAMPLE_PARTITIONS = 2

const EMPTY = Buffer.alloc(0)

/** The topics of records, each once. */
export const topicsOf = (records: readonly SampleRecord[]): string[] => [
  ...new Set(records.map(({ topic }) => topic)),
]

/** A few records, published in their order. Records without key are dealt out in turn. */
export class SampleRecords implements ReplaySource {
  readonly places: readonly TopicPartition[]
  readonly count: number
  private readonly placeOf: readonly number[]
  private readonly arrival: readonly number[]

  constructor(private readonly records: readonly SampleRecord[]) {
    const topics = topicsOf(records)
    this.count = records.length
    this.places = topics.flatMap((topic) =>
      Array.from({ length: SAMPLE_PARTITIONS }, (_, partition) => ({ topic, partition })),
    )
    this.placeOf = records.map(
      ({ topic, key }, event) => topics.indexOf(topic) * SAMPLE_PARTITIONS + partitionOf(key, event),
    )
    let newest = Number.NEGATIVE_INFINITY
    this.arrival = records.map(({ timestamp }) => {
      newest = Math.max(newest, timestamp)
      return newest
    })
  }

  arrivalTime(event: number): number {
    return this.arrival[event]!
  }

  place(event: number): number {
    return this.placeOf[event]!
  }

  append(event: number, batch: RecordBatchBuilder): void {
    const { key, value, timestamp } = this.records[event]!
    const keyBytes = key === null ? EMPTY : Buffer.from(key)
    const valueBytes = Buffer.from(value)
    const keyLength = key === null ? -1 : keyBytes.length
    batch.appendBytes(timestamp, keyBytes, 0, keyLength, valueBytes, 0, valueBytes.length, NO_HEADERS)
  }
}

const partitionOf = (key: string | null, event: number): number => {
  if (key === null) return event % SAMPLE_PARTITIONS
  const bytes = Buffer.from(key)
  return partitionFor(bytes, 0, bytes.length, SAMPLE_PARTITIONS)
}
