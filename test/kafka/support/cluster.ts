import { randomUUID } from 'node:crypto'
import { Admin } from '../../../src/kafka/admin/admin.js'
import { Fetcher } from '../../../src/kafka/consumer/fetcher.js'
import { listOffsets } from '../../../src/kafka/consumer/list-offsets.js'
import type { GroupMember } from '../../../src/kafka/group/group-member.js'
import { Producer, type ProducerOptions } from '../../../src/kafka/producer/producer.js'
import type { IsolationLevel } from '../../../src/kafka/records/fetched-chunk.js'
import { ThrottleCount } from '../../../src/kafka/throttle-count.js'
import { topicPartitionKey } from '../../../src/kafka/topic-partition.js'
import { KafkaJsTransport } from '../../../src/kafka/transport/kafkajs-transport.js'
import type { TransportOptions } from '../../../src/kafka/transport/transport-options.js'
import { valuesOf } from '../../support/fetched-values.js'
import { RecordedMember, type RecordedMemberOptions, SpreadingAssignor } from './recorded-member.js'
import { WatchedTransport } from './watched-transport.js'

/** A name that no other test has. */
export const unique = (prefix: string): string => `${prefix}-${randomUUID()}`

/** A connection to a real cluster, with what tests do there. */
export class Cluster implements AsyncDisposable {
  readonly transport: WatchedTransport
  private readonly producers: Producer[] = []
  private readonly members: RecordedMember[] = []

  constructor(
    private readonly brokers: readonly string[],
    private readonly options: Omit<TransportOptions, 'brokers'> = {},
  ) {
    this.transport = this.connect()
  }

  private connect(): WatchedTransport {
    return new WatchedTransport(new KafkaJsTransport({ ...this.options, brokers: this.brokers }))
  }

  /** A member of a group, on connections of its own: its JoinGroup would hold up the heartbeats of others. */
  member(options: RecordedMemberOptions): RecordedMember {
    const recorded = new RecordedMember(this.connect(), options)
    this.members.push(recorded)
    return recorded
  }

  async newTopic(partitions = 1): Promise<string> {
    const topic = unique('topic')
    await new Admin(this.transport).createTopics([{ topic, partitions, configs: { 'retention.ms': '-1' } }])
    return topic
  }

  async producer(options: ProducerOptions): Promise<Producer> {
    const producer = new Producer(this.transport, options)
    this.producers.push(producer)
    await producer.init()
    return producer
  }

  /** A member that is in a group of its own and reads this topic. */
  async soleMember(topic: string, groupId = unique('group')): Promise<GroupMember> {
    const assignor = new SpreadingAssignor(topic, 1, 'sole')
    const recorded = this.member({ groupId, topics: [topic], assignor })
    await recorded.member.join()
    return recorded.member
  }

  /** The values of a partition that a consumer of this isolation level sees, once no transaction is open there. */
  async valuesIn(
    topic: string,
    partition = 0,
    isolation: IsolationLevel = 'read_committed',
    throttles = new ThrottleCount(),
  ): Promise<string[]> {
    const end = await this.stableEnd(topic, partition)
    const fetcher = new Fetcher(this.transport, { isolation, maxWaitMs: 50, throttles })
    fetcher.add(topic, partition, 0)
    const values = end === 0 ? [] : await valuesOf(fetcher, topic, partition, end, isolation)
    await fetcher.close()
    return values
  }

  /** The end of a log, when all transactions have their markers. */
  async stableEnd(topic: string, partition: number): Promise<number> {
    const key = topicPartitionKey(topic, partition)
    for (;;) {
      const stable = await listOffsets(this.transport, [{ topic, partition }], 'latest', 'read_committed')
      const end = await listOffsets(this.transport, [{ topic, partition }], 'latest', 'read_uncommitted')
      if (stable.get(key) === end.get(key)) return end.get(key)!
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const producer of this.producers) producer.close()
    for (const { member, transport } of this.members) {
      if (member.state !== 'closed') await member.leave()
      await transport.close()
    }
    await this.transport.close()
  }
}
