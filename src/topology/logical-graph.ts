import type { ProcessorSupplier } from '../../operators/processor.js'
import type { Serde } from '../serdes/serde.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import type { TimestampExtractor } from '../time/timestamp-extractor.js'
import type { WatermarkStrategy } from '../time/watermark-strategy.js'
import type { ResolvedOffsetReset } from './offset-reset.js'
import type { StreamPartitioner, TopicNameExtractor } from './sub-topology.js'

// biome-ignore lint/suspicious/noExplicitAny: the DSL checked how nodes connect; a graph holds nodes of many types.
export type Erased = any

type ErasedSupplier = ProcessorSupplier<Erased, Erased, Erased, Erased>
type ErasedPartitioner = StreamPartitioner<Erased, Erased>

/** Every node but a source has parents, so that no part of a topology is without a source. */
export type Parents = readonly [LogicalNode, ...LogicalNode[]]

/** Reads topics. */
export interface LogicalSource {
  readonly kind: 'source'
  readonly name: string
  readonly topics: readonly string[]
  /** Instead of topics: what their names match. */
  readonly pattern?: RegExp | undefined
  readonly key: Serde<Erased>
  readonly value: Serde<Erased>
  readonly timestamp: TimestampExtractor<Erased, Erased> | undefined
  readonly watermark?: WatermarkStrategy<Erased, Erased> | undefined
  readonly offsetReset: ResolvedOffsetReset
  /** Whether every thread reads all of the topic, for a store that all tasks read. */
  readonly global?: boolean
}

/** Runs one processor on what its parents emit. */
export interface LogicalOperator {
  readonly kind: 'operator'
  readonly name: string
  readonly parents: Parents
  readonly supplier: ErasedSupplier
  /** The store that it owns. */
  readonly store: AnyStoreDefinition | undefined
  /** Names of stores that it uses and others own, or the graph does. */
  readonly uses?: readonly string[]
  /** Whose records of one key it needs in one task: what they are made of is to have the same partitions. */
  readonly coPartitioned?: readonly LogicalNode[]
  /** What else has to be of the same builder: the global table that it looks rows up in. */
  readonly looksUp?: LogicalNode
  /** Whether records without key are something to it, so that repartition topics before it are to keep them. */
  readonly takesNullKeys?: boolean
  /** Set where it has event time and progress in common with other operators: the store that they share. */
  readonly timeStore?: string | undefined
  /** Nodes, beside its parents, whose event time it waits for, where that comes from watermarks. */
  readonly awaits?: readonly LogicalNode[]
  /** Whether it takes what its parent hands on to it by name, and nothing else. */
  readonly sideOutput?: boolean
  /** Whether it gives records new keys, or hands them on as they are. Absent: it does something else. */
  readonly effect?: 'rekeys' | 'passes' | undefined
  /** Whether its store has the rows of the topic that its parent, a source, reads. */
  readonly keepsTopic?: boolean
  /** Set on the last operator of an inner join of streams: what it is where both are one stream. */
  readonly selfJoin?: SelfJoin
}

/** A join of a stream with itself on one store. */
export interface SelfJoin {
  readonly supplier: ErasedSupplier
  readonly uses: readonly string[]
  /** Keep the records of a side each; that of the left one is enough. */
  readonly left: LogicalOperator
  readonly right: LogicalOperator
  /** The operators of two stores that are not needed. */
  readonly ends: readonly LogicalOperator[]
}

/** Keeps back records without key. */
export interface NullKeyFilter {
  readonly name: string
  readonly supplier: ErasedSupplier
  /** Instead of it, where an operator behind the topic takes records without key. */
  readonly all: ErasedSupplier
}

/** Sends records through an internal topic, so that each meets the task that its new key belongs to. */
export interface LogicalRepartition {
  readonly kind: 'repartition'
  readonly parents: Parents
  /** Without the application id. */
  readonly topic: string
  /** The processor that keeps back what has no key and so belongs to no partition; none where every record has one. */
  readonly filter: NullKeyFilter | undefined
  readonly sinkName: string
  readonly sourceName: string
  readonly key: Serde<Erased>
  readonly value: Serde<Erased>
  readonly partitioner: ErasedPartitioner | undefined
  readonly partitions: number | undefined
  /** Whether it may be moved up to the operator that changed the keys, and be one with others there. */
  readonly movable?: boolean
}

/** Writes to a topic of the user's. */
export interface LogicalSink {
  readonly kind: 'sink'
  readonly name: string
  readonly parents: Parents
  readonly topic: string | TopicNameExtractor<Erased, Erased>
  readonly key: Serde<Erased>
  readonly value: Serde<Erased>
  readonly partitioner: ErasedPartitioner | undefined
}

/** One thing that the user asked for. Immutable: who builds on a node makes a new one that has it as parent. */
export type LogicalNode = LogicalSource | LogicalOperator | LogicalRepartition | LogicalSink

/** What the builder hands to the compiler. */
export interface LogicalGraph {
  /** By priority: of two nodes whose parents are written, the earlier one is written first. */
  readonly nodes: readonly LogicalNode[]
  /** Stores that no operator owns. */
  readonly stores: readonly AnyStoreDefinition[]
}

export const parentsOf = (node: LogicalNode): readonly LogicalNode[] =>
  node.kind === 'source' ? [] : node.parents

/** Name of the physical node whose records are a logical node's output. */
export const outputOf = (node: LogicalNode): string =>
  node.kind === 'repartition' ? node.sourceName : node.name
