import type { GroupListener } from '../kafka/group/group-listener.js'
import type { Topology } from '../topology/topology.js'
import { ClusterTopics } from './cluster-topics.js'
import { OutageWarnings } from './outage-warnings.js'
import type { StreamsConfig } from './streams-config.js'
import { StreamsError } from './streams-error.js'
import { streamsMember } from './streams-member.js'
import type { ThreadHome } from './thread-home.js'
import { TopicNames } from './topic-names.js'

/** Longer than a rebalance takes in which everybody takes part. */
const GIVE_UP_AFTER_MS = 60_000

/** Who asks all members of the application to end. */
export interface StopRequest {
  readonly config: StreamsConfig
  readonly topology: Topology
  readonly home: ThreadHome
  /** For the others' logs: no values of records. */
  readonly reason: string
  warn(error: unknown): void
}

/**
 * Asks all members of the application to end. The thread that could no longer do its work cannot tell them: so a member that
 * takes no tasks joins the group and says so to the leader, which tells every member with its assignment (Kafka Streams
 * sends it in the user data of a subscription, too). Resolves when the leader has.
 *
 * @throws {StreamsError} `NOT_STOPPED` where that does not come about
 */
export async function stopApplication({ config, topology, home, reason, warn }: StopRequest): Promise<void> {
  const { applicationId } = config
  const transport = home.connect(
    `${applicationId}-${home.processId}-stop`,
    new OutageWarnings(warn).unreachable,
  )
  const topics = new ClusterTopics(transport)
  const names = new TopicNames(applicationId, topology.subTopologies)
  const member = streamsMember(
    {
      index: 0,
      home,
      // A static member would take the place of the thread that has the name.
      config: { ...config, groupInstanceId: undefined },
      topology,
      transport,
      topics,
      names,
      draining: () => false,
      stopping: () => reason,
    },
    WITHOUT_TASKS,
  )
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(notStopped(applicationId)), GIVE_UP_AFTER_MS)
  })
  try {
    await Promise.race([topics.refresh(names.sources).then(() => member.join()), expired])
  } finally {
    clearTimeout(timer)
    await member.leave().catch(warn)
    await transport.close()
  }
}

const notStopped = (applicationId: string): StreamsError =>
  new StreamsError(
    'NOT_STOPPED',
    `the other members of ${applicationId} could not be asked to end within ${GIVE_UP_AFTER_MS} ms: they go on`,
  )

const WITHOUT_TASKS: GroupListener = {
  beforeJoin: () => Promise.resolve(),
  afterSync: () => {},
  revoked: () => Promise.resolve(),
  assigned: () => {},
  lost: () => {},
  // `join` rejects with it.
  fatal: () => {},
}
