import { ErrorCode } from '../kafka/protocol/error-codes.js'
import { KafkaProtocolError } from '../kafka/protocol/kafka-protocol-error.js'
import type { BrokerTransport, TopicMetadata } from '../kafka/transport/broker-transport.js'
import type { TopicDirectory } from './record-collector.js'
import { StreamsError } from './streams-error.js'

/** A topic that a sink writes does not exist. */
export class UnknownTopicError extends StreamsError {
  override readonly name = 'UnknownTopicError'
}

/** Partition counts and ids of topics, remembered. */
export class ClusterTopics implements TopicDirectory {
  private readonly known = new Map<string, TopicMetadata>()

  constructor(private readonly transport: BrokerTransport) {}

  /**
   * Asks the cluster about topics; those that do not exist are left out.
   *
   * @throws {KafkaProtocolError} for one that may not be described: it need not be missing
   */
  async refresh(topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return
    for (const metadata of await this.transport.metadata(topics)) {
      if (metadata.errorCode === ErrorCode.TOPIC_AUTHORIZATION_FAILED) {
        throw new KafkaProtocolError(metadata.errorCode, 'Metadata', { topic: metadata.topic })
      }
      if (metadata.errorCode === ErrorCode.NONE && metadata.partitions.length > 0)
        this.known.set(metadata.topic, metadata)
      else this.known.delete(metadata.topic)
    }
  }

  partitionCount(topic: string): number | undefined {
    return this.known.get(topic)?.partitions.length
  }

  /** @throws {UnknownTopicError} */
  topicId(topic: string): string {
    const metadata = this.known.get(topic)
    if (metadata === undefined) throw unknown(topic)
    return metadata.topicId
  }

  /** @throws {UnknownTopicError} */
  async lookUp(topic: string): Promise<number> {
    if (!this.known.has(topic)) await this.refresh([topic])
    const count = this.partitionCount(topic)
    if (count === undefined) throw unknown(topic)
    return count
  }
}

const unknown = (topic: string): UnknownTopicError =>
  new UnknownTopicError(
    'UNKNOWN_TOPIC',
    `topic '${topic}' does not exist: create it before records are sent to it`,
  )
