import type { KafkaStreams } from '../../runtime/kafka-streams.js'
import type { Publishing } from '../replay/publishing.js'
import type { ResultsWatch } from '../results/results-watch.js'
import type { ProgressDisplay, ProgressSnapshot, RunSummary } from './progress-snapshot.js'

const INTERVAL_MS = 1_000

/** Shows a running application once a second. */
export class Progress {
  private readonly timer: NodeJS.Timeout
  private lastAt = performance.now()
  private lastRecords = 0

  /** @param startedAt when the application was asked to start, by `performance.now()` */
  constructor(
    private readonly startedAt: number,
    private readonly streams: KafkaStreams,
    private readonly results: ResultsWatch,
    private readonly publishing: Publishing | undefined,
    private readonly display: ProgressDisplay,
  ) {
    this.timer = setInterval(() => this.show(), INTERVAL_MS)
  }

  /** Shows how things stand now. */
  show(): void {
    this.display.show(this.snapshot())
  }

  stop(): void {
    clearInterval(this.timer)
  }

  summary(complete: boolean): RunSummary {
    const { recordsProcessed, commits, outputRecords } = this.streams.metrics()
    const seconds = Math.round(performance.now() - this.startedAt) / 1000
    return { recordsProcessed, seconds, commits, outputRecords, windows: this.results.windows, complete }
  }

  private snapshot(): ProgressSnapshot {
    const { recordsProcessed, lag, streamTime, commits } = this.streams.metrics()
    const now = performance.now()
    const recordsPerSecond = Math.round(((recordsProcessed - this.lastRecords) * 1000) / (now - this.lastAt))
    this.lastAt = now
    this.lastRecords = recordsProcessed
    return {
      state: this.streams.state,
      recordsPerSecond,
      recordsProcessed,
      lag,
      streamTime,
      windows: this.results.windows,
      commits,
      published: this.publishing?.published,
      rows: this.results.rows,
    }
  }
}
