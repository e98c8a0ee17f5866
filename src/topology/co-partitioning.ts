import type { LogicalGraph, LogicalNode } from './logical-graph.js'
import { outputOf, parentsOf } from './logical-graph.js'
import type { CoPartitioning } from './sub-topology.js'
import { TopologyError } from './topology-error.js'

/** What has to have the same partitions, operator by operator, in the order of the operators. */
export const coPartitionings = (graph: LogicalGraph): readonly CoPartitioning[] =>
  broughtTogether(graph).map(({ operator, sources }) => ({ operator, sources: sources.map(outputOf) }))

/** By operator, what reads the topics whose records it needs in one task: those of a join, and of stores that it reads. */
function broughtTogether({
  nodes,
}: LogicalGraph): readonly { readonly operator: string; readonly sources: readonly LogicalNode[] }[] {
  const operators = nodes.filter((node) => node.kind === 'operator')
  const readOnly = new Map(
    operators.flatMap((node) => (node.store?.readOnly === true ? [[node.store.name, node] as const] : [])),
  )
  return operators.flatMap((node) => {
    const stores = (node.uses ?? []).flatMap((name) => readOnly.get(name) ?? [])
    const together = [
      ...(node.coPartitioned ?? []),
      ...(stores.length > 0 ? [...node.parents, ...stores] : []),
    ]
    return together.length === 0 ? [] : [{ operator: node.name, sources: sourcesOf(together) }]
  })
}

/**
 * Compares the repartition topics whose partitions the user chose; those of other topics are known at the start.
 *
 * @throws {TopologyError} if an operator brings two together that have different counts
 */
export function requireEqualPartitions(graph: LogicalGraph): void {
  for (const { operator, sources } of broughtTogether(graph)) {
    const counted = sources.flatMap((source) =>
      source.kind === 'repartition' && source.partitions !== undefined
        ? [{ topic: source.topic, partitions: source.partitions }]
        : [],
    )
    const difference = partitionDifference(counted)
    if (difference === undefined) continue
    throw new TopologyError(operator, `it ${difference}`, 'give both repartition() calls the same partitions')
  }
}

/** What is wrong with bringing topics together, as words behind who does it; undefined where all have the same count. */
export function partitionDifference(
  topics: readonly { readonly topic: string; readonly partitions: number }[],
): string | undefined {
  const [first, ...others] = topics
  const other = others.find(({ partitions }) => partitions !== first!.partitions)
  if (first === undefined || other === undefined) return undefined
  return (
    `brings together topic '${first.topic}' with ${first.partitions} partitions and ` +
    `topic '${other.topic}' with ${other.partitions}: a key is in different tasks there`
  )
}

/** The nodes that read the topics that the records of some nodes come from. */
function sourcesOf(nodes: readonly LogicalNode[]): readonly LogicalNode[] {
  const sources = new Set<LogicalNode>()
  const visited = new Set<LogicalNode>()
  const visit = (node: LogicalNode): void => {
    if (visited.has(node)) return
    visited.add(node)
    if (node.kind === 'source' || node.kind === 'repartition') sources.add(node)
    else for (const parent of parentsOf(node)) visit(parent)
  }
  for (const node of nodes) visit(node)
  return [...sources]
}
