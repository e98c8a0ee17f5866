import { Backoff } from '../kafka/transport/backoff.js'
import { StreamsError } from './streams-error.js'

const FIRST_PAUSE_MS = 10
const LONGEST_PAUSE_MS = 1000

/** Nothing could be committed for as long as the thread was told to try. */
export class RecoveryGivenUpError extends StreamsError {
  override readonly name = 'RecoveryGivenUpError'
}

/** How a thread goes from one failed commit to the next try: later each time, and not for ever. */
export class RecoveryPatience {
  private since: number | undefined
  private readonly backoff = new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS)

  constructor(
    private readonly limitMs: number,
    /** For how long the process has run, in milliseconds: while it stands still it tries nothing. */
    private readonly runningTime: () => number,
    private readonly warn: (failure: unknown) => void,
  ) {}

  /** Whether nothing was committed since the last failure. */
  get tried(): boolean {
    return this.since !== undefined
  }

  /** Something was committed, or nothing is left to be. */
  reset(): void {
    this.since = undefined
    this.backoff.reset()
  }

  /**
   * Waits before the next try, until `signal` is aborted.
   *
   * @throws {RecoveryGivenUpError} when nothing was committed for too long
   */
  async next(failure: unknown, signal: AbortSignal): Promise<void> {
    const now = this.runningTime()
    this.since ??= now
    if (now - this.since > this.limitMs) {
      throw new RecoveryGivenUpError(
        'RECOVERY_GIVEN_UP',
        `nothing could be committed for ${this.limitMs} ms (maxPollInterval): ${reasonOf(failure)}`,
        { cause: failure },
      )
    }
    this.warn(failure)
    await this.backoff.pause(signal)
  }
}

const reasonOf = (failure: unknown): string => (failure instanceof Error ? failure.message : String(failure))
