import { changelogTopic, internalTopicName, type SubTopology } from '../topology/sub-topology.js'
import { PartitionCounts } from './partition-counts.js'
import { StreamsError } from './streams-error.js'

/** An internal topic as it must be in Kafka. */
export interface InternalTopicSpec {
  readonly topic: string
  readonly kind: 'repartition' | 'changelog'
  readonly partitions: number
  readonly configs: Readonly<Record<string, string>>
}

/** An internal topic exists with another partition count than the topology needs. */
export class InternalTopicMismatchError extends StreamsError {
  override readonly name = 'InternalTopicMismatchError'
}

const LONG_MAX = '9223372036854775807'

/**
 * Event time may lie years from the broker's clock: no record is refused for its timestamp, and none gets
 * another one.
 */
const EVENT_TIME_CONFIGS = {
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.after.max.ms': LONG_MAX,
  'message.timestamp.before.max.ms': LONG_MAX,
} as const

/** Kept until we delete what was committed: never by the broker's clock. */
const REPARTITION_CONFIGS = {
  ...EVENT_TIME_CONFIGS,
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'segment.bytes': '52428800',
} as const

const KEY_VALUE_CHANGELOG_CONFIGS = { ...EVENT_TIME_CONFIGS, 'cleanup.policy': 'compact' } as const

/** Windows go when stream time has passed them: we trim the log; the broker's clock must not. */
const WINDOW_CHANGELOG_CONFIGS = {
  ...EVENT_TIME_CONFIGS,
  'cleanup.policy': 'compact,delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
} as const

/**
 * The internal topics of a topology.
 *
 * A repartition topic has as many partitions as asked for, else as many as the sub-topology that writes it has
 * tasks; a changelog has one for each task of its store's sub-topology (as Kafka Streams counts them). A repartition
 * topic that is co-partitioned with others has as many as those of the user's, or else as the one that has most.
 *
 * @param sourcePartitions partitions of a topic of the user's; undefined if there is no such topic
 * @throws {MissingSourceTopicError}
 * @throws {NotCopartitionedError}
 */
export function internalTopics(
  subTopologies: readonly SubTopology[],
  applicationId: string,
  sourcePartitions: (topic: string) => number | undefined,
): InternalTopicSpec[] {
  const counts = new PartitionCounts(subTopologies, sourcePartitions)
  for (const subTopology of subTopologies) counts.tasksOf(subTopology)
  counts.requireCopartitioned()
  return subTopologies.flatMap((subTopology) => [
    ...subTopology.repartitionSources.map((topic) => ({
      topic: internalTopicName(applicationId, topic.name),
      kind: 'repartition' as const,
      partitions: counts.ofRepartition(topic),
      configs: REPARTITION_CONFIGS,
    })),
    ...subTopology.stores
      .filter((store) => store.logging)
      .map((store) => ({
        topic: internalTopicName(applicationId, changelogTopic(store.name)),
        kind: 'changelog' as const,
        partitions: counts.tasksOf(subTopology),
        configs: store.kind === 'keyValue' ? KEY_VALUE_CHANGELOG_CONFIGS : WINDOW_CHANGELOG_CONFIGS,
      })),
  ])
}
