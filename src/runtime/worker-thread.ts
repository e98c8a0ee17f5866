import { Worker } from 'node:worker_threads'
import { received } from './sendable-error.js'
import type { StoreQuery, StoreRow } from './store-query.js'
import { figuresAtFirst, type ThreadMetrics } from './stream-metrics.js'
import type { StreamThreadHandle, ThreadEvents } from './stream-thread-handle.js'
import { StreamsError } from './streams-error.js'
import type { ThreadState } from './thread-state.js'
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
  /** Set until the thread has begun. */
  private beginning: Pending<void> | undefined
  private closing = false
  private closeFailure: unknown
  private gone: Error | undefined
  private nextQuery = 0
  private latest: ThreadMetrics

  constructor(
    input: WorkerInput,
    private readonly events: ThreadEvents,
  ) {
    this.latest = figuresAtFirst(input.index, Date.now())
    this.started = new Promise((resolve, reject) => {
      this.beginning = { resolve, reject }
    })
    this.worker = new Worker(new URL('./worker-main.js', import.meta.url), { workerData: input })
    this.worker.on('message', (message: WorkerReport) => this.receive(message))
    this.worker.on('error', (error) => this.failed(error))
    this.exited = new Promise((resolve) => {
      this.worker.on('exit', () => {
        this.gone = new StreamsError('THREAD_ENDED', `stream thread ${input.index} has ended`)
        for (const pending of this.queries.values()) pending.reject(this.gone)
        this.queries.clear()
        if (!this.closing) this.failed(this.gone)
        resolve()
      })
    })
  }

  start(): Promise<void> {
    return this.started
  }

  async close(): Promise<void> {
    this.closing = true
    this.send({ kind: 'close' })
    await this.exited
    if (this.closeFailure !== undefined) throw this.closeFailure
  }

  async terminate(): Promise<void> {
    this.closing = true
    await this.worker.terminate()
  }

  drain(): void {
    this.send({ kind: 'drain' })
  }

  metrics(): ThreadMetrics {
    return this.latest
  }

  query(query: StoreQuery): Promise<StoreRow[]> {
    if (this.gone !== undefined) return Promise.reject(this.gone)
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
        this.beginning?.resolve()
        this.beginning = undefined
        break
      case 'state':
        this.enter(report.state)
        this.events.state(report.state)
        break
      case 'error':
        this.failed(received(report.error))
        break
      case 'warning':
        this.events.warning(received(report.error))
        break
      case 'restored':
        this.events.restored(report.store)
        break
      case 'rebalanced':
        this.events.rebalanced(report.changes)
        break
      case 'applicationStopped':
        this.events.applicationStopped(report.reason)
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
    }
  }

  private enter(state: ThreadState): void {
    this.latest = { ...this.latest, state }
  }

  private answered(id: number): Pending<StoreRow[]> | undefined {
    const pending = this.queries.get(id)
    this.queries.delete(id)
    return pending
  }

  /** A thread that has not begun fails whoever starts it. */
  private failed(error: unknown): void {
    this.enter('failed')
    if (this.beginning !== undefined) this.beginning.reject(error)
    else if (this.closing) this.closeFailure = error
    else this.events.error(error)
    this.beginning = undefined
  }
}
