import { TopologyError } from '../topology/topology-error.js'

/**
 * What is wrong with a supplier that gives one processor for all tasks: they would share its fields, and each would
 * give it its own context. Kafka Streams refuses it, too. undefined if nothing is wrong.
 */
export function supplierProblem(operator: string, supplier: () => object): TopologyError | undefined {
  const [first, second] = [supplier(), supplier()]
  if (first !== second) return undefined
  return new TopologyError(
    operator,
    'its supplier gives the same processor at each call, and every task needs its own',
    'make a new one in the supplier: () => new MyProcessor()',
  )
}
