import type { TopicPartition } from '../topic-partition.js'

/** The partitions of one topic, as requests carry them. */
export interface TopicGroup<P extends TopicPartition> {
  readonly topic: string
  readonly partitions: P[]
}

/** Groups partitions by topic; topics and partitions keep the order of their first appearance. */
export const groupByTopic = <P extends TopicPartition>(partitions: Iterable<P>): TopicGroup<P>[] => {
  const groups = new Map<string, TopicGroup<P>>()
  for (const each of partitions) {
    const group = groups.get(each.topic)
    if (group === undefined) groups.set(each.topic, { topic: each.topic, partitions: [each] })
    else group.partitions.push(each)
  }
  return [...groups.values()]
}
