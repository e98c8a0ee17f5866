import type { LogicalGraph, LogicalNode, LogicalRepartition } from './logical-graph.js'
import { outputOf, parentsOf } from './logical-graph.js'
import type { AnySinkNode, AnySourceNode, ProcessorNode, TopologyNode } from './sub-topology.js'

/** Every node of a topology in the order of creation: a node comes after its predecessors. */
export function physicalNodes(graph: LogicalGraph): readonly TopologyNode[] {
  const ordered = inBuildOrder(graph)
  const keepingNullKeys = aboveNullKeyTakers(ordered)
  const readOnly = readOnlyStores(graph)
  const unconnected = ordered.flatMap((node) => write(node, keepingNullKeys, readOnly))
  const successors = new Map<string, string[]>(unconnected.map(({ name }) => [name, []]))
  for (const node of unconnected) {
    if (node.kind !== 'source') for (const name of node.predecessors) successors.get(name)!.push(node.name)
  }
  return unconnected.map((node) =>
    node.kind === 'sink' ? node : { ...node, successors: successors.get(node.name)! },
  )
}

/**
 * The order in which Kafka Streams writes nodes, which numbers the sub-topologies: always the first node, by
 * priority, whose parents are written.
 */
function inBuildOrder({ nodes }: LogicalGraph): readonly LogicalNode[] {
  const written = new Set<LogicalNode>()
  const waiting = new Set(nodes)
  const isReady = (node: LogicalNode) => parentsOf(node).every((parent) => written.has(parent))
  while (waiting.size > 0) {
    const next = [...waiting].find(isReady)!
    waiting.delete(next)
    written.add(next)
  }
  return [...written]
}

/** The nodes whose records reach an operator to which those without key are something. */
function aboveNullKeyTakers(ordered: readonly LogicalNode[]): ReadonlySet<LogicalNode> {
  const above = new Set<LogicalNode>()
  for (const node of ordered.toReversed()) {
    const takes = node.kind === 'operator' && node.takesNullKeys === true
    if (takes || above.has(node)) for (const parent of parentsOf(node)) above.add(parent)
  }
  return above
}

type Unconnected = Omit<AnySourceNode, 'successors'> | Omit<ProcessorNode, 'successors'> | AnySinkNode

/** Names of the stores that only those write who own them. */
const readOnlyStores = ({ nodes }: LogicalGraph): ReadonlySet<string> =>
  new Set(
    nodes.flatMap((node) =>
      node.kind === 'operator' && node.store?.readOnly === true ? [node.store.name] : [],
    ),
  )

function write(
  node: LogicalNode,
  keepingNullKeys: ReadonlySet<LogicalNode>,
  readOnly: ReadonlySet<string>,
): readonly Unconnected[] {
  switch (node.kind) {
    case 'source': {
      const { kind, name, topics, pattern, key, value, timestamp, watermark, offsetReset, global } = node
      const given = {
        ...(timestamp && { timestamp }),
        ...(watermark && { watermark }),
        ...(pattern && { pattern }),
        ...(global && { global }),
      }
      return [{ kind, name, topics, key, value, offsetReset, ...given }]
    }
    case 'operator': {
      const { name, supplier, store, uses = [], timeStore, awaits = [], sideOutput } = node
      const stores = store === undefined ? uses : [store.name, ...uses]
      const predecessors = predecessorsOf(node)
      const readsOnly = uses.filter((name) => readOnly.has(name))
      const given = {
        ...(readsOnly.length > 0 && { readsOnly }),
        ...(timeStore && { timeStore }),
        ...(awaits.length > 0 && { awaits: awaits.map(outputOf) }),
        ...(sideOutput && { sideOutput }),
      }
      return [{ kind: 'processor', name, supplier, stores, predecessors, ...given }]
    }
    case 'sink': {
      const { kind, name, topic, key, value, partitioner } = node
      const predecessors = predecessorsOf(node)
      return [{ kind, name, topic, key, value, predecessors, ...(partitioner && { partitioner }) }]
    }
    case 'repartition':
      return writeRepartition(node, keepingNullKeys.has(node))
  }
}

/** The nodes around the topic; the sub-topology ends at the sink, and another one begins at the source. */
function writeRepartition(node: LogicalRepartition, keepsNullKeys: boolean): readonly Unconnected[] {
  const { topic, filter, sinkName, sourceName, key, value, partitioner } = node
  const predecessors = predecessorsOf(node)
  const filters: readonly Unconnected[] =
    filter === undefined ? [] : [filterOf(filter, keepsNullKeys, predecessors)]
  return [
    ...filters,
    {
      kind: 'sink',
      name: sinkName,
      topic,
      key,
      value,
      predecessors: filter === undefined ? predecessors : [filter.name],
      ...(partitioner && { partitioner }),
    },
    { kind: 'source', name: sourceName, topics: [topic], key, value, offsetReset: 'earliest' },
  ]
}

const filterOf = (
  { name, supplier, all }: NonNullable<LogicalRepartition['filter']>,
  keepsNullKeys: boolean,
  predecessors: readonly string[],
): Unconnected => ({
  kind: 'processor',
  name,
  supplier: keepsNullKeys ? all : supplier,
  stores: [],
  predecessors,
})

const predecessorsOf = (node: LogicalNode): readonly string[] => parentsOf(node).map(outputOf)
