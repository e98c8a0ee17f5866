import type { Admin } from '../kafka/admin/admin.js'
import { listOffsets } from '../kafka/consumer/list-offsets.js'
import { type CommittedOffset, fetchCommittedOffsets } from '../kafka/group/committed-offsets.js'
import { type TopicPartition, topicPartitionKey } from '../kafka/topic-partition.js'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import { decodeCommitMetadata } from '../runtime/commit-metadata.js'
import { eventTimeEnded } from '../runtime/operator-times.js'
import { TopicNames } from '../runtime/topic-names.js'
import type { Topology } from '../topology/topology.js'

/** Sees from the broker alone whether an application is through with its input, whoever processes it. */
export class InputCompletion {
  private readonly names: TopicNames

  constructor(
    private readonly transport: BrokerTransport,
    private readonly admin: Admin,
    private readonly topology: Topology,
    private readonly applicationId: string,
    private readonly input: { readonly topics: readonly string[]; readonly records: number },
  ) {
    this.names = new TopicNames(applicationId, topology.subTopologies)
  }

  /** Whether all records are published, and the offsets committed for every topic that is read are at its end. */
  async reached(): Promise<boolean> {
    const partitions = await this.partitions()
    // Commits first: what they have sent on is then in the ends. And the high watermark, since the last stable offset
    // lags behind a transaction that has just been committed.
    const committed = await this.committed(partitions)
    const ends = await listOffsets(this.transport, partitions, 'latest', 'read_uncommitted')
    if (this.publishedOf(partitions, ends) < this.input.records) return false
    return partitions.every(({ topic, partition }) => {
      const key = topicPartitionKey(topic, partition)
      return (committed.get(key)?.offset ?? 0) >= ends.get(key)!
    })
  }

  /** Whether event time has ended at every task where it comes from watermarks: what its end closes is committed. */
  async drained(): Promise<boolean> {
    if (!this.hasWatermarks) return true
    const { fingerprint } = this.topology
    const partitions = await this.partitions()
    const committed = await this.committed(partitions)
    return partitions.every(({ topic, partition }) => {
      const reader = this.names.readerOf(topic)
      const key = topicPartitionKey(topic, partition)
      const { operatorTimes } = decodeCommitMetadata(committed.get(key)?.metadata ?? null, fingerprint, key)
      return reader.shuffles === undefined || eventTimeEnded(operatorTimes, reader)
    })
  }

  /** Whether event time comes from watermarks anywhere, so that its end closes something. */
  get hasWatermarks(): boolean {
    return this.topology.subTopologies.some(({ shuffles }) => shuffles !== undefined)
  }

  private committed(partitions: readonly TopicPartition[]): Promise<Map<string, CommittedOffset>> {
    return fetchCommittedOffsets(this.transport, this.applicationId, partitions, { requireStable: true })
  }

  private async partitions(): Promise<TopicPartition[]> {
    const described = await this.admin.describeTopics(this.names.sources)
    return [...described.values()].flatMap(({ topic, partitions }) =>
      partitions.map(({ partition }) => ({ topic, partition })),
    )
  }

  private publishedOf(partitions: readonly TopicPartition[], ends: ReadonlyMap<string, number>): number {
    return partitions
      .filter(({ topic }) => this.input.topics.includes(topic))
      .reduce((sum, { topic, partition }) => sum + ends.get(topicPartitionKey(topic, partition))!, 0)
  }
}
