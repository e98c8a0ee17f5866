import { setTimeout as delay } from 'node:timers/promises'

/** Growing, jittered pauses between attempts. */
export class Backoff {
  private attempts = 0

  /**
   * @param initialMs about how long the first pause is
   * @param maxMs about how long the longest is
   */
  constructor(
    private readonly initialMs = 20,
    private readonly maxMs = 1000,
  ) {}

  /** The length of the next pause in milliseconds: doubles with each call, plus or minus a fifth. */
  next(): number {
    const base = Math.min(this.maxMs, this.initialMs * 2 ** this.attempts++)
    return base * (0.8 + Math.random() * 0.4)
  }

  /** Begins anew after a success. */
  reset(): void {
    this.attempts = 0
  }

  /** Pauses; returns early, without throwing, when `signal` aborts. */
  async pause(signal?: AbortSignal): Promise<void> {
    const length = this.next()
    if (signal === undefined) await delay(length)
    else await delay(length, undefined, { signal }).catch(ignoreAbort)
  }
}

const ignoreAbort = (error: unknown): void => {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error
}
