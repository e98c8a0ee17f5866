import { setTimeout as wait } from 'node:timers/promises'
import type { SerdeOpener } from '../serde-use.js'
import type { MaybePromise } from '../settle.js'
import { isOutage } from './registry-errors.js'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000
/** An application that starts does not wait for ever: who has started it is to see that it does not. */
const PATIENCE_MS = 60_000

/**
 * Asks a registry, and again where it does not answer.
 *
 * @throws what it answers last, a minute after the first time
 */
export function untilAvailable(ask: () => MaybePromise<void>, opener: SerdeOpener): MaybePromise<void> {
  const first = ask()
  return first === undefined ? undefined : retrying(first, ask, opener)
}

async function retrying(
  first: MaybePromise<void>,
  ask: () => MaybePromise<void>,
  { signal, warn }: SerdeOpener,
): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  let pause = FIRST_PAUSE_MS
  for (let asked = first; ; asked = ask()) {
    try {
      return await asked
    } catch (error) {
      if (!isOutage(error) || performance.now() + pause > until) throw error
      if (pause === FIRST_PAUSE_MS) warn?.(error)
      await wait(pause, undefined, { signal })
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS)
    }
  }
}
