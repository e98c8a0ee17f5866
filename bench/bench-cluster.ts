import { type Admin, Kafka, logLevel } from 'kafkajs'
import { listOffsets } from '../src/kafka/consumer/list-offsets.js'
import { fetchCommittedOffsets } from '../src/kafka/group/committed-offsets.js'
import { type TopicPartition, topicPartitionKey } from '../src/kafka/topic-partition.js'
import type { BrokerTransport } from '../src/kafka/transport/broker-transport.js'
import { KafkaJsTransport } from '../src/kafka/transport/kafkajs-transport.js'
import { PARTITIONS } from './workloads.js'

/** What the harness does on the broker between and during the runs. */
export class BenchCluster implements AsyncDisposable {
  private constructor(
    readonly brokers: readonly string[],
    private readonly admin: Admin,
    /** For what carries records: publishing the input, reading the outputs. */
    readonly transport: BrokerTransport,
  ) {}

  static async connect(brokers: readonly string[]): Promise<BenchCluster> {
    const admin = new Kafka({ brokers: [...brokers], clientId: 'bench', logLevel: logLevel.ERROR }).admin()
    await admin.connect()
    return new BenchCluster(brokers, admin, new KafkaJsTransport({ brokers, clientId: 'bench' }))
  }

  /** Creates a topic that takes timestamps of any time and keeps its records. */
  async createTopic(topic: string): Promise<void> {
    const configEntries = [
      { name: 'message.timestamp.after.max.ms', value: '9223372036854775807' },
      { name: 'retention.ms', value: '-1' },
    ]
    await this.admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic, numPartitions: PARTITIONS, replicationFactor: 1, configEntries }],
    })
  }

  async topicsStartingWith(prefix: string): Promise<string[]> {
    const topics = await this.admin.listTopics()
    return topics.filter((topic) => topic.startsWith(prefix))
  }

  async deleteTopics(topics: readonly string[]): Promise<void> {
    if (topics.length > 0) await this.admin.deleteTopics({ topics: [...topics] })
  }

  /** The end of each partition of a topic, open transactions and markers included. */
  async endOffsets(topic: string): Promise<number[]> {
    const partitions = partitionsOf(topic)
    const ends = await listOffsets(this.transport, partitions, 'latest', 'read_uncommitted')
    return partitions.map(({ partition }) => ends.get(topicPartitionKey(topic, partition))!)
  }

  /** What a group has committed of a topic, in records over all partitions. */
  async committedRecords(groupId: string, topic: string): Promise<number> {
    const options = { requireStable: false }
    const committed = await fetchCommittedOffsets(this.transport, groupId, partitionsOf(topic), options)
    return [...committed.values()].reduce((sum, { offset }) => sum + offset, 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.disconnect()
    await this.transport.close()
  }
}

const partitionsOf = (topic: string): TopicPartition[] =>
  Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }))
