import type { RecordBatchBuilder } from '../../kafka/records/record-batch-builder.js'
import type { TopicPartition } from '../../kafka/topic-partition.js'

/** Recorded events to publish, numbered from 0 in the order in which they are published. */
export interface ReplaySource {
  /** All partitions that it publishes to. */
  readonly places: readonly TopicPartition[]
  readonly count: number
  /** When an event becomes known, epoch milliseconds. Never falls from one event to the next. */
  arrivalTime(event: number): number
  /** Where an event goes: an index of `places`. */
  place(event: number): number
  /** Writes an event's record. */
  append(event: number, batch: RecordBatchBuilder): void
}
