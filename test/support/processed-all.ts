import { once } from 'node:events'
import type { KafkaStreams } from '../../src/index.js'
import { listOffsets } from '../../src/kafka/consumer/list-offsets.js'
import { fetchCommittedOffsets } from '../../src/kafka/group/committed-offsets.js'
import type { TopicPartition } from '../../src/kafka/topic-partition.js'
import type { TopicClient } from './topic-client.js'
import { until } from './until.js'

/** Where partitions end, or are committed to, by `topic-partition`. */
type Offsets = ReadonlyMap<string, number>

/** Whether the group of an application has committed all that is in some topics now. */
export const allCommitted = async (
  client: TopicClient,
  group: string,
  topics: readonly string[],
): Promise<boolean> => (await uncommitted(client, group, topics, await endsOf(client, topics))) === 0

/** Where topics end now, open transactions included: the last stable offset lags behind one that has just been committed. */
export const endsOf = async (client: TopicClient, topics: readonly string[]): Promise<Offsets> =>
  listOffsets(client.transport, await partitionsOf(client, topics), 'latest', 'read_uncommitted')

/** How many offsets up to some ends of topics the group of an application has not committed. */
export async function uncommitted(
  client: TopicClient,
  group: string,
  topics: readonly string[],
  ends: Offsets,
): Promise<number> {
  const partitions = await partitionsOf(client, topics)
  const committed = await fetchCommittedOffsets(client.transport, group, partitions, { requireStable: true })
  return [...ends].reduce((sum, [key, end]) => sum + Math.max(0, end - (committed.get(key)?.offset ?? 0)), 0)
}

async function partitionsOf(client: TopicClient, topics: readonly string[]): Promise<TopicPartition[]> {
  const metadata = await client.transport.metadata(topics)
  return metadata.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition }) => ({ topic, partition })),
  )
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
