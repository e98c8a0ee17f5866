import type {
  ApiCall,
  BrokerCapabilities,
  BrokerTransport,
  Channel,
  CoordinatorKind,
  TopicMetadata,
} from '../../../src/kafka/transport/broker-transport.js'
import { BrokerConnectionError } from '../../../src/kafka/transport/transport-error.js'

/** A real transport that loses what a test tells it to lose. */
export class FaultyTransport implements BrokerTransport {
  private readonly losing = new Map<string, { fault: 'request' | 'response'; times: number }>()
  private readonly counts = new Map<string, number>()
  private watchers: (() => void)[] = []

  constructor(private readonly inner: BrokerTransport) {}

  /** The next responses of an API do not arrive; the broker has done its part. */
  loseResponses(api: string, times = Number.POSITIVE_INFINITY): void {
    this.losing.set(api, { fault: 'response', times })
  }

  /** The next requests of an API do not arrive. */
  loseRequests(api: string, times = Number.POSITIVE_INFINITY): void {
    this.losing.set(api, { fault: 'request', times })
  }

  heal(): void {
    this.losing.clear()
  }

  /** Resolves when an API was called so many more times. */
  async calls(api: string, times: number): Promise<void> {
    const enough = this.count(api) + times
    while (this.count(api) < enough) await new Promise<void>((resolve) => this.watchers.push(resolve))
  }

  async request<Response>(
    node: number,
    channel: Channel,
    call: ApiCall<Response>,
    timeoutMs?: number,
  ): Promise<Response> {
    const fault = this.faultOf(call.apiName)
    this.counts.set(call.apiName, this.count(call.apiName) + 1)
    for (const watcher of this.watchers.splice(0)) watcher()
    if (fault === 'request') throw new BrokerConnectionError(`the test lost a request of ${call.apiName}`)
    const response = await this.inner.request(node, channel, call, timeoutMs)
    if (fault === 'response') throw new BrokerConnectionError(`the test lost a response of ${call.apiName}`)
    return response
  }

  leaderOf(topic: string, partition: number): Promise<number> {
    return this.inner.leaderOf(topic, partition)
  }

  topicIdOf(topic: string): Promise<string> {
    return this.inner.topicIdOf(topic)
  }

  forgetLeaders(topic?: string): void {
    this.inner.forgetLeaders(topic)
  }

  coordinator(kind: CoordinatorKind, id: string): Promise<number> {
    return this.inner.coordinator(kind, id)
  }

  forgetCoordinator(kind: CoordinatorKind, id: string): void {
    this.inner.forgetCoordinator(kind, id)
  }

  metadata(topics?: readonly string[]): Promise<readonly TopicMetadata[]> {
    return this.inner.metadata(topics)
  }

  anyNode(): Promise<number> {
    return this.inner.anyNode()
  }

  capabilities(node: number): Promise<BrokerCapabilities> {
    return this.inner.capabilities(node)
  }

  refreshCapabilities(node: number): Promise<BrokerCapabilities> {
    return this.inner.refreshCapabilities(node)
  }

  close(): Promise<void> {
    return this.inner.close()
  }

  private count(api: string): number {
    return this.counts.get(api) ?? 0
  }

  private faultOf(api: string): 'request' | 'response' | undefined {
    const losing = this.losing.get(api)
    if (losing === undefined || losing.times <= 0) return undefined
    losing.times--
    return losing.fault
  }
}
