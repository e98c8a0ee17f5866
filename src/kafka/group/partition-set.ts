import { type TopicPartition, topicPartitionKey } from '../topic-partition.js'

/** The partitions of `partitions` that are not in `others`. */
export function without(
  partitions: readonly TopicPartition[],
  others: readonly TopicPartition[],
): TopicPartition[] {
  const keys = new Set(others.map(({ topic, partition }) => topicPartitionKey(topic, partition)))
  return partitions.filter(({ topic, partition }) => !keys.has(topicPartitionKey(topic, partition)))
}
