import { CodedError } from '../../errors/coded-error.js'
import { listOffsets } from '../consumer/list-offsets.js'
import { createTopicsCall, type NamedOutcome, type NewTopic } from '../protocol/create-topics-call.js'
import { deleteGroupsCall } from '../protocol/delete-groups-call.js'
import { deleteRecordsCall, type RecordsBefore } from '../protocol/delete-records-call.js'
import { deleteTopicsCall } from '../protocol/delete-topics-call.js'
import { describeTopicConfigsCall } from '../protocol/describe-configs-call.js'
import { describeGroupsCall, type GroupMemberDescription } from '../protocol/describe-groups-call.js'
import { ErrorCode } from '../protocol/error-codes.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'
import { askLeaders } from '../transport/ask-leaders.js'
import { Backoff } from '../transport/backoff.js'
import type { ApiCall, BrokerTransport, TopicMetadata } from '../transport/broker-transport.js'
import { isUnreachable } from '../transport/transport-error.js'

/** A topic that {@link Admin.createTopics} is to create. */
export interface TopicDefinition {
  readonly topic: string
  /** Default: the broker's. */
  readonly partitions?: number
  /** Default: the broker's. */
  readonly replicationFactor?: number
  readonly configs?: Readonly<Record<string, string>>
}

const BROKER_DEFAULT = -1
/** How long a broker may take for a change. */
const CHANGE_TIMEOUT_MS = 30_000
/** How long an operation is tried, and its effect waited for. */
const GIVE_UP_AFTER_MS = 60_000

const newTopicOf = ({ topic, partitions, replicationFactor, configs }: TopicDefinition): NewTopic => ({
  topic,
  partitions: partitions ?? BROKER_DEFAULT,
  replicationFactor: replicationFactor ?? BROKER_DEFAULT,
  configs: configs ?? {},
})

const hasLeaders = (topic: TopicMetadata | undefined): boolean =>
  topic?.partitions.every(({ leader }) => leader >= 0) === true

/** Whether trying again helps. A missing topic does not appear by asking. */
const isPassing = (error: unknown): boolean =>
  isUnreachable(error) ||
  (error instanceof KafkaProtocolError &&
    error.retriable &&
    error.code !== ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)

/** Administration of topics, records and groups. Every operation may be repeated: what is done already is fine. */
export class Admin {
  constructor(private readonly transport: BrokerTransport) {}

  /**
   * Topics with their ids and partitions, by name; those that do not exist are left out.
   *
   * @throws KafkaProtocolError for a topic that may not be seen
   */
  async describeTopics(topics: readonly string[]): Promise<Map<string, TopicMetadata>> {
    const described = new Map<string, TopicMetadata>()
    for (const metadata of await this.transport.metadata(topics)) {
      const { topic, errorCode } = metadata
      if (errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) continue
      if (errorCode !== ErrorCode.NONE && errorCode !== ErrorCode.LEADER_NOT_AVAILABLE) {
        throw new KafkaProtocolError(errorCode, 'Metadata', { topic })
      }
      described.set(topic, metadata)
    }
    return described
  }

  /**
   * Creates topics and waits until the leader of every partition serves it. A topic that exists stays as it is.
   *
   * @throws KafkaProtocolError with the topic and the broker's reason
   */
  async createTopics(topics: readonly TopicDefinition[]): Promise<void> {
    if (topics.length === 0) return
    const call = createTopicsCall(topics.map(newTopicOf), CHANGE_TIMEOUT_MS)
    await this.change(call, 'topic', ErrorCode.TOPIC_ALREADY_EXISTS)
    const names = topics.map(({ topic }) => topic)
    const seen = await this.untilSeen(names, (all) => names.every((name) => hasLeaders(all.get(name))))
    const partitions = [...seen.values()].flatMap((each) =>
      each.partitions.map(({ partition }) => ({ topic: each.topic, partition })),
    )
    // A broker shows itself as the leader a moment before it is ready to serve.
    await listOffsets(this.transport, partitions, 'earliest', 'read_uncommitted')
  }

  /**
   * Deletes topics and waits until they are gone. A topic that does not exist is fine.
   *
   * @throws KafkaProtocolError with the topic and the broker's reason
   */
  async deleteTopics(topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return
    const call = deleteTopicsCall(topics, CHANGE_TIMEOUT_MS)
    await this.change(call, 'topic', ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    await this.untilSeen(topics, (seen) => seen.size === 0)
  }

  /**
   * Every configuration of a topic by name, defaults included.
   *
   * @throws KafkaProtocolError where the topic does not exist
   */
  topicConfigs(topic: string): Promise<ReadonlyMap<string, string>> {
    return this.anywhere(describeTopicConfigsCall(topic))
  }

  /**
   * Moves log starts forward to the given offsets; resolves with the new log starts by `topicPartitionKey`.
   *
   * @throws KafkaProtocolError OFFSET_OUT_OF_RANGE past the high watermark, POLICY_VIOLATION where the topic is
   * only compacted
   */
  deleteRecords(records: readonly RecordsBefore[]): Promise<Map<string, number>> {
    return askLeaders(this.transport, {
      partitions: records,
      channel: 'admin',
      call: (led) => deleteRecordsCall(led, CHANGE_TIMEOUT_MS),
    })
  }

  /** The members of a consumer group; none where there is no such group. */
  groupMembers(group: string): Promise<readonly GroupMemberDescription[]> {
    return this.persistently(async () => {
      const node = await this.transport.coordinator('group', group)
      const [described] = await this.transport.request(node, 'admin', describeGroupsCall([group]))
      if (described === undefined || described.errorCode === ErrorCode.GROUP_ID_NOT_FOUND) return []
      if (described.errorCode === ErrorCode.NONE) return described.members
      this.transport.forgetCoordinator('group', group)
      throw new KafkaProtocolError(described.errorCode, 'DescribeGroups', { group })
    })
  }

  /**
   * Deletes a consumer group with its committed offsets. A group that does not exist is fine.
   *
   * @throws KafkaProtocolError NON_EMPTY_GROUP while it has members
   */
  async deleteGroup(group: string): Promise<void> {
    await this.persistently(async () => {
      const node = await this.transport.coordinator('group', group)
      const [outcome] = await this.transport.request(node, 'admin', deleteGroupsCall([group]))
      if (outcome === undefined || outcome.errorCode === ErrorCode.NONE) return
      if (outcome.errorCode === ErrorCode.GROUP_ID_NOT_FOUND) return
      this.transport.forgetCoordinator('group', group)
      throw new KafkaProtocolError(outcome.errorCode, 'DeleteGroups', { group })
    })
  }

  private change(call: ApiCall<readonly NamedOutcome[]>, what: string, done: number): Promise<void> {
    return this.persistently(async () => {
      for (const { name, errorCode, detail } of await this.askAnyNode(call)) {
        if (errorCode === ErrorCode.NONE || errorCode === done) continue
        throw new KafkaProtocolError(errorCode, call.apiName, { [what]: name }, detail)
      }
    })
  }

  private anywhere<Response>(call: ApiCall<Response>): Promise<Response> {
    return this.persistently(() => this.askAnyNode(call))
  }

  private async askAnyNode<Response>(call: ApiCall<Response>): Promise<Response> {
    return this.transport.request(await this.transport.anyNode(), 'admin', call)
  }

  private async untilSeen(
    topics: readonly string[],
    done: (seen: Map<string, TopicMetadata>) => boolean,
  ): Promise<Map<string, TopicMetadata>> {
    const deadline = performance.now() + GIVE_UP_AFTER_MS
    const backoff = new Backoff()
    for (;;) {
      const seen = await this.describeTopics(topics)
      if (done(seen)) return seen
      if (performance.now() >= deadline) throw new MetadataDelayError(topics)
      await backoff.pause()
    }
  }

  private async persistently<T>(attempt: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + GIVE_UP_AFTER_MS
    const backoff = new Backoff()
    for (;;) {
      try {
        return await attempt()
      } catch (error) {
        if (!isPassing(error) || performance.now() >= deadline) throw error
        await backoff.pause()
      }
    }
  }
}

/** The brokers accepted a change of topics, and do not show it. */
export class MetadataDelayError extends CodedError {
  override readonly name = 'MetadataDelayError'

  constructor(topics: readonly string[]) {
    super(
      'METADATA_DELAY',
      `the brokers accepted a change of ${topics.join(', ')}, and have not shown it for ${GIVE_UP_AFTER_MS} ms`,
    )
  }
}
