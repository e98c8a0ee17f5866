import { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import { BenchCluster } from '../bench-cluster.js'
import type { MemoryOptions } from './memory-options.js'
import { type MemoryMeasurement, measureMemory } from './memory-run.js'
import { SITUATIONS } from './situations.js'
import type { StalledSinkMeasurement } from './stalled-sink.js'

const BROKER_HEAP_MB = 1024

/** Brings processes into each situation asked for, one after the other. */
export async function benchMemory(
  { situations, records }: MemoryOptions,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<MemoryMeasurement[]> {
  await using broker = await KafkaBroker.start({ heapMb: BROKER_HEAP_MB })
  await using cluster = new BenchCluster(broker.brokers)
  const measurements: MemoryMeasurement[] = []
  for (const name of situations) {
    const measurement = await measureMemory(cluster, name, records ?? SITUATIONS[name].records, signal)
    progress(memoryText(measurement))
    measurements.push(measurement)
  }
  return measurements
}

/** What the speed after a stall may be of that before. */
const LEAST_SPEED_AFTER = 0.8
/** What memory may grow by from the first to the second half of a stall. */
const MOST_GROWTH = 1.1

/** Whether a process stayed within its bound, and went on as before where its sink had stood still. */
export const isBounded = ({ peakRssMb, boundMb, sink }: MemoryMeasurement): boolean =>
  peakRssMb <= boundMb && (sink === undefined || isUnharmed(sink))

export const isUnharmed = (sink: StalledSinkMeasurement): boolean =>
  sink.difference === undefined &&
  sink.rssSecondHalfMb <= sink.rssFirstHalfMb * MOST_GROWTH &&
  sink.recordsPerSecondAfter >= sink.recordsPerSecondBefore * LEAST_SPEED_AFTER

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

function memoryText(measurement: MemoryMeasurement): string {
  const { situation, records, peakRssMb, configuredMb, boundMb, processedInStall, sink } = measurement
  const stall =
    processedInStall === undefined ? '' : `; in the stall intake stopped at ${whole(processedInStall)}`
  return (
    `${isBounded(measurement) ? 'within' : 'BEYOND'}: ${SITUATIONS[situation].title}, ${whole(records)} records: ` +
    `peak RSS ${whole(peakRssMb)} MB of ${whole(boundMb)} MB (configured ${whole(configuredMb)} MB)${stall}` +
    (sink === undefined ? '' : `; ${sinkText(sink)}`)
  )
}

const sinkText = (sink: StalledSinkMeasurement): string =>
  `held for ${whole(sink.heldMs / 1000)} s, in which ${whole(sink.committedInStall)} records were committed; RSS at most ` +
  `${whole(sink.rssFirstHalfMb)} MB in the first half of it and ${whole(sink.rssSecondHalfMb)} MB in the second; ` +
  `${whole(sink.recordsPerSecondBefore)} records/s before, ${whole(sink.recordsPerSecondAfter)} after; ` +
  `output ${sink.difference ?? 'as without the stall'}`
