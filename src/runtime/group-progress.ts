import { listOffsets } from '../kafka/consumer/list-offsets.js'
import { fetchCommittedOffsets } from '../kafka/group/committed-offsets.js'
import { type TopicPartition, topicPartitionKey } from '../kafka/topic-partition.js'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import { decodeCommitMetadata } from './commit-metadata.js'

/** Longer than a coordinator takes that is there; then it is asked again. */
const TIMEOUT_MS = 5_000

/** Where a partition ends. */
export interface PartitionEnd extends TopicPartition {
  /** The last stable offset. */
  readonly end: number
}

/** How far a partition has come, as its owner committed it. */
export interface CommittedProgress {
  readonly offset: number
  /** -1: that is not known. */
  readonly eventTime: number
}

/** How far a consumer group has come, as everybody sees it. */
export interface GroupProgress {
  /** The ends of all partitions of topics. */
  ends(topics: readonly string[]): Promise<readonly PartitionEnd[]>
  /** By `topicPartitionKey`; partitions of which nothing is committed are absent. */
  committed(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, CommittedProgress>>
}

/** The same, of an application in a cluster. */
export class ClusterProgress implements GroupProgress {
  constructor(
    private readonly transport: BrokerTransport,
    private readonly applicationId: string,
    private readonly fingerprint: string,
    private readonly signal: AbortSignal,
  ) {}

  async ends(topics: readonly string[]): Promise<readonly PartitionEnd[]> {
    const metadata = await this.transport.metadata(topics)
    const partitions = metadata.flatMap((each) =>
      each.partitions.map(({ partition }) => ({ topic: each.topic, partition })),
    )
    const ends = await listOffsets(this.transport, partitions, 'latest', 'read_committed')
    return partitions.map((each) => ({
      ...each,
      end: ends.get(topicPartitionKey(each.topic, each.partition)) ?? 0,
    }))
  }

  async committed(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, CommittedProgress>> {
    const { transport, applicationId, fingerprint, signal } = this
    // What a transaction is about to commit is told soon enough.
    const options = { requireStable: false, timeoutMs: TIMEOUT_MS, signal }
    const committed = await fetchCommittedOffsets(transport, applicationId, partitions, options)
    return new Map(
      [...committed].map(([key, { offset, metadata }]) => {
        const { eventTime = -1 } = decodeCommitMetadata(metadata, fingerprint, key)
        return [key, { offset, eventTime }]
      }),
    )
  }
}
