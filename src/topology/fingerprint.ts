import { createHash } from 'node:crypto'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import type { AnySourceNode, RepartitionTopic, SubTopology, TopologyNode } from './sub-topology.js'

/** Sixteen hex digits; see {@link Topology.fingerprint}. */
export function fingerprint(subTopologies: readonly SubTopology[]): string {
  const content = JSON.stringify(subTopologies.map(statefulPart))
  return createHash('sha256').update(content).digest('hex').slice(0, 16)
}

/** Arrays, because the order of an object's properties is nobody's promise. */
function statefulPart(subTopology: SubTopology): unknown {
  const { id, nodes, sourceTopics, repartitionSources, repartitionSinks, stores } = subTopology
  const sources = new Map(
    nodes
      .filter((node) => node.kind === 'source')
      .flatMap((node) => node.topics.map((topic) => [topic, node])),
  )
  return [
    id,
    [...sourceTopics, ...nodes.flatMap(patternOf)].sort(),
    byName(repartitionSources).map((topic) => repartitionPart(topic, sources.get(topic.name))),
    [...repartitionSinks].sort(),
    byName(stores).map(storePart),
  ]
}

const patternOf = (node: TopologyNode): string[] =>
  node.kind === 'source' && node.pattern !== undefined ? [String(node.pattern)] : []

const repartitionPart = ({ name, partitions }: RepartitionTopic, source: AnySourceNode | undefined) => [
  name,
  partitions ?? null,
  source?.key.name,
  source?.value.name,
]

function storePart(store: AnyStoreDefinition): readonly unknown[] {
  const { kind, name, key, value, logging } = store
  const source = store.sourceTopic === undefined ? [] : [store.sourceTopic]
  const common = [kind, name, key.name, value.name, logging, ...source]
  switch (store.kind) {
    case 'keyValue':
    case 'versioned':
      return common
    case 'session':
      return [...common, store.segment, store.retention]
    case 'window':
      return [...common, store.windowSize, store.retention]
    case 'rangedWindow':
      return [...common, store.windowSize, store.segment, store.retention]
  }
}

const byName = <T extends { readonly name: string }>(items: readonly T[]): T[] =>
  [...items].sort((left, right) => (left.name < right.name ? -1 : 1))
