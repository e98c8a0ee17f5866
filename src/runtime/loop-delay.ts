import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 10
const NANOSECONDS = 1e6

/** How late the event loop of this thread comes round to its timers. */
export class LoopDelay {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  private count = 0
  private total = 0

  constructor() {
    this.histogram.enable()
  }

  /** The mean since the last call, milliseconds. The histogram goes on: a reset would lose the delay that it falls into. */
  take(): number {
    const { count, mean } = this.histogram
    const total = count === 0 ? 0 : (mean / NANOSECONDS) * count
    const samples = count - this.count
    // What is measured is the time between two timers, the one that they are set to included.
    const delay = samples === 0 ? 0 : (total - this.total) / samples - RESOLUTION_MS
    this.count = count
    this.total = total
    return Math.max(0, delay)
  }

  close(): void {
    this.histogram.disable()
  }
}
