import { Admin } from '../kafka/admin/admin.js'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import { withMatchedTopics } from '../topology/matched-topics.js'
import type { Topology } from '../topology/topology.js'
import { internalTopics, MissingSourceTopicError } from './internal-topics.js'
import { matchableTopics } from './matchable-topics.js'
import { TopicNames } from './topic-names.js'

/** What an application does with a topic. */
export type TopicRole = 'source' | 'global' | 'output' | 'repartition' | 'changelog'

/** A topic of an application, as it should be and as it is. */
export interface ApplicationTopic {
  readonly topic: string
  readonly role: TopicRole
  /** Partitions that there are; undefined: there is no such topic. */
  readonly present: number | undefined
  /** Partitions that an internal topic is to have; undefined where that is not known, or the user's matter. */
  readonly needed: number | undefined
  /** What an internal topic is created with. */
  readonly configs: Readonly<Record<string, string>>
}

/**
 * The topics of an application in a cluster: those that it reads, writes under fixed names, and creates. Where a source
 * topic is missing, it is not known how many partitions internal topics need.
 *
 * @throws {CoPartitioningError} if topics that are brought together have different numbers of partitions
 */
export async function applicationTopics(
  transport: BrokerTransport,
  unmatched: Topology,
  applicationId: string,
): Promise<ApplicationTopic[]> {
  const topology = withMatchedTopics(unmatched, await matchableTopics(transport, unmatched, applicationId))
  const names = new TopicNames(applicationId, topology.subTopologies)
  const roles = new Map<string, TopicRole>([
    ...names.fixedSinks.map((topic) => [topic, 'output'] as const),
    ...names.sources.map((topic) => [topic, 'source'] as const),
    ...topology.globals.flatMap((each) => each.sourceTopics.map((topic) => [topic, 'global'] as const)),
    ...names.changelogTopics.map((topic) => [topic, 'changelog'] as const),
    ...names.repartitionTopics.map((topic) => [topic, 'repartition'] as const),
  ])
  const described = await new Admin(transport).describeTopics([...roles.keys()])
  const present = (topic: string): number | undefined => described.get(topic)?.partitions.length
  const specs = new Map(
    specified(topology, applicationId, present).map((spec) => [spec.topic, spec] as const),
  )
  return [...roles].map(([topic, role]) => ({
    topic,
    role,
    present: present(topic),
    needed: specs.get(topic)?.partitions,
    configs: specs.get(topic)?.configs ?? {},
  }))
}

function specified(
  topology: Topology,
  applicationId: string,
  present: (topic: string) => number | undefined,
) {
  try {
    return internalTopics(topology.subTopologies, applicationId, present)
  } catch (error) {
    if (error instanceof MissingSourceTopicError) return []
    throw error
  }
}
