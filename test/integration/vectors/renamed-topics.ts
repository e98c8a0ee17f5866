import type { SubTopology, TopologyNode } from '../../../src/topology/sub-topology.js'
import { Topology } from '../../../src/topology/topology.js'

/** A topology that reads and writes its users' topics under other names; internal topics keep theirs. */
export function withTopicsRenamed(topology: Topology, rename: (topic: string) => string): Topology {
  const internal = new Set(
    topology.subTopologies.flatMap(({ repartitionSources }) => repartitionSources.map(({ name }) => name)),
  )
  const renamed = (topic: string): string => (internal.has(topic) ? topic : rename(topic))
  const resolve = (each: SubTopology): SubTopology => ({
    ...each,
    sourceTopics: each.sourceTopics.map(renamed),
    nodes: each.nodes.map((node) => renameIn(node, renamed)),
  })
  return new Topology(topology.subTopologies.map(resolve), undefined, topology.globals.map(resolve))
}

function renameIn(node: TopologyNode, renamed: (topic: string) => string): TopologyNode {
  if (node.kind === 'source') return { ...node, topics: node.topics.map(renamed) }
  if (node.kind !== 'sink') return node
  const { topic } = node
  if (typeof topic === 'string') return { ...node, topic: renamed(topic) }
  return { ...node, topic: (key, value, record) => renamed(topic(key, value, record)) }
}
