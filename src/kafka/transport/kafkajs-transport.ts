import { setMaxListeners } from 'node:events'
import { apiVersionsCall } from '../protocol/api-versions-call.js'
import { ErrorCode } from '../protocol/error-codes.js'
import { findCoordinatorCall } from '../protocol/find-coordinator-call.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'
import { metadataCall } from '../protocol/metadata-call.js'
import { MalformedResponseError, WireReader } from '../protocol/wire-reader.js'
import { Backoff } from './backoff.js'
import { BrokerLink } from './broker-link.js'
import type {
  ApiCall,
  BrokerCapabilities,
  BrokerTransport,
  Channel,
  CoordinatorKind,
  TopicMetadata,
} from './broker-transport.js'
import { CLIENT_NAME, CLIENT_VERSION } from './client-identity.js'
import { ClusterView } from './cluster-view.js'
import { WriterPool } from './pending-request.js'
import { BrokerConnectionError, isUnreachable, TransportClosedError } from './transport-error.js'
import {
  type BrokerAddress,
  type LinkOptions,
  linkOptionsOf,
  parseBrokerAddresses,
  type TransportOptions,
} from './transport-options.js'

/** Questions about the cluster have a channel of their own: the callers' channels may be blocked for seconds. */
type LinkChannel = Channel | 'cluster'

const API_VERSIONS = 18

const coordinatorKey = (kind: CoordinatorKind, id: string): string => `${kind}:${id}`

/** Whether asking the cluster again helps. A missing topic does not appear by asking. */
const isTransient = (error: unknown): boolean =>
  isUnreachable(error) ||
  (error instanceof KafkaProtocolError &&
    error.retriable &&
    error.code !== ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)

/** The {@link BrokerTransport} over kafkajs's connections: TCP, TLS, SASL and request framing are theirs. */
export class KafkaJsTransport implements BrokerTransport {
  private readonly options: LinkOptions
  private readonly bootstrap: readonly BrokerAddress[]
  private readonly view = new ClusterView()
  private readonly links = new Map<string, BrokerLink>()
  private readonly writers = new WriterPool()
  private readonly closing = new AbortController()
  private leaderQuestion: { topics: Set<string>; answer: Promise<readonly TopicMetadata[]> } | undefined

  constructor(options: TransportOptions) {
    // Every question that waits to be asked again listens.
    setMaxListeners(0, this.closing.signal)
    this.bootstrap = parseBrokerAddresses(options.brokers)
    this.options = linkOptionsOf(options)
  }

  request<Response>(
    node: number,
    channel: Channel,
    call: ApiCall<Response>,
    timeoutMs = this.options.requestTimeout,
  ): Promise<Response> {
    return this.requestNode(node, channel, call, timeoutMs)
  }

  async leaderOf(topic: string, partition: number): Promise<number> {
    return this.view.leaderOf(topic, partition) ?? this.untilAnswered(() => this.askLeader(topic, partition))
  }

  async topicIdOf(topic: string): Promise<string> {
    return this.view.topicIdOf(topic) ?? this.untilAnswered(() => this.askTopicId(topic))
  }

  forgetLeaders(topic?: string): void {
    this.view.forgetLeaders(topic)
  }

  async coordinator(kind: CoordinatorKind, id: string): Promise<number> {
    const key = coordinatorKey(kind, id)
    const known = this.view.coordinator(key)
    if (known !== undefined) return known
    const node = await this.untilAnswered(() => this.askAnyNode(findCoordinatorCall(kind, id)))
    this.view.learnCoordinator(key, node)
    return node.nodeId
  }

  forgetCoordinator(kind: CoordinatorKind, id: string): void {
    this.view.forgetCoordinator(coordinatorKey(kind, id))
  }

  metadata(topics?: readonly string[]): Promise<readonly TopicMetadata[]> {
    return this.untilAnswered(() => this.askMetadata(topics))
  }

  async anyNode(): Promise<number> {
    if (this.view.nodeIds.length === 0) await this.metadata([])
    const nodes = this.view.nodeIds
    const node = nodes[Math.floor(Math.random() * nodes.length)]
    if (node === undefined) throw new BrokerConnectionError('the cluster names no live broker')
    return node
  }

  async capabilities(node: number): Promise<BrokerCapabilities> {
    return this.view.capabilities.get(node) ?? this.refreshCapabilities(node)
  }

  async refreshCapabilities(node: number): Promise<BrokerCapabilities> {
    const call = apiVersionsCall(CLIENT_NAME, CLIENT_VERSION)
    const capabilities = await this.requestNode(node, 'cluster', call, this.options.requestTimeout)
    this.view.capabilities.set(node, capabilities)
    return capabilities
  }

  async close(): Promise<void> {
    this.closing.abort()
    for (const link of this.links.values()) link.close()
    this.links.clear()
  }

  private async requestNode<Response>(
    node: number,
    channel: LinkChannel,
    call: ApiCall<Response>,
    timeoutMs: number,
  ): Promise<Response> {
    const address = this.view.addressOf(node) ?? (await this.findAddress(node))
    try {
      return await this.exchange(address, channel, call, timeoutMs)
    } catch (error) {
      if (isUnreachable(error)) this.view.forgetRoles(node)
      throw error
    }
  }

  /** Runs up to the encoding of the request within the call: the order of calls is the order on the wire. */
  private async exchange<Response>(
    address: BrokerAddress,
    channel: LinkChannel,
    call: ApiCall<Response>,
    timeoutMs: number,
  ): Promise<Response> {
    // Decoded before the event loop turns: the next response may lie in the same memory.
    const payload = await this.linkTo(address, channel).request(call, timeoutMs)
    const reader = new WireReader(payload)
    try {
      if (call.flexible && call.apiKey !== API_VERSIONS) reader.skipTaggedFields()
      return call.decode(reader)
    } catch (error) {
      if (!(error instanceof MalformedResponseError)) throw error
      const { apiName, apiVersion } = call
      throw new MalformedResponseError(
        `${apiName} v${apiVersion} from ${address.host}:${address.port}: ${error.message}`,
        { cause: error },
      )
    }
  }

  private linkTo(address: BrokerAddress, channel: LinkChannel): BrokerLink {
    if (this.closing.signal.aborted) throw new TransportClosedError()
    const key = `${channel}/${address.host}:${address.port}`
    let link = this.links.get(key)
    if (link === undefined) {
      link = new BrokerLink(address, this.options, this.writers)
      this.links.set(key, link)
    }
    return link
  }

  private async findAddress(node: number): Promise<BrokerAddress> {
    await this.metadata([])
    const address = this.view.addressOf(node)
    if (address === undefined)
      throw new BrokerConnectionError(`node ${node} is not a live broker of the cluster`)
    return address
  }

  /** Asks one node after the other, the configured ones last, until one can be reached. */
  private async askAnyNode<Response>(call: ApiCall<Response>): Promise<Response> {
    const known = this.view.nodeIds.map((node) => this.view.addressOf(node)!)
    let unreachable: unknown
    for (const address of [...known, ...this.bootstrap]) {
      try {
        return await this.exchange(address, 'cluster', call, this.options.requestTimeout)
      } catch (error) {
        if (!isUnreachable(error)) throw error
        unreachable = error
      }
    }
    throw unreachable
  }

  private async askMetadata(topics?: readonly string[]): Promise<readonly TopicMetadata[]> {
    const metadata = await this.askAnyNode(metadataCall(topics))
    this.view.learn(metadata)
    return metadata.topics
  }

  private async askLeader(topic: string, partition: number): Promise<number> {
    const answers = await this.askLeaders(topic)
    const leader = this.view.leaderOf(topic, partition)
    if (leader !== undefined) return leader
    const answer = answers.find((candidate) => candidate.topic === topic)
    const exists = answer?.partitions.some((candidate) => candidate.partition === partition)
    const unled = exists ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    throw new KafkaProtocolError(answer?.errorCode || unled, 'Metadata', { topic, partition })
  }

  private async askTopicId(topic: string): Promise<string> {
    const answers = await this.askLeaders(topic)
    const answer = answers.find((candidate) => candidate.topic === topic)
    if (answer?.errorCode === ErrorCode.NONE) return answer.topicId
    throw new KafkaProtocolError(answer?.errorCode ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 'Metadata', {
      topic,
    })
  }

  /** Questions of one moment go out together, as one request. */
  private askLeaders(topic: string): Promise<readonly TopicMetadata[]> {
    if (this.leaderQuestion === undefined) {
      const topics = new Set<string>()
      const answer = Promise.resolve().then(() => {
        this.leaderQuestion = undefined
        return this.askMetadata([...topics])
      })
      this.leaderQuestion = { topics, answer }
    }
    this.leaderQuestion.topics.add(topic)
    return this.leaderQuestion.answer
  }

  /** Repeats a question to the cluster while the failure is one that passes, for as long as a request may take. */
  private async untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.options.requestTimeout
    const backoff = new Backoff()
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (!isTransient(error) || performance.now() >= deadline) throw error
        await backoff.pause(this.closing.signal)
      }
    }
  }
}
