import { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import { BenchCluster } from '../bench-cluster.js'
import type { RunMeasurement } from '../measured-run.js'
import { median } from '../median.js'
import { casesOf, type ScalingCase } from './scaling-cases.js'
import type { ScalingOptions } from './scaling-options.js'
import { measureCase } from './scaling-run.js'

const BROKER_HEAP_MB = 1024

/** A case and what it gave: medians over the runs. */
export interface ScalingResult extends ScalingCase {
  readonly recordsPerSecond: number
  readonly cpuSecondsPerMillion: number
  readonly maxRssMb: number
  readonly loopDelayP99Ms: number
}

/** Measures how the cost of a record changes with keys, sizes of values, partitions and headers. */
export async function benchScaling(
  { axes, limits, runs }: ScalingOptions,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<ScalingResult[]> {
  await using broker = await KafkaBroker.start({ heapMb: BROKER_HEAP_MB })
  await using cluster = new BenchCluster(broker.brokers)
  const results: ScalingResult[] = []
  for (const each of casesOf(axes, limits)) {
    const measured: RunMeasurement[] = []
    for (let run = 1; run <= runs; run++) {
      measured.push(await measureCase(cluster, broker.pid, each, signal))
    }
    const result = { ...each, ...medians(measured) }
    progress(
      `${each.axis} ${whole(each.size)}, ${whole(each.records)} records: ` +
        `${whole(result.recordsPerSecond)} records/s, ${result.cpuSecondsPerMillion.toFixed(2)} CPU s/M`,
    )
    results.push(result)
  }
  return results
}

function medians(runs: readonly RunMeasurement[]) {
  const middle = (figure: (run: RunMeasurement) => number): number => median(runs.map(figure))
  return {
    recordsPerSecond: middle((run) => run.recordsPerSecond),
    cpuSecondsPerMillion: middle((run) => run.cpuSecondsPerMillion),
    maxRssMb: middle((run) => run.maxRssMb),
    loopDelayP99Ms: middle((run) => run.loopDelayP99Ms!),
  }
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
