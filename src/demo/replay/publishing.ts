import { Worker } from 'node:worker_threads'
import type { PublishCommand, PublishReport, PublishTask } from './publish-worker.js'

/**
 * Publishes recorded events from a thread of its own, beside the application that processes them. Reading them
 * begins at once, so that it overlaps with the start of a broker.
 */
export class Publishing {
  private readonly worker: Worker
  /** Settles when all is published, or after `stop`; rejects where publishing failed. */
  readonly ended: Promise<void>
  private records: number | undefined

  constructor(task: PublishTask) {
    this.worker = new Worker(new URL('./publish-worker.js', import.meta.url), { workerData: task })
    this.worker.on('message', ({ published }: PublishReport) => {
      this.records = published
    })
    this.ended = new Promise((resolve, reject) => {
      this.worker.on('error', reject)
      this.worker.on('exit', () => resolve())
    })
    // Whoever waits for it hears of a failure; until somebody does it is not an unhandled one.
    this.ended.catch(() => {})
  }

  /** Records in the topics; undefined until known. */
  get published(): number | undefined {
    return this.records
  }

  begin(brokers: readonly string[]): void {
    this.tell({ begin: brokers })
  }

  /** Stops publishing; what was begun is acknowledged when the promise resolves. */
  async stop(): Promise<void> {
    this.tell('stop')
    await this.ended.catch(() => {})
  }

  private tell(command: PublishCommand): void {
    this.worker.postMessage(command)
  }
}
