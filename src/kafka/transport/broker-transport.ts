import type { WireReader } from '../protocol/wire-reader.js'
import type { WireWriter } from '../protocol/wire-writer.js'

/**
 * A broker serves one request per connection at a time, so what may block (a JoinGroup held back by the
 * coordinator, a long-poll Fetch) must not share a connection with what must not wait. Each channel has
 * connections of its own. The overtaking channels are the way past a long poll that waits for other partitions.
 */
export type Channel =
  | 'group'
  | 'produce'
  | 'fetch'
  | 'fetch-overtaking'
  | 'restore'
  | 'restore-overtaking'
  | 'admin'

/** What a coordinator coordinates: a consumer group, or a transactional id. */
export type CoordinatorKind = 'group' | 'transaction'

/** One version of one Kafka API: how its request is written and its response read. */
export interface ApiCall<Response> {
  readonly apiKey: number
  readonly apiName: string
  readonly apiVersion: number
  /** Whether this version uses flexible headers (KIP-482); the transport then adds the tagged fields of the header. */
  readonly flexible: boolean
  encode(writer: WireWriter): void
  /** What it returns must not refer to the reader's buffer: the next response overwrites it. */
  decode(reader: WireReader): Response
}

export interface ApiVersionRange {
  readonly min: number
  readonly max: number
}

/** What a broker supports: API version ranges and finalized feature levels (such as `transaction.version`). */
export interface BrokerCapabilities {
  range(apiKey: number): ApiVersionRange | undefined
  finalizedFeature(name: string): number | undefined
}

export interface PartitionMetadata {
  readonly partition: number
  readonly leader: number
  readonly errorCode: number
}

export interface TopicMetadata {
  readonly topic: string
  /** The topic's id as 32 hexadecimal digits. */
  readonly topicId: string
  readonly errorCode: number
  readonly partitions: readonly PartitionMetadata[]
}

/**
 * Connections to a Kafka cluster: all that the engine needs of a client library. Everything above it speaks the
 * protocol itself.
 */
export interface BrokerTransport {
  /**
   * Sends one request to a node and resolves with the decoded response. Rejects with {@link BrokerConnectionError}
   * when the connection fails before the response arrives (the outcome of the request is then unknown), and with
   * {@link RequestTimeoutError} after `timeoutMs` without a response or any bytes from the node.
   */
  request<Response>(
    node: number,
    channel: Channel,
    call: ApiCall<Response>,
    timeoutMs?: number,
  ): Promise<Response>
  /** The current leader of a partition, from cached metadata; asks the cluster where it is unknown. */
  leaderOf(topic: string, partition: number): Promise<number>
  /** The id of a topic, of the same metadata as its leaders: a topic created anew under its name has another one. */
  topicIdOf(topic: string): Promise<string>
  /** Forgets the cached leaders of a topic and its id (of all topics when none is named): an answer said they have changed. */
  forgetLeaders(topic?: string): void
  /** The coordinator of a consumer group or transactional id; cached until `forgetCoordinator`. */
  coordinator(kind: CoordinatorKind, id: string): Promise<number>
  forgetCoordinator(kind: CoordinatorKind, id: string): void
  /** Fresh metadata of topics (all of them when none are named); also refreshes the cache of leaders. */
  metadata(topics?: readonly string[]): Promise<readonly TopicMetadata[]>
  /** Any live node, for requests that every broker answers. */
  anyNode(): Promise<number>
  capabilities(node: number): Promise<BrokerCapabilities>
  /** Re-reads what a node supports (finalized features change while a cluster runs). */
  refreshCapabilities(node: number): Promise<BrokerCapabilities>
  close(): Promise<void>
}
