import { setTimeout as pause } from 'node:timers/promises'
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
  private pauseMs = FIRST_PAUSE_MS

  constructor(
    private readonly limitMs: number,
    private readonly warn: (failure: unknown) => void,
  ) {}

  /** Something was committed. */
  reset(): void {
    this.since = undefined
    this.pauseMs = FIRST_PAUSE_MS
  }

  /**
   * Waits before the next try.
   *
   * @throws {RecoveryGivenUpError} when nothing was committed for too long
   */
  async next(failure: unknown): Promise<void> {
    const now = performance.now()
    this.since ??= now
    if (now - this.since > this.limitMs) {
      throw new RecoveryGivenUpError(
        'RECOVERY_GIVEN_UP',
        `nothing could be committed for ${this.limitMs} ms (maxPollInterval)`,
        { cause: failure },
      )
    }
    this.warn(failure)
    await pause(this.pauseMs)
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * this.pauseMs)
  }
}
