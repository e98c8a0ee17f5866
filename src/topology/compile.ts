import type { LogicalGraph } from './logical-graph.js'
import { physicalNodes } from './physical-nodes.js'
import { subTopologies } from './sub-topologies.js'
import type { SubTopology } from './sub-topology.js'
import { Topology } from './topology.js'
import { validate } from './validate.js'
import { watermarked } from './watermarked.js'

const isGlobal = ({ nodes }: SubTopology): boolean =>
  nodes.some((node) => node.kind === 'source' && node.global === true)

/**
 * Turns what the user asked for into what tasks run. Pure: the same graph gives an equal topology, as often as
 * asked.
 *
 * @throws {TopologyError} if the graph cannot run; names the operator and the cure.
 */
export function compile(graph: LogicalGraph): Topology {
  validate(graph)
  const parts = watermarked(subTopologies(physicalNodes(graph), graph))
  const globals = parts.filter(isGlobal)
  return new Topology(
    parts.filter((part) => !isGlobal(part)),
    undefined,
    globals,
  )
}
