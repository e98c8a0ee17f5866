import { passThrough } from '../../operators/pass-through.js'
import { requireKey } from '../../operators/require-key.js'
import type { Serde } from '../serdes/serde.js'
import { type Erased, type LogicalRepartition, outputOf } from '../topology/logical-graph.js'
import { repartitionNode, type StreamState } from './stream-state.js'

/** The topic through which a rekeyed stream goes to its joins. */
export interface JoinRepartition {
  readonly node: LogicalRepartition
  /** Whether a join keeps records without key: then they must not be lost on the way. */
  keepsNullKeys: boolean
}

/** How a join reads a stream. */
export interface JoinInput {
  readonly key: Serde<Erased>
  readonly value: Serde<Erased>
  /** Name of the repartition topic, should there be one; absent: that of the stream, whose joins share it. */
  readonly name: string | undefined
  readonly keepsNullKeys: boolean
}

/**
 * The stream as a join reads it: through a topic if its key has changed. As in Kafka Streams the joins of a stream share
 * one topic unless the user named it.
 */
export function joinInput(state: StreamState, input: JoinInput): StreamState {
  const { key, value } = input
  if (!state.rekeyed) return state
  const { node } = repartitionOf(state, input)
  return { builder: state.builder, node, key, value, rekeyed: false }
}

function repartitionOf(state: StreamState, { key, value, name, keepsNullKeys }: JoinInput): JoinRepartition {
  const { builder } = state
  const { joinRepartitions } = builder
  // Names are counted in any case.
  const node = repartitionNode(state, { prefix: name ?? outputOf(state.node), key, value })
  let repartition = name === undefined ? joinRepartitions.get(state.node) : undefined
  if (repartition === undefined) {
    repartition = withNullKeys(node)
    builder.add(repartition.node)
    if (name === undefined) joinRepartitions.set(state.node, repartition)
  }
  if (keepsNullKeys) repartition.keepsNullKeys = true
  return repartition
}

/** What the filter before the topic lets through is settled when all joins are there. */
function withNullKeys(node: LogicalRepartition): JoinRepartition {
  const repartition = {
    keepsNullKeys: false,
    node: {
      ...node,
      filter: {
        name: node.filter!.name,
        get supplier() {
          return repartition.keepsNullKeys ? passThrough<Erased, Erased>() : requireKey<Erased, Erased>()
        },
      },
    },
  }
  return repartition
}
