/**
 * A topology cannot run as it was built. Thrown by `StreamsBuilder.build()`; the message names the operator, says
 * what is wrong and what to do.
 */
export class TopologyError extends Error {
  override readonly name = 'TopologyError'
  readonly code = 'INVALID_TOPOLOGY'

  /** @param operator name of the operator, store or topic in which the problem lies */
  constructor(
    readonly operator: string,
    problem: string,
    cure: string,
  ) {
    super(`${operator}: ${problem}; ${cure}`)
  }
}
