import type { AnyStoreDefinition } from '../../state/store-definition.js'
import { changelogTopic, type SubTopology, type TopologyNode } from '../../topology/sub-topology.js'
import type { Topology } from '../../topology/topology.js'

/** A source, a processor or a sink. */
export interface NodeDescription {
  readonly name: string
  readonly kind: 'source' | 'processor' | 'sink'
  /** Of sources and sinks; none where records choose their topic. */
  readonly topics?: readonly string[]
  /** Of sources whose topics are those that it matches. */
  readonly pattern?: string
  /** Of processors. */
  readonly stores?: readonly string[]
  /** Names of the nodes that it hands on to. */
  readonly successors: readonly string[]
}

export interface StoreDescription {
  readonly name: string
  readonly kind: AnyStoreDefinition['kind']
  /** The topic that has its rows; absent where it has none of its own: it is not logged, or global. */
  readonly changelog?: string
}

/** What tasks are made of, one per partition; global ones run in every thread. */
export interface SubTopologyDescription {
  readonly id: number
  readonly global: boolean
  readonly nodes: readonly NodeDescription[]
  readonly stores: readonly StoreDescription[]
}

/** A topology as plain data. Internal topics are without the application's id in front. */
export interface TopologyDescription {
  readonly fingerprint: string
  readonly subTopologies: readonly SubTopologyDescription[]
}

/** The topology as plain data, for tools. */
export function topologyDescription({ subTopologies, globals, fingerprint }: Topology): TopologyDescription {
  const described = [
    ...subTopologies.map((each) => describeSubTopology(each, false)),
    ...globals.map((each) => describeSubTopology(each, true)),
  ]
  return { fingerprint, subTopologies: described.sort((left, right) => left.id - right.id) }
}

const describeSubTopology = (
  { id, nodes, stores }: SubTopology,
  global: boolean,
): SubTopologyDescription => ({
  id,
  global,
  nodes: nodes.map((node) => describeNode(node, nodes)),
  stores: stores.map(describeStore),
})

function describeNode(node: TopologyNode, all: readonly TopologyNode[]): NodeDescription {
  const { name, kind } = node
  const successors = all
    .filter((each) => each.kind !== 'source' && each.predecessors.includes(name))
    .map((each) => each.name)
  switch (node.kind) {
    case 'source': {
      const { topics, pattern } = node
      return { name, kind, topics, ...(pattern === undefined ? {} : { pattern: pattern.source }), successors }
    }
    case 'processor':
      return { name, kind, stores: node.stores, successors }
    case 'sink':
      return { name, kind, topics: typeof node.topic === 'string' ? [node.topic] : [], successors }
  }
}

function describeStore({ name, kind, logging, sourceTopic }: AnyStoreDefinition): StoreDescription {
  const changelog = sourceTopic ?? (logging ? changelogTopic(name) : undefined)
  return { name, kind, ...(changelog === undefined ? {} : { changelog }) }
}
