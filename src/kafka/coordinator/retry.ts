import { ErrorCode } from '../protocol/error-codes.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'
import { isUnreachable } from '../transport/transport-error.js'

/** States of the broker that pass within milliseconds: markers being written, a transaction about to end. */
const MOMENTARY: ReadonlySet<number> = new Set<number>([
  ErrorCode.CONCURRENT_TRANSACTIONS,
  ErrorCode.UNSTABLE_OFFSET_COMMIT,
])

const MOMENTARY_MS = 1
const MOMENTARY_TRIES = 50
const FIRST_BACKOFF_MS = 10
const LARGEST_BACKOFF_MS = 500

/** Long enough for a broker that is there. */
const LEAST_TRY_MS = 1_000

/**
 * How long a try may take that begins now. At the deadline, and after it where the process stood still, a last one has
 * time for an answer: what the broker says tells more than that nothing was heard for a millisecond.
 */
export const timeoutOfTry = (requestTimeoutMs: number, deadline: number): number =>
  Math.min(requestTimeoutMs, Math.max(LEAST_TRY_MS, deadline - performance.now()))

/** Whether the same request may succeed later: the broker says so, or its answer is missing. */
export function isRetriable(error: unknown): boolean {
  return error instanceof KafkaProtocolError ? error.retriable : isUnreachable(error)
}

/** How long to wait before try number `tries` + 1, in milliseconds, with jitter. */
export function backoffMs(error: unknown, tries: number): number {
  if (error instanceof KafkaProtocolError && MOMENTARY.has(error.code) && tries <= MOMENTARY_TRIES) {
    return MOMENTARY_MS
  }
  const largest = Math.min(LARGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(tries - 1, 10))
  return largest * (0.5 + Math.random() / 2)
}

export interface RetryLimits {
  /** Gives up at this `performance.now()`; Infinity never. */
  readonly deadline: number
  /** Gives up with the signal's reason. */
  readonly signal: AbortSignal
}

/** Repeats an attempt while it fails retriably; rejects with its last error. */
export async function retry<T>(attempt: () => Promise<T>, limits: RetryLimits): Promise<T> {
  for (let tries = 1; ; tries++) {
    limits.signal.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      const pause = backoffMs(error, tries)
      if (!isRetriable(error) || performance.now() + pause > limits.deadline) throw error
      await sleep(pause, limits.signal)
    }
  }
}

/** Waits; rejects with the signal's reason as soon as there is one. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}
