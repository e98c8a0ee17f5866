/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** The map key of a topic partition, as Kafka's tools print it. */
export const topicPartitionKey = (topic: string, partition: number): string => `${topic}-${partition}`

/** Items by topic, as the protocol lists them; topics and items keep their order. */
export function groupByTopic<T extends TopicPartition>(items: readonly T[]): [topic: string, items: T[]][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(item.topic)
    if (group === undefined) groups.set(item.topic, [item])
    else group.push(item)
  }
  return [...groups]
}
