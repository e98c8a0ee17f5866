import { KafkaBroker } from '../src/testing/kafka-broker/index.js'
import { withApplication } from './bench-application.js'
import { BenchCluster } from './bench-cluster.js'
import { type Contender, contenders } from './contenders.js'
import { inputTopicOf, preload, tableRecords } from './input-topic.js'
import { measureRun } from './measured-run.js'
import type { BenchOptions } from './options.js'
import { difference, type PartitionResult } from './output-digest.js'
import { readOutput } from './output-topic.js'
import { figuresOf, type Run, table, type WorkloadReport } from './report.js'
import type { RunnerArguments } from './runner-protocol.js'
import type { Workload } from './workloads.js'

const BROKER_HEAP_MB = 1024

/** Tells how far the bench is. */
export type Progress = (line: string) => void

/** Runs the workloads asked for on a broker of their own, all contenders on the same input, one after the other. */
export async function bench(
  projectRoot: string,
  options: BenchOptions,
  signal: AbortSignal,
  progress: Progress,
): Promise<WorkloadReport[]> {
  const rivals = await contenders(projectRoot)
  progress('starting a broker')
  await using broker = await KafkaBroker.start({ heapMb: BROKER_HEAP_MB })
  await using cluster = new BenchCluster(broker.brokers)
  await preload(cluster, options.workloads, options.records, signal, progress)
  const setting = { cluster, brokerPid: broker.pid, rivals, options, signal, progress }
  const reports: WorkloadReport[] = []
  for (const workload of options.workloads) {
    const report = await benchWorkload(setting, workload)
    progress(`\n${table(report)}\n`)
    reports.push(report)
  }
  return reports
}

/** What all runs have in common. */
interface Setting {
  readonly cluster: BenchCluster
  readonly brokerPid: number
  readonly rivals: readonly Contender[]
  readonly options: BenchOptions
  readonly signal: AbortSignal
  readonly progress: Progress
}

async function benchWorkload(setting: Setting, workload: Workload): Promise<WorkloadReport> {
  const { rivals, options, progress } = setting
  const runs = new Map<string, Run[]>(rivals.map(({ name }) => [name, []]))
  let expected: readonly PartitionResult[] | undefined
  let resultsEqual = true
  for (let round = 1; round <= options.runs; round++) {
    for (const rival of rivals) {
      progress(`${workload}, run ${round} of ${options.runs}: ${rival.name}`)
      const { run, results } = await runOnce(setting, workload, rival)
      progress(`  ${Math.round(run.recordsPerSecond).toLocaleString('en-US')} records/s`)
      runs.get(rival.name)!.push(run)
      expected ??= results
      const differs = difference(expected, results)
      if (differs === undefined) continue
      resultsEqual = false
      progress(`  the results of ${rival.name} differ from those of ${rivals[0]!.name}: ${differs}`)
    }
  }
  return reportOf(setting, workload, runs, resultsEqual)
}

function reportOf(
  { rivals, options }: Setting,
  workload: Workload,
  runs: ReadonlyMap<string, readonly Run[]>,
  resultsEqual: boolean,
): WorkloadReport {
  const figures = (rival: Contender) => [rival.name, figuresOf(runs.get(rival.name)!)] as const
  return {
    workload,
    guarantee: options.guarantee,
    records: options.records,
    runs: options.runs,
    resultsEqual,
    millrace: figures(rivals.find((rival) => rival.ours)!)[1],
    kafkaStreams: new Map(rivals.filter((rival) => !rival.ours).map(figures)),
  }
}

/** One run with an application of its own. */
function runOnce({ cluster, brokerPid, options, signal }: Setting, workload: Workload, rival: Contender) {
  return withApplication(cluster, workload, async (application) => {
    const argument: RunnerArguments = {
      workload,
      guarantee: options.guarantee,
      brokers: cluster.brokers.join(','),
      inputTopic: inputTopicOf(workload),
      ...application,
      records: options.records + tableRecords(workload),
      cacheMaxBytes: rival.cacheMaxBytes,
      commitIntervalMs: null,
    }
    const measurement = await measureRun(cluster, brokerPid, rival.command, argument, signal)
    const { records, results } = await readOutput(cluster, application.outputTopic, workload, signal)
    return { run: { ...measurement, outputRecords: records }, results }
  })
}
