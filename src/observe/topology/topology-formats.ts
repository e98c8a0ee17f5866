import type { Topology } from '../../topology/topology.js'
import { mermaidOf } from './mermaid.js'
import { topologyDescription } from './topology-description.js'

/** How a topology can be shown: as Kafka Streams describes it, as data, as a diagram. */
export type TopologyFormat = 'text' | 'json' | 'mermaid'

export const TOPOLOGY_FORMATS: readonly TopologyFormat[] = ['text', 'json', 'mermaid']

export const isTopologyFormat = (text: string): text is TopologyFormat =>
  TOPOLOGY_FORMATS.some((format) => format === text)

export function describeTopologyAs(topology: Topology, format: TopologyFormat): string {
  switch (format) {
    case 'text':
      return topology.describe()
    case 'json':
      return `${JSON.stringify(topologyDescription(topology), undefined, 2)}\n`
    case 'mermaid':
      return mermaidOf(topologyDescription(topology))
  }
}
