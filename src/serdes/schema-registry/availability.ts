import { setTimeout as wait } from 'node:timers/promises'
import type { SerdeOpener } from '../serde-use.js'
import { type MaybePromise, unlessAborted } from '../settle.js'
import { isOutage, RegistryUnavailableError } from './registry-errors.js'

/** Time, as an application that starts needs it. */
export interface StartClock {
  /** Milliseconds of a clock that never goes back. */
  now(): number
  /** Rejects when the signal is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>
}

const SYSTEM_CLOCK: StartClock = {
  now: () => performance.now(),
  wait: (ms, signal) => wait(ms, undefined, { signal }),
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000
/** An application that starts does not wait for ever: who has started it is to see that it does not. */
const PATIENCE_MS = 60_000

/**
 * Asks a registry, and again where it does not answer.
 *
 * @param registry its name, for people
 * @throws what it answers last, a minute after the first time
 * @throws {RegistryUnavailableError} if there is no answer by then
 */
export function untilAvailable(
  registry: string,
  ask: () => MaybePromise<void>,
  opener: SerdeOpener,
  clock: StartClock = SYSTEM_CLOCK,
): MaybePromise<void> {
  const first = ask()
  return first === undefined ? undefined : new Retries(registry, opener, clock).until(first, ask)
}

class Retries {
  private readonly giveUpAt: number

  constructor(
    private readonly registry: string,
    private readonly opener: SerdeOpener,
    private readonly clock: StartClock,
  ) {
    this.giveUpAt = clock.now() + PATIENCE_MS
  }

  async until(first: MaybePromise<void>, ask: () => MaybePromise<void>): Promise<void> {
    let pause = FIRST_PAUSE_MS
    for (let asked = first; ; asked = ask()) {
      try {
        return await this.inTime(asked)
      } catch (error) {
        if (!isOutage(error) || this.clock.now() + pause > this.giveUpAt) throw error
        if (pause === FIRST_PAUSE_MS) this.opener.warn?.(error)
        await this.clock.wait(pause, this.opener.signal)
        pause = Math.min(2 * pause, LONGEST_PAUSE_MS)
      }
    }
  }

  /** What is asked may wait for a schema for as long as the registry is away. */
  private async inTime(asked: MaybePromise<void>): Promise<void> {
    const answered = new AbortController()
    const late = this.clock.wait(this.giveUpAt - this.clock.now(), answered.signal).then(() => {
      throw new RegistryUnavailableError(this.registry, `it has not answered for ${PATIENCE_MS / 1_000} s`)
    })
    try {
      await unlessAborted(Promise.race([asked, late]), this.opener.signal)
    } finally {
      answered.abort()
    }
  }
}
