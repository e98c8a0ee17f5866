import { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import { BenchCluster } from '../bench-cluster.js'
import type { MemoryOptions } from './memory-options.js'
import { type MemoryMeasurement, measureMemory } from './memory-run.js'
import { SITUATIONS } from './situations.js'

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

/** Whether a process stayed within its bound. */
export const isBounded = ({ peakRssMb, boundMb }: MemoryMeasurement): boolean => peakRssMb <= boundMb

function memoryText(measurement: MemoryMeasurement): string {
  const { situation, records, peakRssMb, configuredMb, boundMb, processedInStall } = measurement
  const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
  const stall =
    processedInStall === undefined ? '' : `; in the stall intake stopped at ${whole(processedInStall)}`
  return (
    `${isBounded(measurement) ? 'within' : 'BEYOND'}: ${SITUATIONS[situation].title}, ${whole(records)} records: ` +
    `peak RSS ${whole(peakRssMb)} MB of ${whole(boundMb)} MB (configured ${whole(configuredMb)} MB)${stall}`
  )
}
