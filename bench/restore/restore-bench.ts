import { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import { BenchCluster } from '../bench-cluster.js'
import { median } from '../median.js'
import { millraceCommand } from '../millrace-command.js'
import { kafkaStreamsRunner } from '../peers/kafka-streams/build.js'
import type { RunnerCommand } from '../runner-process.js'
import type { RestoreOptions } from './restore-options.js'
import { measureRestore, type RestoreMeasurement } from './restore-run.js'

const BROKER_HEAP_MB = 1024
const INPUT_TOPIC = 'bench-restore-input'

/** Medians of one side. */
export type RestoreFigures = RestoreMeasurement

/** Both sides' restore of the same changelog. */
export interface RestoreReport {
  readonly records: number
  readonly runs: number
  readonly millrace: RestoreFigures
  readonly kafkaStreams: RestoreFigures
}

/** Restores changelogs of the same records in Millrace and in Kafka Streams, in turn, on one broker. */
export async function benchRestore(
  projectRoot: string,
  { records, runs }: RestoreOptions,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<RestoreReport> {
  const sides: readonly (readonly [string, RunnerCommand])[] = [
    ['millrace', millraceCommand('restore-main.js')],
    ['kafka-streams', await kafkaStreamsRunner(projectRoot, 'RestoreRunner')],
  ]
  progress('starting a broker')
  await using broker = await KafkaBroker.start({ heapMb: BROKER_HEAP_MB })
  await using cluster = new BenchCluster(broker.brokers)
  await cluster.createTopic(INPUT_TOPIC)
  const measured = new Map<string, RestoreMeasurement[]>(sides.map(([name]) => [name, []]))
  for (let round = 1; round <= runs; round++) {
    for (const [name, command] of sides) {
      const run = await measureRestore(cluster, command, INPUT_TOPIC, records, signal)
      progress(`restore, run ${round} of ${runs}: ${name}, ${whole(run.recordsPerSecond)} records/s`)
      measured.get(name)!.push(run)
    }
  }
  return {
    records,
    runs,
    millrace: medians(measured.get('millrace')!),
    kafkaStreams: medians(measured.get('kafka-streams')!),
  }
}

function medians(runs: readonly RestoreMeasurement[]): RestoreFigures {
  const middle = (figure: (run: RestoreMeasurement) => number): number => median(runs.map(figure))
  return {
    recordsPerSecond: middle((run) => run.recordsPerSecond),
    cpuSeconds: middle((run) => run.cpuSeconds),
    peakRssMb: middle((run) => run.peakRssMb),
  }
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

/** The report for people, with the ratio of the rates. */
export function restoreText({ records, runs, millrace, kafkaStreams }: RestoreReport): string {
  const line = (name: string, { recordsPerSecond, cpuSeconds, peakRssMb }: RestoreFigures): string =>
    `${name.padEnd(14)} ${whole(recordsPerSecond).padStart(10)} records/s  ` +
    `${cpuSeconds.toFixed(1).padStart(6)} CPU s  ${whole(peakRssMb).padStart(6)} MB peak RSS`
  return [
    `restore of ${whole(records)} distinct keys of 100 bytes, medians of ${runs}`,
    line('millrace', millrace),
    line('kafka-streams', kafkaStreams),
    `millrace / kafka-streams: ${(millrace.recordsPerSecond / kafkaStreams.recordsPerSecond).toFixed(2)} x records/s`,
  ].join('\n')
}
