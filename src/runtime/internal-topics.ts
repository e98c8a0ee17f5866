import { isTrimmed } from '../state/store-definition.js'
import { partitionDifference } from '../topology/co-partitioning.js'
import {
  changelogTopic,
  internalTopicName,
  type RepartitionTopic,
  type SubTopology,
} from '../topology/sub-topology.js'
import { StreamsError } from './streams-error.js'

/** An internal topic as it must be in Kafka. */
export interface InternalTopicSpec {
  readonly topic: string
  readonly kind: 'repartition' | 'changelog'
  readonly partitions: number
  readonly configs: Readonly<Record<string, string>>
}

/** A topic that the topology reads does not exist. */
export class MissingSourceTopicError extends StreamsError {
  override readonly name = 'MissingSourceTopicError'
}

/** An internal topic exists with another partition count than the topology needs. */
export class InternalTopicMismatchError extends StreamsError {
  override readonly name = 'InternalTopicMismatchError'
}

/** Topics whose records meet by key have different partition counts: a key would be in different tasks. */
export class CoPartitioningError extends StreamsError {
  override readonly name = 'CoPartitioningError'
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
 * A repartition topic has as many partitions as asked for, else as many as the topics that it is joined with, else as
 * many as the sub-topology that writes it has tasks; a changelog has one for each task of its store's sub-topology (as
 * Kafka Streams counts them).
 *
 * @param sourcePartitions partitions of a topic of the user's; undefined if there is no such topic
 * @throws {MissingSourceTopicError} {@link CoPartitioningError}
 */
export function internalTopics(
  subTopologies: readonly SubTopology[],
  applicationId: string,
  sourcePartitions: (topic: string) => number | undefined,
): InternalTopicSpec[] {
  const counts = new PartitionCounts(subTopologies, sourcePartitions)
  for (const subTopology of subTopologies) counts.tasksOf(subTopology)
  for (const subTopology of subTopologies) counts.requireCoPartitioning(subTopology)
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
        configs: isTrimmed(store) ? WINDOW_CHANGELOG_CONFIGS : KEY_VALUE_CHANGELOG_CONFIGS,
      })),
  ])
}

function noTopicMatches({ nodes }: SubTopology): MissingSourceTopicError {
  const patterns = nodes.flatMap((node) =>
    node.kind === 'source' && node.pattern ? [String(node.pattern)] : [],
  )
  return new MissingSourceTopicError(
    'MISSING_SOURCE_TOPIC',
    `no topic matches ${patterns.join(' or ')}: create one before the application starts`,
  )
}

/** @throws {MissingSourceTopicError} if a topic of the user's has no partitions, since there is none */
export function requirePresent(topic: string, partitions: number | undefined): number {
  if (partitions !== undefined) return partitions
  throw new MissingSourceTopicError(
    'MISSING_SOURCE_TOPIC',
    `source topic '${topic}' does not exist: create it before the application starts`,
  )
}

/** The topics that source nodes read, as the topology names them. */
const topicsOf = ({ nodes }: SubTopology, sources: readonly string[]): readonly string[] =>
  nodes.flatMap((node) => (node.kind === 'source' && sources.includes(node.name) ? node.topics : []))

/** The topics that one is joined with, and those that these are joined with; none where it is not joined. */
function joinedWith(reader: SubTopology, topic: string): ReadonlySet<string> {
  const groups = reader.coPartitionings.map(({ sources }) => topicsOf(reader, sources))
  const joined = new Set(groups.find((topics) => topics.includes(topic)))
  for (let size = 0; size !== joined.size; ) {
    size = joined.size
    const touched = groups.filter((topics) => topics.some((each) => joined.has(each)))
    for (const each of touched.flat()) joined.add(each)
  }
  return joined
}

class PartitionCounts {
  private readonly resolving = new Set<string>()

  constructor(
    private readonly subTopologies: readonly SubTopology[],
    private readonly sourcePartitions: (topic: string) => number | undefined,
  ) {}

  tasksOf(subTopology: SubTopology): number {
    const user = subTopology.sourceTopics.map((topic) => this.ofUserTopic(topic))
    const repartition = subTopology.repartitionSources.map((topic) => this.ofRepartition(topic))
    if (user.length + repartition.length === 0) throw noTopicMatches(subTopology)
    return Math.max(...user, ...repartition)
  }

  ofRepartition(topic: RepartitionTopic): number {
    if (topic.partitions !== undefined) return topic.partitions
    if (this.resolving.has(topic.name)) {
      throw new StreamsError(
        'UNRESOLVED_PARTITIONS',
        `repartition topic ${topic.name} feeds itself: give repartition() its partitions`,
      )
    }
    this.resolving.add(topic.name)
    const count = this.ofJoined(topic.name) ?? this.ofWriters(topic.name)
    this.resolving.delete(topic.name)
    return count
  }

  /** @throws {CoPartitioningError} if topics that an operator brings together have different counts */
  requireCoPartitioning(subTopology: SubTopology): void {
    for (const { operator, sources } of subTopology.coPartitionings) {
      const topics = topicsOf(subTopology, sources)
      const counted = topics.map((topic) => ({ topic, partitions: this.of(subTopology, topic) }))
      const difference = partitionDifference(counted)
      if (difference === undefined) continue
      throw new CoPartitioningError(
        'NOT_CO_PARTITIONED',
        `${operator} ${difference}; give both topics the same number of partitions, or send one through ` +
          'repartition({ partitions: ... }) first',
      )
    }
  }

  private of(subTopology: SubTopology, topic: string): number {
    const repartition = subTopology.repartitionSources.find(({ name }) => name === topic)
    return repartition === undefined ? this.ofUserTopic(topic) : this.ofRepartition(repartition)
  }

  /** The partitions of what a repartition topic is joined with; undefined where nothing says them. */
  private ofJoined(topic: string): number | undefined {
    const reader = this.subTopologies.find(({ repartitionSources }) =>
      repartitionSources.some(({ name }) => name === topic),
    )
    if (reader === undefined) return undefined
    const joined = joinedWith(reader, topic)
    if (joined.size === 0) return undefined
    const users = [...joined].find((other) => reader.sourceTopics.includes(other))
    if (users !== undefined) return this.ofUserTopic(users)
    const repartitions = reader.repartitionSources.filter(({ name }) => joined.has(name))
    const asked = repartitions.find(({ partitions }) => partitions !== undefined)
    if (asked !== undefined) return asked.partitions
    return repartitions.length === 0
      ? undefined
      : Math.max(...repartitions.map(({ name }) => this.ofWriters(name)))
  }

  private ofWriters(topic: string): number {
    const writers = this.subTopologies.filter((each) => each.repartitionSinks.includes(topic))
    return Math.max(...writers.map((writer) => this.tasksOf(writer)))
  }

  private ofUserTopic(topic: string): number {
    return requirePresent(topic, this.sourcePartitions(topic))
  }
}
