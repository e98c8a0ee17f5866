import type { LogicalGraph } from './logical-graph.js'
import { outputOf } from './logical-graph.js'
import { TopologyError } from './topology-error.js'

const GENERATED = /-[0-9]{10}(-repartition|-store|-topic|-Buffer)?$/

/**
 * Refuses names that were generated where they become names of topics or of state: they change when an operator is
 * put in before them, and what is kept under them is lost (KIP-1111).
 *
 * @throws {TopologyError}
 */
export function requireExplicitNames({ nodes }: LogicalGraph): void {
  for (const node of nodes) {
    if (node.kind === 'repartition' && GENERATED.test(node.topic)) {
      throw new TopologyError(
        outputOf(node),
        `its repartition topic has the generated name '${node.topic}'`,
        'give the grouping, repartition(), toTable() or join that it is for a name',
      )
    }
    if (node.kind === 'operator' && node.store !== undefined && GENERATED.test(node.store.name)) {
      throw new TopologyError(
        node.name,
        `its store has the generated name '${node.store.name}'`,
        'give it the name of a store; suppress() and joins, a name',
      )
    }
  }
}
