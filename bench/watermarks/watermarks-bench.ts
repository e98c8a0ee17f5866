import { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import { withApplication } from '../bench-application.js'
import { BenchCluster } from '../bench-cluster.js'
import { inputTopicOf, preload } from '../input-topic.js'
import { measureRun, type RunMeasurement } from '../measured-run.js'
import { median } from '../median.js'
import { millraceCommand } from '../millrace-command.js'
import { difference, type PartitionResult } from '../output-digest.js'
import { readOutput } from '../output-topic.js'
import type { RunnerArguments } from '../runner-protocol.js'
import type { Workload } from '../workloads.js'
import type { WatermarksOptions } from './watermarks-options.js'

const BROKER_HEAP_MB = 1024
/** Of the CPU per million records without watermarks. */
const MOST_CPU = 1.1
const RUNNER = millraceCommand()

/** A run without watermarks and the one with them that followed. */
export interface WatermarksPair {
  readonly without: RunMeasurement
  readonly with: RunMeasurement
}

export interface WatermarksReport {
  readonly workload: Workload
  readonly records: number
  readonly disorderMs: number
  readonly pairs: readonly WatermarksPair[]
  /** Median of the pairs: CPU per record with watermarks, in that without. */
  readonly cpuRatio: number
  readonly resultsEqual: boolean
}

/** Drains the same topic with event time from the records and from watermarks, in turn. */
export async function benchWatermarks(
  options: WatermarksOptions,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<WatermarksReport[]> {
  const { workloads, records, disorder } = options
  await using broker = await KafkaBroker.start({ heapMb: BROKER_HEAP_MB })
  await using cluster = new BenchCluster(broker.brokers)
  await preload(cluster, workloads, records, signal, progress)
  const reports: WatermarksReport[] = []
  for (const workload of workloads) {
    const setting = { cluster, brokerPid: broker.pid, workload, records, signal }
    const pairs: WatermarksPair[] = []
    let resultsEqual = true
    for (let round = 1; round <= options.runs; round++) {
      const without = await runOnce(setting, null)
      const withThem = await runOnce(setting, disorder)
      pairs.push({ without: without.run, with: withThem.run })
      progress(`${workload}, run ${round} of ${options.runs}: ${pairText(pairs.at(-1)!)}`)
      const differs = difference(without.results, withThem.results)
      if (differs === undefined) continue
      resultsEqual = false
      progress(`  the results differ: ${differs}`)
    }
    const cpuRatio = median(pairs.map(ratioOf))
    reports.push({ workload, records, disorderMs: disorder, pairs, cpuRatio, resultsEqual })
    progress(
      `${workload}: ${cpuRatio.toFixed(3)} x CPU per record, median of ${pairs.length} pairs (at most ${MOST_CPU})`,
    )
  }
  return reports
}

/** Whether watermarks give the same results for hardly more CPU. */
export const isCheap = ({ cpuRatio, resultsEqual }: WatermarksReport): boolean =>
  resultsEqual && cpuRatio <= MOST_CPU

interface Setting {
  readonly cluster: BenchCluster
  readonly brokerPid: number
  readonly workload: Workload
  readonly records: number
  readonly signal: AbortSignal
}

/** @param disorderMs how far watermarks stay behind; null: there are none */
function runOnce(
  { cluster, brokerPid, workload, records, signal }: Setting,
  disorderMs: number | null,
): Promise<{ run: RunMeasurement; results: readonly PartitionResult[] }> {
  return withApplication(cluster, workload, async (application) => {
    const argument: RunnerArguments = {
      workload,
      guarantee: 'exactly_once',
      brokers: cluster.brokers.join(','),
      inputTopic: inputTopicOf(workload),
      ...application,
      records,
      cacheMaxBytes: null,
      commitIntervalMs: null,
      disorderMs,
    }
    const run = await measureRun(cluster, brokerPid, RUNNER, argument, signal)
    const { results } = await readOutput(cluster, application.outputTopic, workload, signal)
    return { run, results }
  })
}

const ratioOf = (pair: WatermarksPair): number =>
  pair.with.cpuSecondsPerMillion / pair.without.cpuSecondsPerMillion

const pairText = (pair: WatermarksPair): string =>
  `${pair.without.cpuSecondsPerMillion.toFixed(2)} CPU s/M without, ` +
  `${pair.with.cpuSecondsPerMillion.toFixed(2)} with watermarks: ${ratioOf(pair).toFixed(3)} x`
