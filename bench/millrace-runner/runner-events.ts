import { readFileSync, writeSync } from 'node:fs'
import type { RunnerEvent, RunnerMilestone } from '../runner-protocol.js'

/** Tells the harness what happened, with the wall clock and this process's own CPU account. */
export function report(
  event: RunnerMilestone['event'],
  processed: number,
  more: Partial<Pick<RunnerMilestone, 'atMs' | 'loopDelayP99Ms'>> = {},
): void {
  print({ event, atMs: Date.now(), stat: readFileSync('/proc/self/stat', 'utf8'), processed, ...more })
}

export function reportFailure(error: unknown): void {
  print({ event: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
}

/** Written at once, not when the event loop comes round. */
function print(event: RunnerEvent): void {
  writeSync(1, `${JSON.stringify(event)}\n`)
}
