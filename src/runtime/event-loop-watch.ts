import { performance } from 'node:perf_hooks'
import { type DurationFigures, DurationHistogram } from './duration-histogram.js'

const LOOK_EVERY_MS = 50

/** Looks after the event loop of the thread that it is started in. */
export class EventLoopWatch {
  private readonly delays = new DurationHistogram()
  private readonly activeBefore = performance.eventLoopUtilization().active
  private timer: NodeJS.Timeout | undefined
  private due = 0

  start(): void {
    this.due = performance.now() + LOOK_EVERY_MS
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS)
    // It is no reason for the process to live on.
    this.timer.unref()
  }

  private look(): void {
    const now = performance.now()
    this.delays.observe(now - this.due)
    this.due = now + LOOK_EVERY_MS
  }

  /** How late timers were. */
  get delayed(): DurationFigures {
    return this.delays.figures
  }

  /** For how long there was something to do since it was made, milliseconds. */
  get busyMs(): number {
    return performance.eventLoopUtilization().active - this.activeBefore
  }

  stop(): void {
    clearInterval(this.timer)
  }
}
