import type { GroupListener } from '../kafka/group/group-listener.js'
import { GroupMember } from '../kafka/group/group-member.js'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import type { Topology } from '../topology/topology.js'
import type { ClusterTopics } from './cluster-topics.js'
import { StreamsAssignor } from './streams-assignor.js'
import type { StreamsConfig } from './streams-config.js'
import type { ThreadHome } from './thread-home.js'
import type { TopicNames } from './topic-names.js'

/**
 * A member hears from its heartbeat that the group rebalances. Until the last member has heard, those that have can
 * commit nothing, and stop when their epoch is full: so it is shorter than Kafka's 3 seconds.
 */
const HEARTBEAT_INTERVAL_MS = 1_000
/** Some may be lost. */
const HEARTBEATS_PER_SESSION = 3

/** What a stream thread's membership is made of. */
export interface MemberSurroundings {
  readonly index: number
  readonly home: ThreadHome
  readonly config: StreamsConfig
  readonly topology: Topology
  readonly transport: BrokerTransport
  readonly topics: ClusterTopics
  readonly names: TopicNames
  /** Whether the application is to be drained, as far as the thread knows. */
  readonly draining: () => boolean
  /** Why all members are to end; undefined: this one does not ask for it. */
  readonly stopping: () => string | undefined
}

/** A stream thread as a member of the application's consumer group. */
export function streamsMember(around: MemberSurroundings, listener: GroupListener): GroupMember {
  const { index, home, config, topology, transport, topics, names } = around
  const instance = config.groupInstanceId
  return new GroupMember(transport, {
    groupId: config.applicationId,
    ...(instance === undefined ? {} : { groupInstanceId: `${instance}-${index}` }),
    sessionTimeoutMs: config.sessionTimeoutMs,
    heartbeatIntervalMs: Math.min(HEARTBEAT_INTERVAL_MS, config.sessionTimeoutMs / HEARTBEATS_PER_SESSION),
    maxPollIntervalMs: config.maxPollIntervalMs,
    topics: names.sources,
    assignor: new StreamsAssignor({
      processId: home.processId,
      fingerprint: topology.fingerprint,
      subTopologies: topology.subTopologies.map((each) => ({
        id: each.id,
        stateful: each.stores.length > 0,
        topics: names.sourcesOf(each),
      })),
      localState: () => home.localTasks(),
      draining: around.draining,
      stopping: around.stopping,
      partitionCounts: async (sources) => {
        await topics.refresh(sources)
        return new Map(sources.map((topic) => [topic, topics.partitionCount(topic) ?? 0]))
      },
    }),
    listener,
  })
}
