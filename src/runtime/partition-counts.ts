import type { RepartitionTopic, SubTopology } from '../topology/sub-topology.js'
import { StreamsError } from './streams-error.js'

/** A topic that the topology reads does not exist. */
export class MissingSourceTopicError extends StreamsError {
  override readonly name = 'MissingSourceTopicError'
}

/** Topics that are to be joined have different numbers of partitions. */
export class NotCopartitionedError extends StreamsError {
  override readonly name = 'NotCopartitionedError'
}

/** Topics that must have the same number of partitions. */
interface CopartitionedTopics {
  readonly operator: string
  /** Those of the user's. */
  readonly user: readonly string[]
  readonly repartition: readonly RepartitionTopic[]
}

/** How many partitions the topics of a topology have, or are to have. */
export class PartitionCounts {
  private readonly copartitioned: readonly CopartitionedTopics[]
  private readonly resolving = new Set<string>()

  constructor(
    private readonly subTopologies: readonly SubTopology[],
    private readonly sourcePartitions: (topic: string) => number | undefined,
  ) {
    this.copartitioned = subTopologies.flatMap(copartitionedTopics)
  }

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
    const count = this.resolve(topic)
    this.resolving.delete(topic.name)
    return count
  }

  /** @throws {NotCopartitionedError} if topics that are to be joined have different numbers of partitions */
  requireCopartitioned(): void {
    for (const { operator, user, repartition } of this.copartitioned) {
      const counts = new Map([
        ...user.map((topic) => [topic, this.ofUserTopic(topic)] as const),
        ...repartition.map((topic) => [topic.name, this.ofRepartition(topic)] as const),
      ])
      if (new Set(counts.values()).size <= 1) continue
      const list = [...counts].map(([topic, count]) => `'${topic}' (${count})`).join(', ')
      throw new NotCopartitionedError(
        'NOT_COPARTITIONED',
        `operator ${operator} joins topics with different numbers of partitions, ${list}: records of one key would ` +
          'not meet; give them the same number, or send one side through repartition()',
      )
    }
  }

  private resolve(topic: RepartitionTopic): number {
    const { name } = topic
    const together = this.copartitioned.find(({ repartition }) =>
      repartition.some((each) => each.name === name),
    )
    const { user, repartition } = together ?? { user: [], repartition: [topic] }
    if (user[0] !== undefined) return this.ofUserTopic(user[0])
    const asked = repartition.find(({ partitions }) => partitions !== undefined)
    return asked?.partitions ?? Math.max(...repartition.map((each) => this.tasksThatWrite(each)))
  }

  private tasksThatWrite({ name }: RepartitionTopic): number {
    const writers = this.subTopologies.filter(({ repartitionSinks }) => repartitionSinks.includes(name))
    return Math.max(...writers.map((writer) => this.tasksOf(writer)))
  }

  private ofUserTopic(topic: string): number {
    const count = this.sourcePartitions(topic)
    if (count === undefined) {
      throw new MissingSourceTopicError(
        'MISSING_SOURCE_TOPIC',
        `source topic '${topic}' does not exist: create it before the application starts`,
      )
    }
    return count
  }
}

function copartitionedTopics(subTopology: SubTopology): readonly CopartitionedTopics[] {
  const { copartitions = [], nodes, repartitionSources } = subTopology
  return copartitions.map(({ operator, sources }) => {
    const topics = nodes.flatMap((node) =>
      node.kind === 'source' && sources.includes(node.name) ? node.topics : [],
    )
    const repartition = repartitionSources.filter(({ name }) => topics.includes(name))
    const internal = new Set(repartition.map(({ name }) => name))
    return { operator, user: topics.filter((topic) => !internal.has(topic)), repartition }
  })
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
