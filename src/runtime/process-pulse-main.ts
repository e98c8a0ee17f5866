import { workerData } from 'node:worker_threads'
import type { PulseInput } from './process-pulse.js'

/** A machine that is busy lets a beat come late; where more than these would be due, the process did not run. */
const MOST_AT_ONCE = 3

/** The inside of a pulse's thread. */
const { beats, intervalMs } = workerData as PulseInput
const count = new Int32Array(beats)
let counted = performance.now()

function beat(): void {
  const now = performance.now()
  const due = Math.floor((now - counted) / intervalMs)
  counted = due > MOST_AT_ONCE ? now : counted + due * intervalMs
  Atomics.add(count, 0, Math.min(due, MOST_AT_ONCE))
}

setInterval(beat, intervalMs)
