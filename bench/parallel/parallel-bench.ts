import { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import { BenchCluster } from '../bench-cluster.js'
import { preload } from '../input-topic.js'
import { median } from '../median.js'
import type { Workload } from '../workloads.js'
import type { ParallelOptions } from './parallel-options.js'
import {
  measureParallel,
  PARALLEL_PARTITIONS,
  type ParallelMeasurement,
  type Spread,
} from './parallel-run.js'

const BROKER_HEAP_MB = 1024
/** Both members of a group are there before its first tasks are given to anybody. */
const BROKER_PROPERTIES = { 'group.initial.rebalance.delay.ms': 3_000 }
/** Of one thread's CPU per million records. */
const MOST_CPU = 1.15

const SPREADS = {
  'one thread': { processes: 1, threads: 1 },
  'two threads': { processes: 1, threads: 2 },
  'two processes': { processes: 2, threads: 1 },
} as const satisfies Record<string, Spread>

type SpreadName = keyof typeof SPREADS
const NAMES = Object.keys(SPREADS) as SpreadName[]

/** One workload, spread in each way: medians over the runs. */
export interface ParallelReport {
  readonly workload: Workload
  readonly records: number
  readonly runs: number
  readonly figures: Readonly<Record<SpreadName, ParallelMeasurement>>
}

/** Drains the same topic of eight partitions with one thread, two threads and two processes, in turn. */
export async function benchParallel(
  { workloads, records, runs }: ParallelOptions,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<ParallelReport[]> {
  await using broker = await KafkaBroker.start({ heapMb: BROKER_HEAP_MB, properties: BROKER_PROPERTIES })
  await using cluster = new BenchCluster(broker.brokers)
  await preload(cluster, workloads, records, signal, progress, PARALLEL_PARTITIONS)
  const setting = { cluster, records, signal }
  const reports: ParallelReport[] = []
  for (const workload of workloads) {
    const measured = new Map<SpreadName, ParallelMeasurement[]>(NAMES.map((name) => [name, []]))
    for (let round = 1; round <= runs; round++) {
      for (const name of NAMES) {
        const run = await measureParallel(setting, workload, SPREADS[name])
        progress(`${workload}, run ${round} of ${runs}: ${line(name, run)}`)
        measured.get(name)!.push(run)
      }
    }
    const medianOf = (name: SpreadName) => [name, medians(measured.get(name)!)] as const
    const figures = Object.fromEntries(NAMES.map(medianOf)) as ParallelReport['figures']
    const report = { workload, records, runs, figures }
    progress(`\n${parallelText(report)}\n`)
    reports.push(report)
  }
  return reports
}

function medians(runs: readonly ParallelMeasurement[]): ParallelMeasurement {
  const middle = (figure: (run: ParallelMeasurement) => number): number => median(runs.map(figure))
  return {
    recordsPerSecond: middle((run) => run.recordsPerSecond),
    cpuSecondsPerMillion: middle((run) => run.cpuSecondsPerMillion),
    steadyCpuSecondsPerMillion: middle((run) => run.steadyCpuSecondsPerMillion),
    peakRssMb: middle((run) => run.peakRssMb),
    outputRecords: middle((run) => run.outputRecords),
  }
}

/** Whether threads and processes take hardly more CPU for a record than one thread does. */
export const isEven = ({ figures }: ParallelReport): boolean =>
  NAMES.every((name) => ratio(figures, name, 'cpuSecondsPerMillion') <= MOST_CPU)

const ratio = (
  figures: ParallelReport['figures'],
  name: SpreadName,
  figure: 'cpuSecondsPerMillion' | 'steadyCpuSecondsPerMillion',
): number => figures[name][figure] / figures['one thread'][figure]

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

const line = (name: SpreadName, run: ParallelMeasurement): string =>
  `${name.padEnd(13)} ${whole(run.recordsPerSecond).padStart(9)} records/s  ` +
  `${run.cpuSecondsPerMillion.toFixed(2)} CPU s/M (second half ${run.steadyCpuSecondsPerMillion.toFixed(2)})  ` +
  `${whole(run.peakRssMb)} MB peak RSS  ${whole(run.outputRecords)} output records`

/** The report for people, with the ratios to one thread. */
export function parallelText({ workload, records, runs, figures }: ParallelReport): string {
  const ratios = NAMES.slice(1).map(
    (name) =>
      `${name} / one thread: ${ratio(figures, name, 'cpuSecondsPerMillion').toFixed(2)} x CPU per record ` +
      `(second half ${ratio(figures, name, 'steadyCpuSecondsPerMillion').toFixed(2)} x; at most ${MOST_CPU})`,
  )
  return [
    `${workload}, ${whole(records)} records in ${PARALLEL_PARTITIONS} partitions, medians of ${runs}`,
    ...NAMES.map((name) => line(name, figures[name])),
    ...ratios,
  ].join('\n')
}
