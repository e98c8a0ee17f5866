import { GraphRewrite } from './graph-rewrite.js'
import type { LogicalGraph, LogicalNode, LogicalSource } from './logical-graph.js'
import { mergeRepartitions } from './merge-repartitions.js'
import type { Optimization } from './optimization.js'

/**
 * The graph with fewer topics and stores and the same results, in the order of Kafka Streams' rules: a merged
 * repartition may bring two streams together that are one then.
 *
 * @param firstAdded the nodes in the order in which they came first
 */
export function optimize(
  graph: LogicalGraph,
  asked: ReadonlySet<Optimization>,
  firstAdded: readonly LogicalNode[],
): LogicalGraph {
  if (asked.size === 0) return graph
  const rewrite = new GraphRewrite(graph)
  if (asked.has('reuse-source-topics')) reuseSourceTopics(rewrite)
  if (asked.has('merge-repartitions')) mergeRepartitions(rewrite, firstAdded)
  if (asked.has('single-store-self-join')) keepSelfJoinsOnce(rewrite)
  return rewrite.graph()
}

function reuseSourceTopics(rewrite: GraphRewrite): void {
  for (const node of rewrite.all()) {
    if (node.kind !== 'operator' || node.keepsTopic !== true) continue
    const { store } = node
    const source = node.parents[0] as LogicalSource
    // Versions are rows of their own in a changelog, and a topic does not tell them apart.
    if (store?.kind !== 'keyValue' || !store.logging || !tellsRows(source)) continue
    rewrite.change(node, { store: { ...store, logging: false, sourceTopic: source.topics[0]! } })
  }
}

/** Whether the records of a source up to where it has read are its rows, timestamps included. */
const tellsRows = ({ topics, timestamp, offsetReset }: LogicalSource): boolean =>
  topics.length === 1 && timestamp === undefined && offsetReset === 'earliest'

function keepSelfJoinsOnce(rewrite: GraphRewrite): void {
  for (const node of rewrite.all()) {
    if (node.kind !== 'operator' || node.selfJoin === undefined) continue
    const { left, right, ends, ...onOneStore } = node.selfJoin
    if (rewrite.parentsOf(left)[0] !== rewrite.parentsOf(right)[0]) continue
    rewrite.change(node, { ...onOneStore, coPartitioned: [] })
    rewrite.readFrom(node, left)
    rewrite.remove(right, ...ends)
  }
}
