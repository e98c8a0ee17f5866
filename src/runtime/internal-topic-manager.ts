import { Admin } from '../kafka/admin/admin.js'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import type { Topology } from '../topology/topology.js'
import {
  InternalTopicMismatchError,
  type InternalTopicSpec,
  internalTopics,
  requirePresent,
} from './internal-topics.js'
import type { StreamsConfig } from './streams-config.js'
import { TopicNames } from './topic-names.js'

/**
 * Creates the internal topics that are missing, and checks those that are there.
 *
 * @throws {MissingSourceTopicError} {@link InternalTopicMismatchError}
 */
export async function prepareInternalTopics(
  transport: BrokerTransport,
  topology: Topology,
  config: StreamsConfig,
): Promise<void> {
  const admin = new Admin(transport)
  const userTopics = topology.subTopologies.flatMap((each) => each.sourceTopics)
  const globalTopics = topology.globals.flatMap((each) => each.sourceTopics)
  const sources = await admin.describeTopics([...userTopics, ...globalTopics])
  for (const topic of globalTopics) requirePresent(topic, sources.get(topic)?.partitions.length)
  const specs = internalTopics(topology.subTopologies, config.applicationId, (topic) => {
    return sources.get(topic)?.partitions.length
  })
  if (specs.length === 0) return
  const present = await admin.describeTopics(specs.map((spec) => spec.topic))
  for (const spec of specs) checkPartitions(spec, present.get(spec.topic)?.partitions.length)
  const missing = specs.filter((spec) => !present.has(spec.topic))
  await admin.createTopics(
    missing.map(({ topic, partitions, configs }) => ({
      topic,
      partitions,
      configs,
      replicationFactor: config.replicationFactor,
    })),
  )
}

function checkPartitions(spec: InternalTopicSpec, present: number | undefined): void {
  if (present === undefined || present === spec.partitions) return
  throw new InternalTopicMismatchError(
    'INTERNAL_TOPIC_MISMATCH',
    `${spec.kind} topic ${spec.topic} has ${present} partitions, the topology needs ${spec.partitions}: ` +
      'if the source topics have changed, reset the application (delete its group, internal topics and state directory)',
  )
}

/** All internal topics that the application may have in Kafka, by the names that the topology gives them. */
export function internalTopicNames(topology: Topology, applicationId: string): string[] {
  const names = new TopicNames(applicationId, topology.subTopologies)
  return [...names.repartitionTopics, ...names.changelogTopics]
}
