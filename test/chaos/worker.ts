/** A worker of the chaos run: node worker.js <JSON of WorkerArguments>. Tells how it is, a line of JSON each time. */
import { BroadcastChannel } from 'node:worker_threads'
import { type CodedError, KafkaStreams, StreamsError } from '../../src/index.js'
import { APPLICATION } from './application.js'
import { KILL_ORDERS } from './kill-orders.js'
import type { ChaosOptions } from './options.js'
import { DRAIN, SESSION_TIMEOUT_MS } from './settings.js'
import { WORKLOADS } from './workloads.js'

export interface WorkerArguments {
  readonly brokers: readonly string[]
  readonly topology: ChaosOptions['topology']
  readonly guarantee: ChaosOptions['guarantee']
  readonly stateDir: string
  readonly threads: number
}

/** How a worker is, several times a second. */
export interface WorkerStatus {
  readonly state: string
  readonly tasks: number
  readonly processed: number
  readonly restored: number
}

const STATUS_INTERVAL_MS = 100

const { brokers, topology, guarantee, stateDir, threads } = JSON.parse(process.argv[2]!) as WorkerArguments
const print = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`)

const streams = await KafkaStreams.fromModule(WORKLOADS[topology].module, {
  applicationId: APPLICATION,
  brokers,
  processingGuarantee: guarantee,
  stateDir,
  threads,
  cacheMaxBytes: 0,
  // The verifier knows by event time alone what has been handed on.
  emitInterval: 0,
  sessionTimeout: SESSION_TIMEOUT_MS,
  ...(guarantee === 'at_least_once' ? { commitInterval: '1s' } : {}),
})
streams.on('warning', (error) => {
  print({ warning: `${error.name}: ${error.message}`, code: (error as CodedError).code })
})
streams.on('error', (error) => {
  print({ error: error.stack ?? error.message })
  process.exitCode = 1
  process.disconnect()
})

const orders = new BroadcastChannel(KILL_ORDERS)
process.on('message', (order: string) => {
  if (order === DRAIN) streams.drain()
  else orders.postMessage(order)
})

const status = setInterval(() => {
  const { recordsProcessed: processed, recordsRestored: restored, tasks } = streams.metrics()
  print({ status: { state: streams.state, tasks: tasks.length, processed, restored } satisfies WorkerStatus })
}, STATUS_INTERVAL_MS)

process.once('SIGTERM', async () => {
  clearInterval(status)
  await streams.close()
  orders.close()
  process.disconnect()
})
// The harness is gone: nobody else would end this process.
process.once('disconnect', () => process.exit())

await streams.start().catch((error: unknown) => {
  // A thread may process before the others have begun, and the worker be ended then.
  if (!(error instanceof StreamsError && error.code === 'CLOSED')) throw error
})
