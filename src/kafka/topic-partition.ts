/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** The map key of a topic partition, as Kafka's tools print it. */
export const topicPartitionKey = (topic: string, partition: number): string => `${topic}-${partition}`
