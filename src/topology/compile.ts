import type { LogicalGraph } from './logical-graph.js'
import { physicalNodes } from './physical-nodes.js'
import { subTopologies } from './sub-topologies.js'
import { Topology } from './topology.js'
import { validate } from './validate.js'

/**
 * Turns what the user asked for into what tasks run. Pure: the same graph gives an equal topology, as often as
 * asked.
 *
 * @throws {TopologyError} if the graph cannot run; names the operator and the cure.
 */
export function compile(graph: LogicalGraph): Topology {
  validate(graph)
  return new Topology(subTopologies(physicalNodes(graph), graph))
}
