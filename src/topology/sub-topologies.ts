import type { AnyStoreDefinition } from '../state/store-definition.js'
import { coPartitionings } from './co-partitioning.js'
import type { LogicalGraph, LogicalRepartition } from './logical-graph.js'
import type { SubTopology, TopologyNode } from './sub-topology.js'

/**
 * Groups nodes that are connected, through one another or through a store, and numbers the groups in the order of
 * their first nodes, as Kafka Streams does.
 */
export function subTopologies(nodes: readonly TopologyNode[], graph: LogicalGraph): readonly SubTopology[] {
  const repartitions = new Map(
    graph.nodes.filter((node) => node.kind === 'repartition').map((node) => [node.topic, node]),
  )
  const stores = new Map([
    ...graph.stores.map((store) => [store.name, store] as const),
    ...graph.nodes
      .filter((node) => node.kind === 'operator')
      .flatMap(({ store }) => (store === undefined ? [] : [[store.name, store] as const])),
  ])
  const all = coPartitionings(graph)
  return groups(nodes).map((group, id) => ({
    ...subTopology(id, group, stores, repartitions),
    coPartitionings: all.filter(({ operator }) => group.some(({ name }) => name === operator)),
  }))
}

function groups(nodes: readonly TopologyNode[]): readonly (readonly TopologyNode[])[] {
  const members = new UnionFind()
  for (const node of nodes) {
    if (node.kind !== 'source')
      for (const predecessor of node.predecessors) members.unite(predecessor, node.name)
    if (node.kind === 'processor') for (const store of node.stores) members.unite(`store ${store}`, node.name)
  }
  const byRoot = new Map<string, TopologyNode[]>()
  for (const node of nodes) {
    const root = members.rootOf(node.name)
    const group = byRoot.get(root)
    if (group === undefined) byRoot.set(root, [node])
    else group.push(node)
  }
  return [...byRoot.values()]
}

class UnionFind {
  private readonly parents = new Map<string, string>()

  rootOf(member: string): string {
    let root = member
    for (let next = this.parents.get(root); next !== undefined; next = this.parents.get(root)) root = next
    return root
  }

  unite(left: string, right: string): void {
    const leftRoot = this.rootOf(left)
    const rightRoot = this.rootOf(right)
    if (leftRoot !== rightRoot) this.parents.set(rightRoot, leftRoot)
  }
}

function subTopology(
  id: number,
  nodes: readonly TopologyNode[],
  stores: ReadonlyMap<string, AnyStoreDefinition>,
  repartitions: ReadonlyMap<string, LogicalRepartition>,
): Omit<SubTopology, 'coPartitionings'> {
  const topics = nodes.filter((node) => node.kind === 'source').flatMap((node) => node.topics)
  const sinkTopics = nodes.filter((node) => node.kind === 'sink').map((node) => node.topic)
  const storeNames = new Set(nodes.filter((node) => node.kind === 'processor').flatMap((node) => node.stores))
  return {
    id,
    nodes,
    stores: [...storeNames].map((name) => stores.get(name)!),
    sourceTopics: topics.filter((topic) => !repartitions.has(topic)),
    repartitionSources: topics.flatMap((topic) => {
      const repartition = repartitions.get(topic)
      if (repartition === undefined) return []
      const { partitions } = repartition
      return [{ name: topic, ...(partitions !== undefined && { partitions }) }]
    }),
    repartitionSinks: sinkTopics
      .filter((topic) => typeof topic === 'string')
      .filter((topic) => repartitions.has(topic)),
  }
}
