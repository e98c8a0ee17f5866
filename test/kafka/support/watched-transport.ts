import type {
  ApiCall,
  BrokerCapabilities,
  BrokerTransport,
  Channel,
  CoordinatorKind,
  TopicMetadata,
} from '../../../src/kafka/transport/broker-transport.js'

/** A real transport that tells when it is called. */
export class WatchedTransport implements BrokerTransport {
  private readonly counts = new Map<string, number>()
  private watchers: (() => void)[] = []

  constructor(private readonly inner: BrokerTransport) {}

  /** Resolves when an API was called so many more times. */
  async calls(api: string, times: number): Promise<void> {
    const enough = this.count(api) + times
    while (this.count(api) < enough) await new Promise<void>((resolve) => this.watchers.push(resolve))
  }

  request<Response>(
    node: number,
    channel: Channel,
    call: ApiCall<Response>,
    timeoutMs?: number,
  ): Promise<Response> {
    this.counts.set(call.apiName, this.count(call.apiName) + 1)
    for (const watcher of this.watchers.splice(0)) watcher()
    return this.inner.request(node, channel, call, timeoutMs)
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
}
