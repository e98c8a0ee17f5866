import { TopologyError } from '../topology/topology-error.js'

/** What timers ask of a processor. */
export interface Timed {
  readonly onTimer?: unknown
}

/**
 * What is wrong with a supplier: its processor does not have what its timers call, or it gives one processor for all tasks:
 * they would share its fields, and each would give it its own context. Kafka Streams refuses that, too. undefined if
 * nothing is wrong.
 */
export function supplierProblem(
  operator: string,
  supplier: () => Timed,
  timers?: object,
): TopologyError | undefined {
  const [first, second] = [supplier(), supplier()]
  if (timers !== undefined && first.onTimer === undefined) {
    return new TopologyError(
      operator,
      'it has timers, and its processor has nothing for them to call',
      'give the processor onTimer(timer), or leave the option timers out',
    )
  }
  if (first !== second) return undefined
  return new TopologyError(
    operator,
    'its supplier gives the same processor at each call, and every task needs its own',
    'make a new one in the supplier: () => new MyProcessor()',
  )
}
