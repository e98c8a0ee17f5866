/** Which failed calls are made again, and when. */
export interface RetryPolicy {
  /** How often a call is made again at most. */
  readonly max: number
  /** The wait before the first repetition, milliseconds; it doubles with each. */
  readonly backoff: number
  /** The longest wait, milliseconds. */
  readonly maxBackoff: number
  /** Whether an error may pass. */
  readonly when: (error: unknown) => boolean
}

/**
 * How long to wait before a call is made again: exponential backoff with full jitter, that is any time up to twice that
 * of the repetition before, so that calls that failed together do not come back together.
 *
 * @param attempts how many have failed
 * @param random from 0 up to, not including, 1
 */
export function retryDelay({ backoff, maxBackoff }: RetryPolicy, attempts: number, random: number): number {
  return Math.floor(random * (Math.min(maxBackoff, backoff * 2 ** (attempts - 1)) + 1))
}
