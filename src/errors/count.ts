import { CodedError } from './coded-error.js'

/** A number of things cannot be meant. */
export class InvalidCountError extends CodedError {
  override readonly name = 'InvalidCountError'

  constructor(message: string) {
    super('INVALID_COUNT', message)
  }
}

/**
 * A number of things: a whole one, of at least 1.
 *
 * @param option names the option in the error
 * @param things what is counted, for the error
 * @throws {InvalidCountError} if it is none
 */
export function parseCount(option: string, count: number, things: string): number {
  if (Number.isSafeInteger(count) && count >= 1) return count
  throw new InvalidCountError(`${option}: ${count} is not allowed: a whole number of ${things}, at least 1`)
}
