import { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import { withApplication } from '../bench-application.js'
import { BenchCluster } from '../bench-cluster.js'
import { type Contender, contenders } from '../contenders.js'
import { inputTopicOf, preload } from '../input-topic.js'
import { measureRun } from '../measured-run.js'
import { median } from '../median.js'
import type { Guarantee } from '../workloads.js'
import type { LatencyWorkload } from './latency-ledger.js'
import type { LatencyOptions } from './latency-options.js'
import { type LatencyFigures, measureLatency } from './latency-run.js'

const BROKER_HEAP_MB = 1024
/** The offered rate: this share of what Kafka Streams drains. */
const SHARE_OF_DRAIN = 0.25

/** Both sides at the same offered rate: medians over the runs. */
export interface LatencyReport {
  readonly workload: LatencyWorkload
  readonly guarantee: Guarantee
  readonly rate: number
  readonly runs: number
  readonly millrace: LatencyFigures
  readonly kafkaStreams: LatencyFigures
}

/** What all runs have in common. */
interface Setting {
  readonly cluster: BenchCluster
  readonly brokerPid: number
  readonly millrace: Contender
  readonly kafkaStreams: Contender
  readonly options: LatencyOptions
  readonly signal: AbortSignal
  readonly progress: (line: string) => void
}

/** Measures how long records take in Millrace and in Kafka Streams, in turn, on one broker. */
export async function benchLatency(
  projectRoot: string,
  options: LatencyOptions,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<LatencyReport[]> {
  const [millrace, kafkaStreams] = await contenders(projectRoot)
  await using broker = await KafkaBroker.start({ heapMb: BROKER_HEAP_MB })
  await using cluster = new BenchCluster(broker.brokers)
  const setting: Setting = {
    cluster,
    brokerPid: broker.pid,
    millrace: millrace!,
    kafkaStreams: kafkaStreams!,
    options,
    signal,
    progress,
  }
  const { rate } = options
  const rates = rate === undefined ? await drainRates(setting) : undefined
  const reports: LatencyReport[] = []
  for (const workload of options.workloads) {
    for (const guarantee of options.guarantees) {
      const offered = rate ?? Math.round(rates!.get(`${workload} ${guarantee}`)! * SHARE_OF_DRAIN)
      const report = await benchOne(setting, workload, guarantee, offered)
      progress(`\n${latencyText(report)}\n`)
      reports.push(report)
    }
  }
  return reports
}

/** How fast Kafka Streams drains a topic with its defaults, once it has warmed up: over the second half. */
async function drainRates(setting: Setting): Promise<ReadonlyMap<string, number>> {
  const { cluster, brokerPid, kafkaStreams, options, signal, progress } = setting
  const records = options.drainRecords
  await preload(cluster, options.workloads, records, signal, progress)
  const rates = new Map<string, number>()
  for (const workload of options.workloads) {
    for (const guarantee of options.guarantees) {
      const run = await withApplication(cluster, workload, (application) => {
        const argument = {
          workload,
          guarantee,
          brokers: cluster.brokers.join(','),
          inputTopic: inputTopicOf(workload),
          ...application,
          records,
          cacheMaxBytes: null,
          commitIntervalMs: null,
        }
        return measureRun(cluster, brokerPid, kafkaStreams.command, argument, signal)
      })
      const rate = run.steadyRecordsPerSecond
      progress(`${workload}, ${guarantee}: ${kafkaStreams.name} drains ${whole(rate)} records/s`)
      rates.set(`${workload} ${guarantee}`, rate)
    }
  }
  return rates
}

async function benchOne(
  { cluster, millrace, kafkaStreams, options, signal, progress }: Setting,
  workload: LatencyWorkload,
  guarantee: Guarantee,
  rate: number,
): Promise<LatencyReport> {
  const { runs, warmUpSeconds, seconds } = options
  const measured = new Map<Contender, LatencyFigures[]>([
    [millrace, []],
    [kafkaStreams, []],
  ])
  for (let round = 1; round <= runs; round++) {
    for (const [{ name, command }, figures] of measured) {
      const run = { command, workload, guarantee, rate, warmUpSeconds, seconds }
      const latency = await measureLatency(cluster, run, signal)
      figures.push(latency)
      progress(`${workload}, ${guarantee}, run ${round} of ${runs}: ${line(name, latency)}`)
    }
  }
  const [ours, theirs] = [medians(measured.get(millrace)!), medians(measured.get(kafkaStreams)!)]
  return { workload, guarantee, rate, runs, millrace: ours, kafkaStreams: theirs }
}

function medians(runs: readonly LatencyFigures[]): LatencyFigures {
  const middle = (figure: (run: LatencyFigures) => number): number => median(runs.map(figure))
  return {
    p50Ms: middle((run) => run.p50Ms),
    p99Ms: middle((run) => run.p99Ms),
    maxMs: middle((run) => run.maxMs),
  }
}

/** Whether Millrace's records take no longer than Kafka Streams'. */
export const isQuick = ({ millrace, kafkaStreams }: LatencyReport): boolean =>
  millrace.p50Ms <= kafkaStreams.p50Ms && millrace.p99Ms <= kafkaStreams.p99Ms

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

const line = (name: string, { p50Ms, p99Ms, maxMs }: LatencyFigures): string =>
  `${name.padEnd(14)} p50 ${p50Ms.toFixed(1).padStart(7)} ms  p99 ${p99Ms.toFixed(1).padStart(7)} ms  ` +
  `longest ${maxMs.toFixed(1).padStart(7)} ms`

/** The report for people, with the ratios. */
export function latencyText(report: LatencyReport): string {
  const { workload, guarantee, rate, runs, millrace, kafkaStreams } = report
  const ratio = (ours: number, theirs: number): string => `${(ours / theirs).toFixed(2)} x`
  return [
    `${workload}, ${guarantee}, ${whole(rate)} records/s offered, append to commit, medians of ${runs}`,
    line('millrace', millrace),
    line('kafka-streams', kafkaStreams),
    `millrace / kafka-streams: p50 ${ratio(millrace.p50Ms, kafkaStreams.p50Ms)}, ` +
      `p99 ${ratio(millrace.p99Ms, kafkaStreams.p99Ms)}`,
  ].join('\n')
}
