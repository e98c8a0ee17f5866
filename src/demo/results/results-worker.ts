/** Thread that follows a topic of results and reports what they come to. */
import { parentPort, workerData } from 'node:worker_threads'
import { KafkaJsTransport } from '../../kafka/transport/kafkajs-transport.js'
import { ResultTable } from '../../observe/dashboard/results/result-table.js'
import { type ShownResults, shownResults } from '../../observe/dashboard/results/shown-results.js'
import { openUses, topicSerdeUses } from '../../runtime/serde-uses.js'
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
  readonly shown: ShownResults
}

/** `finish`: stop when all that is in the topic is counted. `stop`: at once. */
export type ResultsCommand = 'finish' | 'stop'

/** The rows that a chart tells apart. */
const TOLD_APART = 5
const REPORT_INTERVAL_MS = 500

const { brokers, module, partitions } = workerData as ResultsTask
const { results } = ((await import(module)) as { demo: DemoDescription }).demo
await openUses(topicSerdeUses(results.key, results.value, { topic: results.topic, access: 'read' }))
const table = new ResultTable(results)
const transport = new KafkaJsTransport({ brokers, clientId: 'millrace-results' })
const stopped = new AbortController()
const shown = (): ShownResults =>
  shownResults(table, results, (rows) => rows.slice(0, TOLD_APART).map(({ name }) => name))
const report = (): void =>
  parentPort!.postMessage({ windows: table.windows, shown: shown() } satisfies ResultsReport)
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
