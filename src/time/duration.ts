import { CodedError } from '../errors/coded-error.js'

/** Milliseconds, or a number with a unit: `'500ms'`, `'10s'`, `'5m'`, `'36h'`, `'7d'` (a day is 24 hours). */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const UNITS = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])
const PATTERN = /^(-?\d+(?:\.\d+)?)(ms|s|m|h|d)$/

/** A duration option cannot be understood, or is out of range. */
export class InvalidDurationError extends CodedError {
  override readonly name = 'InvalidDurationError'

  constructor(message: string) {
    super('INVALID_DURATION', message)
  }
}

/**
 * The milliseconds of a duration, a safe integer.
 *
 * @param option names the option in the error
 * @throws {InvalidDurationError} if it is no duration, not whole milliseconds, or less than `min` (default 0).
 */
export function parseDuration(option: string, duration: Duration, range?: { readonly min: number }): number {
  const millis = typeof duration === 'number' ? duration : millisOf(duration)
  const min = range?.min ?? 0
  if (!Number.isSafeInteger(millis) || millis < min) {
    throw new InvalidDurationError(
      `${option}: ${JSON.stringify(duration) ?? String(duration)} is not allowed: ` +
        `whole milliseconds of at least ${min} as a number, or a number with a unit (ms, s, m, h, d) such as '10s'`,
    )
  }
  return millis
}

function millisOf(text: string): number {
  const match = PATTERN.exec(text)
  if (match === null) return Number.NaN
  const millis = Number(match[1]) * UNITS.get(match[2]!)!
  // 1.1 hours is 3,960,000.0000000005 in doubles, and means 3,960,000.
  return Math.abs(millis - Math.round(millis)) < 1e-6 ? Math.round(millis) : Number.NaN
}
