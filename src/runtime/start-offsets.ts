import { listOffsets } from '../kafka/consumer/list-offsets.js'
import { type TopicPartition, topicPartitionKey } from '../kafka/topic-partition.js'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import type { ResolvedOffsetReset } from '../topology/offset-reset.js'

/** Offsets by `topicPartitionKey`, and the first partition that has none and is to have none. */
interface FirstOffsets {
  readonly offsets: ReadonlyMap<string, number>
  readonly refused: TopicPartition | undefined
}

/** Where to begin on partitions without committed offset, as their sources say. */
export async function firstOffsets(
  transport: BrokerTransport,
  partitions: readonly TopicPartition[],
  resetOf: (topic: string) => ResolvedOffsetReset,
): Promise<FirstOffsets> {
  const offsets = new Map<string, number>()
  const ask = async (of: readonly TopicPartition[], at: 'earliest' | 'latest' | number): Promise<void> => {
    if (of.length === 0) return
    for (const [key, offset] of await listOffsets(transport, of, at, 'read_committed'))
      offsets.set(key, offset)
  }
  const withReset = (reset: ResolvedOffsetReset) => partitions.filter(({ topic }) => resetOf(topic) === reset)
  const dated = partitions.filter(({ topic }) => typeof resetOf(topic) === 'object')
  await ask(withReset('earliest'), 'earliest')
  // Where no record is as young as asked for, the next one is the first.
  await ask([...withReset('latest'), ...dated], 'latest')
  for (const partition of dated) {
    const { byDurationMs } = resetOf(partition.topic) as { readonly byDurationMs: number }
    await ask([partition], Date.now() - byDurationMs)
  }
  const refused = partitions.find(
    (partition) => !offsets.has(topicPartitionKey(partition.topic, partition.partition)),
  )
  return { offsets, refused }
}
