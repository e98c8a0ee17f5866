import { parentPort, workerData } from 'node:worker_threads'
import { withMatchedTopics } from '../topology/matched-topics.js'
import { loadTopology } from './load-topology.js'
import { sendable } from './sendable-error.js'
import { StreamThread } from './stream-thread.js'
import { processHome } from './thread-home.js'
import { userError } from './user-error.js'
import type { WorkerInput, WorkerReport, WorkerRequest } from './worker-protocol.js'

const METRICS_INTERVAL_MS = 250

/** The inside of a worker thread: one stream thread, driven by messages. */
async function main(): Promise<void> {
  const port = parentPort!
  const report = (message: WorkerReport): void => port.postMessage(message)
  const { module, matchable, config, index, home } = workerData as WorkerInput
  const topology = withMatchedTopics(await loadTopology(module), matchable)
  const thread = new StreamThread(topology, config, index, processHome(config, home), {
    state: (state) => report({ kind: 'state', state }),
    error: (error) => report({ kind: 'error', error: sendable(userError(error)) }),
    warning: (error) => report({ kind: 'warning', error: sendable(userError(error)) }),
    restored: (store) => report({ kind: 'restored', store }),
    rebalanced: (changes) => report({ kind: 'rebalanced', changes }),
    applicationStopped: (reason) => report({ kind: 'applicationStopped', reason }),
  })
  const reportMetrics = (): void => report({ kind: 'metrics', metrics: thread.metrics() })
  const ticking = setInterval(reportMetrics, METRICS_INTERVAL_MS)

  async function close(): Promise<void> {
    clearInterval(ticking)
    try {
      await thread.close()
      reportMetrics()
    } finally {
      port.close()
    }
  }

  port.on('message', (request: WorkerRequest) => {
    if (request.kind === 'close') {
      close().catch((error: unknown) => report({ kind: 'error', error: sendable(userError(error)) }))
      return
    }
    if (request.kind === 'drain') {
      thread.drain()
      return
    }
    const { id, query } = request
    thread.query(query).then(
      (rows) => report({ kind: 'rows', id, rows }),
      (error: unknown) => report({ kind: 'queryFailed', id, error: sendable(userError(error)) }),
    )
  })
  try {
    await thread.start()
    report({ kind: 'started' })
  } catch (error) {
    report({ kind: 'error', error: sendable(userError(error)) })
  }
}

await main()
