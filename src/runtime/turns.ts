import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { Steps } from '../state/steps.js'

/** Does steps for so long, then gives the event loop its turn, until they are done. */
export async function inTurns<T>(steps: Steps<T>, turnMs: number): Promise<T> {
  let turnEnd = performance.now() + turnMs
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value
    if (performance.now() < turnEnd) continue
    await yieldToEventLoop()
    turnEnd = performance.now() + turnMs
  }
}
