import { once } from 'node:events'
import type { KafkaStreams } from '../../src/index.js'
import { listOffsets } from '../../src/kafka/consumer/list-offsets.js'
import { fetchCommittedOffsets } from '../../src/kafka/group/committed-offsets.js'
import type { TopicClient } from './topic-client.js'
import { until } from './until.js'

/** Whether the group of an application has committed all that is in some topics now. */
export const allCommitted = async (
  client: TopicClient,
  group: string,
  topics: readonly string[],
): Promise<boolean> => (await uncommitted(client, group, topics)) === 0

/** How many offsets of some topics the group of an application has not committed. */
export async function uncommitted(
  client: TopicClient,
  group: string,
  topics: readonly string[],
): Promise<number> {
  const metadata = await client.transport.metadata(topics)
  const partitions = metadata.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition }) => ({ topic, partition })),
  )
  // Not the last stable offset: it lags behind a transaction that has just been committed.
  const ends = await listOffsets(client.transport, partitions, 'latest', 'read_uncommitted')
  const committed = await fetchCommittedOffsets(client.transport, group, partitions, { requireStable: true })
  return [...ends].reduce((sum, [key, end]) => sum + Math.max(0, end - (committed.get(key)?.offset ?? 0)), 0)
}

/** Whether nothing that a client has processed waits for its commit, or to be written to its stores. */
export const isWritten = (streams: KafkaStreams): boolean => streams.metrics().pendingBytes === 0

/**
 * Waits until an application has committed all of these topics, one after the other (a repartition topic comes after
 * the source before it) and has it in its stores; rejects with the error that stops the application before.
 */
export async function processedAll(
  client: TopicClient,
  streams: KafkaStreams,
  topics: readonly string[],
): Promise<void> {
  const failure = new AbortController()
  const failed = once(streams, 'error', { signal: failure.signal }).then(
    ([error]) => {
      throw error
    },
    () => {},
  )
  const drained = async (): Promise<void> => {
    for (const topic of topics) while (!(await allCommitted(client, streams.applicationId, [topic])));
    await until('the stores have what is committed', () => isWritten(streams))
  }
  await Promise.race([drained(), failed])
  failure.abort()
}
