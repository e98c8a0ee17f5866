import { passThrough } from '../../operators/pass-through.js'
import { type Erased, type LogicalNode, outputOf } from '../topology/logical-graph.js'
import type { StreamState } from './stream-state.js'

/** The name of what takes the late records of an operator. */
export const lateName = (operator: string): string => `${operator}-late`

/**
 * Gives the late records of an operator to who asked for them, as a stream with the keys and values that reached it.
 *
 * @param input what the operator reads
 */
export function addLateOutput(
  input: Pick<StreamState, 'builder' | 'key' | 'value'>,
  operator: LogicalNode,
  late: (late: Erased) => void,
): void {
  addSideOutput(input, operator, lateName(outputOf(operator)), late)
}

/** Gives what an operator hands on to a child by name to who asked for it; see {@link addLateOutput}. */
export function addSideOutput(
  { builder, key, value }: Pick<StreamState, 'builder' | 'key' | 'value'>,
  operator: LogicalNode,
  name: string,
  take: (stream: Erased) => void,
): void {
  const node = builder.add({
    kind: 'operator',
    name,
    parents: [operator],
    supplier: passThrough(),
    store: undefined,
    sideOutput: true,
  })
  take(builder.stream({ builder, node, key, value, rekeyed: false }))
}
