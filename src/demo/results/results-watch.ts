import { Worker } from 'node:worker_threads'
import type { ResultRow } from '../../observe/dashboard/results/result-table.js'
import type { ShownResults } from '../../observe/dashboard/results/shown-results.js'
import type { ResultsCommand, ResultsReport, ResultsTask } from './results-worker.js'

/** What the results come to, followed by a thread of its own so that it takes no time from processing. */
export class ResultsWatch {
  private readonly worker: Worker
  private latest: ResultsReport = { windows: 0, shown: { rows: [] } }
  /** Settles when the thread has ended; rejects where following the topic failed. */
  readonly ended: Promise<void>

  constructor(task: ResultsTask) {
    this.worker = new Worker(new URL('./results-worker.js', import.meta.url), { workerData: task })
    this.worker.on('message', (report: ResultsReport) => {
      this.latest = report
    })
    this.ended = new Promise((resolve, reject) => {
      this.worker.on('error', reject)
      this.worker.on('exit', () => resolve())
    })
    // Whoever waits for it hears of a failure; until somebody does it is not an unhandled one.
    this.ended.catch(() => {})
  }

  /** How many windows have had their first result since the start. */
  get windows(): number {
    return this.latest.windows
  }

  /** The greatest rows. */
  get rows(): readonly ResultRow[] {
    return this.latest.shown.rows
  }

  /** What a page shows. */
  get shown(): ShownResults {
    return this.latest.shown
  }

  /** Stops when every result that is in the topic by now is counted. */
  async finish(): Promise<void> {
    this.tell('finish')
    await this.ended
  }

  async stop(): Promise<void> {
    this.tell('stop')
    await this.ended.catch(() => {})
  }

  private tell(command: ResultsCommand): void {
    this.worker.postMessage(command)
  }
}
