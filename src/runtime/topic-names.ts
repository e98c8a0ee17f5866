import type { AnyStoreDefinition } from '../state/store-definition.js'
import type { ResolvedOffsetReset } from '../topology/offset-reset.js'
import { changelogTopic, internalTopicName, type SubTopology } from '../topology/sub-topology.js'

/** The names in Kafka of the topics of a topology: internal ones begin with the application id. */
export class TopicNames {
  private readonly internal: ReadonlySet<string>
  private readonly readers = new Map<string, SubTopology>()

  constructor(
    private readonly applicationId: string,
    readonly subTopologies: readonly SubTopology[],
  ) {
    this.internal = new Set(
      subTopologies.flatMap((each) => each.repartitionSources.map((topic) => topic.name)),
    )
    for (const subTopology of subTopologies) {
      for (const topic of this.sourcesOf(subTopology)) this.readers.set(topic, subTopology)
    }
  }

  /** The name in Kafka of a topic as the topology names it. */
  inKafka(topic: string): string {
    return this.internal.has(topic) ? internalTopicName(this.applicationId, topic) : topic
  }

  /** The name in the topology of a topic in Kafka. */
  inTopology(topic: string): string {
    const prefix = internalTopicName(this.applicationId, '')
    const internal = topic.slice(prefix.length)
    return topic.startsWith(prefix) && this.internal.has(internal) ? internal : topic
  }

  /** Where to begin on a partition without committed offset. */
  offsetResetOf(topic: string): ResolvedOffsetReset {
    const name = this.inTopology(topic)
    for (const node of this.readerOf(topic).nodes) {
      if (node.kind === 'source' && node.topics.includes(name)) return node.offsetReset
    }
    throw new Error(`no source reads topic ${topic}`)
  }

  /** The topics in Kafka that a sub-topology reads. */
  sourcesOf(subTopology: SubTopology): string[] {
    const repartition = subTopology.repartitionSources.map((topic) => this.inKafka(topic.name))
    return [...subTopology.sourceTopics, ...repartition]
  }

  /** All topics in Kafka that the topology reads. */
  get sources(): string[] {
    return [...this.readers.keys()]
  }

  /** The repartition topics in Kafka that the topology reads. */
  get repartitionTopics(): string[] {
    return [...this.internal].map((topic) => this.inKafka(topic))
  }

  /** The topic in Kafka that a store is restored from: its changelog, or what takes its place. */
  changelogOf({ name, sourceTopic }: Pick<AnyStoreDefinition, 'name' | 'sourceTopic'>): string {
    return sourceTopic ?? internalTopicName(this.applicationId, changelogTopic(name))
  }

  /** The changelog topics in Kafka of all logged stores. */
  get changelogTopics(): string[] {
    return this.subTopologies.flatMap((each) =>
      each.stores.filter((store) => store.logging).map((store) => this.changelogOf(store)),
    )
  }

  /** Topics that sinks write and whose names are fixed. */
  get fixedSinks(): string[] {
    const topics = this.subTopologies.flatMap((each) =>
      each.nodes.flatMap((node) =>
        node.kind === 'sink' && typeof node.topic === 'string' ? [node.topic] : [],
      ),
    )
    return [...new Set(topics)].map((topic) => this.inKafka(topic))
  }

  /** The sub-topology that reads a topic in Kafka. */
  readerOf(topic: string): SubTopology {
    const reader = this.readers.get(topic)
    if (reader === undefined) throw new Error(`no sub-topology reads topic ${topic}`)
    return reader
  }
}
