import { setTimeout as pause } from 'node:timers/promises'

const LOOK_AGAIN_MS = 10
const GIVE_UP_AFTER_MS = 90_000

/** Waits until something that can be observed holds. Rejects, naming it, where that is not to be expected any more. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + GIVE_UP_AFTER_MS
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${GIVE_UP_AFTER_MS} ms: ${what}`)
    await pause(LOOK_AGAIN_MS)
  }
}
