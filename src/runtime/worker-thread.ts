import { Worker } from 'node:worker_threads'
import { received } from './sendable-error.js'
import type { StoreQuery, StoreRow } from './store-query.js'
import type { ThreadMetrics } from './stream-metrics.js'
import type { ThreadEvents } from './stream-thread.js'
import type { StreamThreadHandle } from './stream-thread-handle.js'
import { StreamsError } from './streams-error.js'
import type { WorkerInput, WorkerReport, WorkerRequest } from './worker-protocol.js'

interface Pending<T> {
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
}

/** A stream thread that runs in a worker thread. */
export class WorkerStreamThread implements StreamThreadHandle {
  private readonly worker: Worker
  private readonly queries = new Map<number, Pending<StoreRow[]>>()
  private readonly started: Promise<void>
  private readonly exited: Promise<void>
  private settleStart: Pending<void> | undefined
  private nextQuery = 0
  private latest: ThreadMetrics

  constructor(
    input: WorkerInput,
    private readonly events: ThreadEvents,
  ) {
    this.latest = {
      thread: input.index,
      tasks: [],
      recordsProcessed: 0,
      outputRecords: 0,
      commits: 0,
      lastCommitMs: 0,
      lag: undefined,
      streamTime: -1,
      recordsRestored: 0,
      dropped: {},
    }
    this.started = new Promise((resolve, reject) => {
      this.settleStart = { resolve, reject }
    })
    this.worker = new Worker(new URL('./worker-main.js', import.meta.url), { workerData: input })
    this.worker.on('message', (message: WorkerReport) => this.receive(message))
    this.worker.on('error', (error) => this.failed(error))
    this.exited = new Promise((resolve) => {
      this.worker.on('exit', () => {
        this.abandonQueries(new StreamsError('THREAD_ENDED', `stream thread ${input.index} has ended`))
        resolve()
      })
    })
  }

  start(): Promise<void> {
    return this.started
  }

  async close(): Promise<void> {
    this.send({ kind: 'close' })
    await this.exited
  }

  async terminate(): Promise<void> {
    await this.worker.terminate()
  }

  metrics(): ThreadMetrics {
    return this.latest
  }

  query(query: StoreQuery): Promise<StoreRow[]> {
    return new Promise((resolve, reject) => {
      const id = this.nextQuery++
      this.queries.set(id, { resolve, reject })
      this.send({ kind: 'query', id, query })
    })
  }

  private send(request: WorkerRequest): void {
    this.worker.postMessage(request)
  }

  private receive(report: WorkerReport): void {
    switch (report.kind) {
      case 'started':
        this.settleStart?.resolve()
        break
      case 'state':
        this.events.state(report.state)
        break
      case 'error':
        this.failed(received(report.error))
        break
      case 'warning':
        this.events.warning(received(report.error))
        break
      case 'metrics':
        this.latest = report.metrics
        break
      case 'rows':
        this.answered(report.id)?.resolve(report.rows)
        break
      case 'queryFailed':
        this.answered(report.id)?.reject(received(report.error))
        break
      case 'closed':
        break
    }
  }

  private answered(id: number): Pending<StoreRow[]> | undefined {
    const pending = this.queries.get(id)
    this.queries.delete(id)
    return pending
  }

  private failed(error: unknown): void {
    this.settleStart?.reject(error)
    this.events.error(error)
  }

  private abandonQueries(error: Error): void {
    for (const pending of this.queries.values()) pending.reject(error)
    this.queries.clear()
  }
}
