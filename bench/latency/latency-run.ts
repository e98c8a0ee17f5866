import { partitionFor } from '../../src/kafka/records/partitioner.js'
import type { RecordCursor } from '../../src/kafka/records/record-cursor.js'
import { withApplication } from '../bench-application.js'
import type { BenchCluster } from '../bench-cluster.js'
import { type FilledRecord, fillTopic } from '../fill-topic.js'
import { followOutput } from '../follow-output.js'
import { percentile } from '../percentile.js'
import { type RunnerCommand, RunnerProcess } from '../runner-process.js'
import type { RunnerArguments } from '../runner-protocol.js'
import { SteadyFeed } from '../steady-feed.js'
import { eventAt, type Guarantee, PARTITIONS } from '../workloads.js'
import { type LatencyLedger, type LatencyWorkload, latencyLedger } from './latency-ledger.js'

/** Records that are there before a runner starts: with the first of them it tells that it is at work. */
const PRIMING_RECORDS = 1_000
/** Of both sides, with both guarantees: the default of at_least_once would be 30 s, which is all that a count waits for. */
const COMMIT_INTERVAL_MS = 100
/** How long outputs may be missing after the runner has committed everything and closed. */
const LAST_OUTPUTS_MS = 30_000

/** One run: which side does what, and at what rate. */
export interface LatencySetting {
  readonly command: RunnerCommand
  readonly workload: LatencyWorkload
  readonly guarantee: Guarantee
  readonly rate: number
  readonly warmUpSeconds: number
  readonly seconds: number
}

/** Milliseconds from the append of the input to the commit of the output. */
export interface LatencyFigures {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/**
 * Offers records at a steady rate and sees, as a consumer that reads committed records only, when their outputs are
 * there. A record's time begins when it is handed to the producer that appends it.
 */
export function measureLatency(
  cluster: BenchCluster,
  setting: LatencySetting,
  signal: AbortSignal,
): Promise<LatencyFigures> {
  return withApplication(cluster, `latency-${setting.workload}`, async (application) => {
    const { command, workload, guarantee, rate, warmUpSeconds, seconds } = setting
    const { applicationId, outputTopic } = application
    const inputTopic = `${applicationId}-input`
    await cluster.createTopic(inputTopic)
    const offered = rate * (warmUpSeconds + seconds)
    const ledger = latencyLedger(workload, PRIMING_RECORDS + rate * warmUpSeconds)
    const primed = (index: number) => appendedRecord(ledger, index)
    await fillTopic(cluster.transport, inputTopic, PRIMING_RECORDS, primed, signal)
    const argument: RunnerArguments = {
      workload,
      guarantee,
      brokers: cluster.brokers.join(','),
      inputTopic,
      ...application,
      records: PRIMING_RECORDS + offered,
      cacheMaxBytes: null,
      commitIntervalMs: COMMIT_INTERVAL_MS,
    }
    await using runner = new RunnerProcess(command, argument, signal)
    await runner.milestone('first')
    const overdue = new AbortController()
    const stop = AbortSignal.any([signal, overdue.signal])
    let published = false
    const complete = (): boolean => published && ledger.outstanding === 0
    const seen = followOutput(cluster.transport, outputTopic, readInto(ledger), complete, stop)
    // It is waited for below, behind what may fail before.
    seen.catch(() => {})
    const recordAt = (index: number) => appendedRecord(ledger, PRIMING_RECORDS + index)
    try {
      await using feed = new SteadyFeed(cluster.transport, {
        topic: inputTopic,
        rate,
        records: offered,
        recordAt,
      })
      await runner.orFailure(Promise.race([feed.ended, seen]))
      published = true
      await runner.milestone('closed')
      const timer = setTimeout(() => overdue.abort(missing(ledger)), LAST_OUTPUTS_MS)
      await seen
      clearTimeout(timer)
    } finally {
      overdue.abort(new Error('the run has ended'))
    }
    return figuresOf(ledger.latencies)
  })
}

function appendedRecord(ledger: LatencyLedger, id: number): FilledRecord {
  const event = eventAt(id)
  const key = Buffer.from(event.user)
  const value = Buffer.from(JSON.stringify(event))
  ledger.appended(event, performance.now())
  return { partition: partitionFor(key, 0, key.length, PARTITIONS), timestamp: Date.now(), key, value }
}

const readInto =
  (ledger: LatencyLedger) =>
  ({ buffer, keyStart, keyEnd, valueStart, valueEnd }: RecordCursor, atMs: number): void => {
    const key = buffer.toString('utf8', keyStart, keyEnd)
    ledger.committed(key, buffer.subarray(valueStart, valueEnd), atMs)
  }

const missing = ({ outstanding }: LatencyLedger): Error =>
  new Error(`the runner has closed, and the outputs of ${outstanding} records are missing`)

const figuresOf = (latencies: readonly number[]): LatencyFigures => ({
  p50Ms: percentile(latencies, 50),
  p99Ms: percentile(latencies, 99),
  maxMs: percentile(latencies, 100),
})
