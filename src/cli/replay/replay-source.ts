import type { RecordBatchBuilder } from '../../kafka/records/record-batch-builder.js'

/** Recorded events to publish, numbered from 0 in the order in which they are published. */
export interface ReplaySource {
  readonly topic: string
  readonly partitions: number
  readonly count: number
  /** When an event becomes known, epoch milliseconds. Never falls from one event to the next. */
  arrivalTime(event: number): number
  partition(event: number): number
  /** Writes an event's record. */
  append(event: number, batch: RecordBatchBuilder): void
}
