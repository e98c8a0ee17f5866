import type { TopicPartition } from '../topic-partition.js'

/** The position of a partition is not in its log: the records were deleted, or the log was cut. */
export class OffsetOutOfRangeError extends Error implements TopicPartition {
  override readonly name = 'OffsetOutOfRangeError'

  constructor(
    readonly topic: string,
    readonly partition: number,
    /** The offset that was to be fetched. */
    readonly offset: number,
    readonly logStartOffset: number,
    readonly logEndOffset: number,
  ) {
    super(`offset ${offset} of ${topic}-${partition} is not in its log, ${logStartOffset} to ${logEndOffset}`)
  }
}

/** A topic, or a partition of it, does not exist: never created, or deleted meanwhile. */
export class MissingPartitionError extends Error implements TopicPartition {
  override readonly name = 'MissingPartitionError'

  constructor(
    readonly topic: string,
    readonly partition: number,
  ) {
    super(`${topic}-${partition} does not exist in the cluster`)
  }
}
