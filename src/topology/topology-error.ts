import { CodedError } from '../errors/coded-error.js'

/**
 * A topology cannot run as it was built. Thrown by `StreamsBuilder.build()`; the message names the operator, says
 * what is wrong and what to do.
 */
export class TopologyError extends CodedError {
  override readonly name = 'TopologyError'

  /** @param operator name of the operator, store or topic in which the problem lies */
  constructor(
    readonly operator: string,
    problem: string,
    cure: string,
  ) {
    super('INVALID_TOPOLOGY', `${operator}: ${problem}; ${cure}`)
  }
}
