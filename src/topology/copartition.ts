import type { LogicalGraph, LogicalNode, LogicalRepartition, LogicalSource } from './logical-graph.js'
import { outputOf, parentsOf } from './logical-graph.js'
import type { Copartition } from './sub-topology.js'
import { TopologyError } from './topology-error.js'

type Read = LogicalSource | LogicalRepartition

interface CopartitionedReads {
  readonly operator: string
  readonly reads: ReadonlySet<Read>
}

/**
 * The sources whose topics must have the same number of partitions, for an operator needs the records of a key in one
 * task. What several operators need of one source is one.
 */
export function copartitions(graph: LogicalGraph): readonly Copartition[] {
  return merged(graph).map(({ operator, reads }) => ({ operator, sources: [...reads].map(outputOf) }))
}

/**
 * Refuses numbers of partitions that the user has given to repartition topics and that differ where they must not.
 *
 * @throws {TopologyError}
 */
export function requireCopartitioned(graph: LogicalGraph): void {
  for (const { operator, reads } of merged(graph)) {
    const given = [...reads].flatMap((node) =>
      node.kind === 'repartition' && node.partitions !== undefined ? [node] : [],
    )
    const [first] = given
    const other = given.find(({ partitions }) => partitions !== first?.partitions)
    if (first === undefined || other === undefined) continue
    throw new TopologyError(
      operator,
      `topic '${first.topic}' has ${first.partitions} partitions and '${other.topic}' has ${other.partitions}: ` +
        'records of one key would not meet',
      'give repartition() the same number on both sides',
    )
  }
}

function merged({ copartitioned = [] }: LogicalGraph): readonly CopartitionedReads[] {
  let groups: CopartitionedReads[] = []
  for (const { operator, nodes } of copartitioned) {
    const reads = new Set(nodes.flatMap(readsOf))
    const [apart, together] = [
      groups.filter(isApart(reads)),
      groups.filter((group) => !isApart(reads)(group)),
    ]
    const all = [...together.flatMap((group) => [...group.reads]), ...reads]
    groups = [...apart, { operator: together[0]?.operator ?? operator, reads: new Set(all) }]
  }
  return groups
}

const isApart =
  (reads: ReadonlySet<Read>) =>
  (group: CopartitionedReads): boolean =>
    ![...reads].some((read) => group.reads.has(read))

/** What a node's records are read from. */
function readsOf(node: LogicalNode): readonly Read[] {
  if (node.kind === 'source' || node.kind === 'repartition') return [node]
  return parentsOf(node).flatMap(readsOf)
}
