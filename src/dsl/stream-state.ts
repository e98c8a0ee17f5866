import { passThrough } from '../../operators/pass-through.js'
import { requireKey } from '../../operators/require-key.js'
import type { Serde } from '../serdes/serde.js'
import {
  type Erased,
  type LogicalNode,
  type LogicalRepartition,
  outputOf,
} from '../topology/logical-graph.js'
import { isGenerated } from '../topology/names.js'
import type { StreamPartitioner } from '../topology/sub-topology.js'
import type { GraphBuilder } from './graph-builder.js'
import { UnknownSerde } from './unknown-serde.js'

/** What a stream is made of. */
export interface StreamState {
  readonly builder: GraphBuilder
  /** Whose output it is. */
  readonly node: LogicalNode
  readonly key: Serde<Erased>
  readonly value: Serde<Erased>
  /** Whether an operator changed the key since the records were partitioned. */
  readonly rekeyed: boolean
}

/** The stream after its node gave the records new keys, for which no serde is known. */
export const withNewKey = (state: StreamState): StreamState => ({
  ...state,
  key: new UnknownSerde(`${outputOf(state.node)} changed the key`),
  rekeyed: true,
})

/** The stream after its node gave the records new values, for which no serde is known. */
export const withNewValue = (state: StreamState): StreamState => ({
  ...state,
  value: new UnknownSerde(`${outputOf(state.node)} changed the value`),
})

/** A repartition topic that an operator asks for. */
export interface RepartitionRequest {
  /** Name of the topic without its suffix. */
  readonly prefix: string
  readonly key: Serde<Erased>
  readonly value: Serde<Erased>
  readonly partitioner?: StreamPartitioner<Erased, Erased> | undefined
  readonly partitions?: number | undefined
  /** Whether the user asked for this topic, at this place. Default: false, an operator needs it. */
  readonly asked?: boolean
}

const SUFFIX = '-repartition'

/**
 * The node that sends a stream through a topic; not added to the graph yet. Its parts carry the topic's name, if
 * that was chosen by the user, else generated ones; the counter moves on by three in any case.
 */
export function repartitionNode(
  { builder: { names }, node }: StreamState,
  { prefix, key, value, partitioner, partitions, asked = false }: RepartitionRequest,
): LogicalRepartition {
  const topic = prefix.endsWith(SUFFIX) ? prefix : prefix + SUFFIX
  const generatedSink = names.operator('KSTREAM-SINK-')
  const generatedFilter = names.operator('KSTREAM-FILTER-')
  const generatedSource = names.operator('KSTREAM-SOURCE-')
  const generated = isGenerated(prefix)
  return {
    kind: 'repartition',
    parents: [node],
    topic,
    filter: {
      name: generated ? generatedFilter : `${topic}-filter`,
      supplier: requireKey(),
      all: passThrough(),
    },
    sinkName: generated ? generatedSink : `${topic}-sink`,
    sourceName: generated ? generatedSource : `${topic}-source`,
    key,
    value,
    partitioner,
    partitions,
    movable: !asked,
  }
}
