import { ErrorCode } from '../protocol/error-codes.js'
import type { ClusterMetadata, NodeAddress } from '../protocol/metadata-call.js'
import type { BrokerCapabilities } from './broker-transport.js'
import type { BrokerAddress } from './transport-options.js'

const NO_LEADER = -1

/** What is known of the cluster, until an answer says otherwise. */
export class ClusterView {
  private readonly addresses = new Map<number, BrokerAddress>()
  private readonly leaders = new Map<string, number[]>()
  private readonly topicIds = new Map<string, string>()
  private readonly coordinators = new Map<string, number>()
  readonly capabilities = new Map<number, BrokerCapabilities>()

  get nodeIds(): number[] {
    return [...this.addresses.keys()]
  }

  addressOf(node: number): BrokerAddress | undefined {
    return this.addresses.get(node)
  }

  /** The cached leader of a partition. */
  leaderOf(topic: string, partition: number): number | undefined {
    const leader = this.leaders.get(topic)?.[partition]
    return leader === NO_LEADER ? undefined : leader
  }

  topicIdOf(topic: string): string | undefined {
    return this.topicIds.get(topic)
  }

  coordinator(key: string): number | undefined {
    return this.coordinators.get(key)
  }

  learnNode({ nodeId, host, port }: NodeAddress): void {
    this.addresses.set(nodeId, { host, port })
  }

  learnCoordinator(key: string, node: NodeAddress): void {
    this.learnNode(node)
    this.coordinators.set(key, node.nodeId)
  }

  learn({ nodes, topics }: ClusterMetadata): void {
    const live = new Set(nodes.map(({ nodeId }) => nodeId))
    for (const node of this.nodeIds) if (!live.has(node)) this.addresses.delete(node)
    for (const node of nodes) this.learnNode(node)
    for (const { topic, topicId, errorCode, partitions } of topics) {
      this.forgetLeaders(topic)
      if (errorCode !== ErrorCode.NONE) continue
      this.topicIds.set(topic, topicId)
      const leaders: number[] = []
      for (const { partition, leader } of partitions) leaders[partition] = leader
      this.leaders.set(topic, leaders)
    }
  }

  forgetLeaders(topic?: string): void {
    if (topic === undefined) {
      this.leaders.clear()
      this.topicIds.clear()
    } else {
      this.leaders.delete(topic)
      this.topicIds.delete(topic)
    }
  }

  forgetCoordinator(key: string): void {
    this.coordinators.delete(key)
  }

  /** Forgets what was expected of a node that cannot be reached; its address stays, for the next attempt. */
  forgetRoles(node: number): void {
    this.capabilities.delete(node)
    for (const [key, coordinator] of this.coordinators)
      if (coordinator === node) this.coordinators.delete(key)
    for (const [topic, leaders] of this.leaders) if (leaders.includes(node)) this.leaders.delete(topic)
  }
}
