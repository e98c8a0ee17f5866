import type { ProcessorSupplier } from '../../operators/processor.js'
import type { RecordHeaders } from '../serdes/record-headers.js'
import type { Serde } from '../serdes/serde.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import type { TimestampExtractor } from '../time/timestamp-extractor.js'
import type { WatermarkStrategy } from '../time/watermark-strategy.js'
import type { ResolvedOffsetReset } from './offset-reset.js'

/** Reads records of topics and hands them to its children. */
export interface SourceNode<K, V> {
  readonly kind: 'source'
  readonly name: string
  readonly topics: readonly string[]
  /** Absent: it reads topics by name. Else its topics are those that it matches, known when the application starts. */
  readonly pattern?: RegExp
  readonly key: Serde<K>
  readonly value: Serde<V>
  /** Absent: the record's own timestamp, invalid ones fail. */
  readonly timestamp?: TimestampExtractor<K, V>
  /** Absent: event time is that of the records that have come. */
  readonly watermark?: WatermarkStrategy<K, V>
  /** Where to begin on a partition without committed offset. */
  readonly offsetReset: ResolvedOffsetReset
  /** Whether every thread reads all of the topic, for a store that all tasks read. */
  readonly global?: boolean
  readonly successors: readonly string[]
}

/** Runs one processor. */
export interface ProcessorNode {
  readonly kind: 'processor'
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: types are checked where the DSL builds the node, and erased here.
  readonly supplier: ProcessorSupplier<any, any, any, any>
  /** Names of the stores it uses. */
  readonly stores: readonly string[]
  /** Names of those that it only reads. */
  readonly readsOnly?: readonly string[]
  /** Set where it has event time and progress in common with other processors: the store that they share. */
  readonly timeStore?: string
  /** Names of nodes, beside its predecessors, whose event time it waits for, where that comes from watermarks. */
  readonly awaits?: readonly string[]
  /** Whether it takes what its predecessor hands on to it by name, and nothing else. */
  readonly sideOutput?: boolean
  readonly predecessors: readonly string[]
  readonly successors: readonly string[]
}

/** What a dynamic sink decides by. */
export interface SinkRecordContext {
  readonly timestamp: number
  readonly headers: RecordHeaders
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** Chooses the topic of each record. The topics must exist. */
export type TopicNameExtractor<K, V> = (key: K, value: V, record: SinkRecordContext) => string

/**
 * Chooses the partition of a record; undefined for the default, murmur2 of the serialized key. Several partitions: the
 * record goes to each of them; an empty array: to none (KIP-837).
 */
export type StreamPartitioner<K, V> = (
  topic: string,
  key: K,
  value: V,
  partitionCount: number,
) => ChosenPartitions

/** What a {@link StreamPartitioner} returns. */
export type ChosenPartitions = number | readonly number[] | undefined

/** Writes records to a topic. */
export interface SinkNode<K, V> {
  readonly kind: 'sink'
  readonly name: string
  readonly topic: string | TopicNameExtractor<K, V>
  readonly key: Serde<K>
  readonly value: Serde<V>
  readonly partitioner?: StreamPartitioner<K, V>
  readonly predecessors: readonly string[]
}

// biome-ignore lint/suspicious/noExplicitAny: a topology holds nodes of many types; the DSL checked how they connect.
export type AnySourceNode = SourceNode<any, any>
// biome-ignore lint/suspicious/noExplicitAny: see AnySourceNode.
export type AnySinkNode = SinkNode<any, any>
export type TopologyNode = AnySourceNode | ProcessorNode | AnySinkNode

/** A repartition topic as the topology asks for it, named without the application id. */
export interface RepartitionTopic {
  /** For example `KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition`. */
  readonly name: string
  /** Asked for by the user; absent: as many as the sub-topology that writes it has tasks. */
  readonly partitions?: number
}

/** Sources whose topics need the same number of partitions: an operator brings their records together by key. */
export interface CoPartitioning {
  /** Name of the operator. */
  readonly operator: string
  /** Names of the source nodes. */
  readonly sources: readonly string[]
}

/**
 * Nodes that are connected without a topic in between: the unit that is copied per partition into tasks. Topic
 * names of internal topics are without the application id, which `internalTopicName` puts in front.
 */
export interface SubTopology {
  readonly id: number
  /** All nodes, in the order of their creation; a node comes after its predecessors. */
  readonly nodes: readonly TopologyNode[]
  readonly stores: readonly AnyStoreDefinition[]
  /** User topics that it reads. */
  readonly sourceTopics: readonly string[]
  /** Repartition topics that it reads. */
  readonly repartitionSources: readonly RepartitionTopic[]
  /** Repartition topics that it writes. */
  readonly repartitionSinks: readonly string[]
  readonly coPartitionings: readonly CoPartitioning[]
  /** Set where event time comes from watermarks: by repartition topic that it reads, the sub-topologies that write it. */
  readonly shuffles?: ReadonlyMap<string, readonly number[]>
}

/** The name in Kafka of an internal topic, as Kafka Streams names it. */
export const internalTopicName = (applicationId: string, name: string): string => `${applicationId}-${name}`

/** The changelog topic of a store, without the application id. */
export const changelogTopic = (store: string): string => `${store}-changelog`

/** The source nodes of a sub-topology, in the order in which they are numbered. */
export const sourcesOf = ({ nodes }: Pick<SubTopology, 'nodes'>): readonly AnySourceNode[] =>
  nodes.filter((node) => node.kind === 'source')
