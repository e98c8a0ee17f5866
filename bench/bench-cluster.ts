import { Admin } from '../src/kafka/admin/admin.js'
import { listOffsets } from '../src/kafka/consumer/list-offsets.js'
import { fetchCommittedOffsets } from '../src/kafka/group/committed-offsets.js'
import { type TopicPartition, topicPartitionKey } from '../src/kafka/topic-partition.js'
import type { BrokerTransport } from '../src/kafka/transport/broker-transport.js'
import { KafkaJsTransport } from '../src/kafka/transport/kafkajs-transport.js'
import { PARTITIONS } from './workloads.js'

const TOPIC_CONFIGS = { 'message.timestamp.after.max.ms': '9223372036854775807', 'retention.ms': '-1' }

/** What the harness does on the broker between and during the runs. */
export class BenchCluster implements AsyncDisposable {
  /** For what carries records: publishing the input, reading the outputs. */
  readonly transport: BrokerTransport
  private readonly admin: Admin
  private readonly partitionCounts = new Map<string, number>()

  constructor(readonly brokers: readonly string[]) {
    this.transport = new KafkaJsTransport({ brokers, clientId: 'bench' })
    this.admin = new Admin(this.transport)
  }

  /** Creates a topic that takes timestamps of any time and keeps its records. */
  createTopic(
    topic: string,
    configs: Readonly<Record<string, string>> = {},
    partitions = PARTITIONS,
  ): Promise<void> {
    this.partitionCounts.set(topic, partitions)
    return this.admin.createTopics([{ topic, partitions, configs: { ...TOPIC_CONFIGS, ...configs } }])
  }

  private partitionsOf(topic: string): TopicPartition[] {
    const count = this.partitionCounts.get(topic) ?? PARTITIONS
    return Array.from({ length: count }, (_, partition) => ({ topic, partition }))
  }

  /** Deletes an application's topics: its output, and those that it has made itself. */
  async deleteTopicsOf(applicationId: string): Promise<void> {
    const topics = (await this.transport.metadata()).map(({ topic }) => topic)
    await this.admin.deleteTopics(topics.filter((topic) => topic.startsWith(`${applicationId}-`)))
  }

  /** The end of each partition of a topic, open transactions and markers included. */
  async endOffsets(topic: string): Promise<number[]> {
    const partitions = this.partitionsOf(topic)
    const ends = await listOffsets(this.transport, partitions, 'latest', 'read_uncommitted')
    return partitions.map(({ partition }) => ends.get(topicPartitionKey(topic, partition))!)
  }

  /** What a group has committed of topics, in records over all their partitions. */
  async committedRecords(groupId: string, topics: readonly string[]): Promise<number> {
    const options = { requireStable: false }
    const partitions = topics.flatMap((topic) => this.partitionsOf(topic))
    const committed = await fetchCommittedOffsets(this.transport, groupId, partitions, options)
    return [...committed.values()].reduce((sum, { offset }) => sum + offset, 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.transport.close()
  }
}
