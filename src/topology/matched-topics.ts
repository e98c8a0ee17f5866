import type { SubTopology, TopologyNode } from './sub-topology.js'
import { Topology } from './topology.js'

/** Whether a topology reads topics by a pattern. */
export const hasPatterns = ({ subTopologies }: Topology): boolean =>
  subTopologies.some(({ nodes }) =>
    nodes.some((node) => node.kind === 'source' && node.pattern !== undefined),
  )

/** Whether a pattern is for a topic: for all of its name, as in Kafka Streams. */
export function matches(pattern: RegExp, topic: string): boolean {
  const { source, flags } = pattern
  return new RegExp(`^(?:${source})$`, flags.replace(/[gy]/g, '')).test(topic)
}

/**
 * The topology that reads the topics that its patterns are for.
 *
 * @param topics those that there are; ones that the topology reads by name are left to those who name them
 */
export function withMatchedTopics(topology: Topology, topics: readonly string[]): Topology {
  const named = new Set(topology.subTopologies.flatMap(({ sourceTopics }) => sourceTopics))
  const free = topics.filter((topic) => !named.has(topic)).sort()
  const resolved = topology.subTopologies.map((each) => resolve(each, free))
  return new Topology(resolved, topology.fingerprint, topology.globals)
}

function resolve(subTopology: SubTopology, topics: readonly string[]): SubTopology {
  const matched: string[] = []
  const nodes = subTopology.nodes.map((node): TopologyNode => {
    if (node.kind !== 'source' || node.pattern === undefined) return node
    const { pattern } = node
    const found = topics.filter((topic) => matches(pattern, topic))
    matched.push(...found)
    return { ...node, topics: found }
  })
  return { ...subTopology, nodes, sourceTopics: [...subTopology.sourceTopics, ...matched] }
}
