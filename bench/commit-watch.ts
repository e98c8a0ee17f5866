import { setTimeout as delay } from 'node:timers/promises'
import { median } from './median.js'

const POLL_INTERVAL_MS = 10

/**
 * Sees a group's commits from outside, the same way for every runner: polls the committed offsets and notes the
 * wall clock whenever they have moved.
 */
export class CommitWatch {
  private readonly commitTimes: number[] = []
  private committed = 0

  constructor(
    private readonly committedRecords: () => Promise<number>,
    private readonly records: number,
  ) {}

  /** Resolves when all records are committed, with that moment (epoch milliseconds). */
  async finished(stop: AbortSignal): Promise<number> {
    while (this.committed < this.records) {
      stop.throwIfAborted()
      const polledAt = Date.now()
      this.observe(await this.committedRecords())
      if (this.committed < this.records) await delay(Math.max(0, polledAt + POLL_INTERVAL_MS - Date.now()))
    }
    return this.commitTimes.at(-1)!
  }

  private observe(committed: number): void {
    if (committed === this.committed) return
    this.committed = committed
    this.commitTimes.push(Date.now())
  }

  /** The median time between two commits; null where there were fewer than two. */
  get commitIntervalP50Ms(): number | null {
    const intervals = this.commitTimes.slice(1).map((time, index) => time - this.commitTimes[index]!)
    return intervals.length === 0 ? null : median(intervals)
  }
}
