/** Thread that follows a topic of results and reports what they come to. */
import { parentPort, workerData } from 'node:worker_threads'
import { KafkaJsTransport } from '../../kafka/transport/kafkajs-transport.js'
import { type ResultRow, ResultTable } from '../../observe/dashboard/results/result-table.js'
import type { DemoDescription } from '../demo.js'
import { ResultsReader } from './results-reader.js'

export interface ResultsTask {
  readonly brokers: readonly string[]
  /** URL of the module that says what the results are; functions do not go to a thread. */
  readonly module: string
  readonly partitions: number
}

export interface ResultsReport {
  readonly windows: number
  readonly rows: readonly ResultRow[]
}

/** `finish`: stop when all that is in the topic is counted. `stop`: at once. */
export type ResultsCommand = 'finish' | 'stop'

const ROWS = 10
const REPORT_INTERVAL_MS = 500

const { brokers, module, partitions } = workerData as ResultsTask
const { results } = ((await import(module)) as { demo: DemoDescription }).demo
const table = new ResultTable(results)
const transport = new KafkaJsTransport({ brokers, clientId: 'millrace-results' })
const stopped = new AbortController()
const report = (): void =>
  parentPort!.postMessage({ windows: table.windows, rows: table.top(ROWS) } satisfies ResultsReport)
const reporting = setInterval(report, REPORT_INTERVAL_MS)
const reader = new ResultsReader(transport, results, partitions, table)
const follow = async (command: ResultsCommand): Promise<void> => {
  if (command === 'finish') await reader.caughtUp()
  stopped.abort()
}
parentPort!.on('message', (command: ResultsCommand) => void follow(command))
try {
  await reader.run(stopped.signal)
  report()
} finally {
  clearInterval(reporting)
  await transport.close()
  parentPort!.close()
}
