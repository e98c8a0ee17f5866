import { CodedError } from '../errors/coded-error.js'

/** An aggregator was asked for what it cannot be. */
export class InvalidAggregatorError extends CodedError {
  override readonly name = 'InvalidAggregatorError'

  constructor(message: string) {
    super('INVALID_AGGREGATOR', message)
  }
}

/** @throws {InvalidAggregatorError} if the value of an option is no integer of a range */
export function requireInteger(option: string, value: number, min: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return
  throw new InvalidAggregatorError(
    `${option}: ${String(value)} is not allowed; give it an integer from ${min} to ${max}`,
  )
}

/** @throws {InvalidAggregatorError} if a number is not in a range */
export function requireWithin(option: string, value: number, min: number, max: number): void {
  if (typeof value === 'number' && value >= min && value <= max) return
  throw new InvalidAggregatorError(
    `${option}: ${String(value)} is not allowed; give it a number from ${min} to ${max}`,
  )
}
