import type { TopicPartition } from '../topic-partition.js'

/** One partition's part of a response: a value, or an error code. */
export interface PartitionAnswer<Value> extends TopicPartition {
  readonly errorCode: number
  readonly value: Value
}
