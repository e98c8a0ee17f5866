import { CodedError } from '../../errors/coded-error.js'
import type { TopicPartition } from '../topic-partition.js'

/** The position of a partition is not in its log: the records were deleted, or the log was cut. */
export class OffsetOutOfRangeError extends CodedError implements TopicPartition {
  override readonly name = 'OffsetOutOfRangeError'

  constructor(
    readonly topic: string,
    readonly partition: number,
    /** The offset that was to be fetched. */
    readonly offset: number,
    readonly logStartOffset: number,
    readonly logEndOffset: number,
  ) {
    super(
      'OFFSET_OUT_OF_RANGE',
      `offset ${offset} of ${topic}-${partition} is not in its log, ${logStartOffset} to ${logEndOffset}`,
    )
  }
}

/** A topic was deleted and created anew under its name: an offset in the old one says nothing about the new one. */
export class TopicRecreatedError extends CodedError implements TopicPartition {
  override readonly name = 'TopicRecreatedError'

  constructor(
    readonly topic: string,
    readonly partition: number,
    /** The offset that was to be fetched from the topic that is gone. */
    readonly offset: number,
  ) {
    super(
      'TOPIC_RECREATED',
      `${topic} was deleted and created anew; offset ${offset} of ${topic}-${partition} was in the old one`,
    )
  }
}

/** A topic, or a partition of it, does not exist: never created, or deleted meanwhile. */
export class MissingPartitionError extends CodedError implements TopicPartition {
  override readonly name = 'MissingPartitionError'

  constructor(
    readonly topic: string,
    readonly partition: number,
  ) {
    super('MISSING_PARTITION', `${topic}-${partition} does not exist in the cluster`)
  }
}
