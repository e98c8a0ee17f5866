import { setTimeout as after } from 'node:timers/promises'
import { type AsyncOrder, KafkaStreams, StreamsBuilder, string, type Topology } from '../../src/index.js'
import { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import { type BenchApplication, withApplication } from '../bench-application.js'
import { BenchCluster } from '../bench-cluster.js'
import { fillTopic } from '../fill-topic.js'
import { median } from '../median.js'
import type { AsyncBenchOptions } from './async-options.js'

const BROKER_HEAP_MB = 1024
const INPUT_TOPIC = 'bench-async-input'
const KEYS = 10_000
const ORDERS: readonly AsyncOrder[] = ['input', 'key', 'none']
/** What one thread has to pass, ordered by key, with calls of 20 ms and a capacity of 200. */
const LEAST_PER_SECOND = 5_000

/** How one order did, medians of the runs. */
export interface AsyncMeasurement {
  readonly order: AsyncOrder
  readonly recordsPerSecond: number
  readonly cpuSecondsPerMillion: number
}

type Run = Omit<AsyncMeasurement, 'order'>

/** Passes records through `mapValuesAsync` in one task of one thread, exactly once; each call is a timer. */
export async function benchAsync(
  options: AsyncBenchOptions,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<readonly AsyncMeasurement[]> {
  const { records, runs, latency, capacity } = options
  progress('starting a broker')
  await using broker = await KafkaBroker.start({ heapMb: BROKER_HEAP_MB })
  await using cluster = new BenchCluster(broker.brokers)
  await cluster.createTopic(INPUT_TOPIC, {}, 1)
  await fillTopic(cluster.transport, INPUT_TOPIC, records, recordAt, signal)
  const measured = new Map<AsyncOrder, Run[]>(ORDERS.map((order) => [order, []]))
  for (let round = 1; round <= runs; round++) {
    for (const order of ORDERS) {
      const run = await withApplication(
        cluster,
        'async',
        (application) => measure(cluster, application, order, options, signal),
        1,
      )
      progress(
        `async, order ${order}, ${latency} ms, capacity ${capacity}, run ${round} of ${runs}: ` +
          `${Math.round(run.recordsPerSecond)} records/s, ${run.cpuSecondsPerMillion.toFixed(1)} CPU s per million`,
      )
      measured.get(order)!.push(run)
    }
  }
  return ORDERS.map((order) => {
    const middle = (figure: (run: Run) => number): number => median(measured.get(order)!.map(figure))
    return {
      order,
      recordsPerSecond: middle((run) => run.recordsPerSecond),
      cpuSecondsPerMillion: middle((run) => run.cpuSecondsPerMillion),
    }
  })
}

/** Whether what is asked for was reached, ordered by key; it is of the default latency and capacity. */
export const isFastEnough = ({ order, recordsPerSecond }: AsyncMeasurement): boolean =>
  order !== 'key' || recordsPerSecond >= LEAST_PER_SECOND

/** From the first commit to the last, with the CPU time of the process: calls cost some of it, too. */
async function measure(
  cluster: BenchCluster,
  { applicationId, outputTopic, stateDir }: BenchApplication,
  order: AsyncOrder,
  { records, latency, capacity }: AsyncBenchOptions,
  signal: AbortSignal,
): Promise<Run> {
  const topology = askingTopology(outputTopic, order, latency, capacity)
  await using streams = new KafkaStreams(topology, { applicationId, stateDir, brokers: [...cluster.brokers] })
  await streams.start()
  const processed = async (done: () => boolean): Promise<void> => {
    while (!done()) await after(5, undefined, { signal })
  }
  await processed(() => streams.metrics().outputRecords > 0)
  const begun = { at: performance.now(), cpu: process.cpuUsage(), records: streams.metrics().outputRecords }
  await processed(() => streams.metrics().outputRecords >= records)
  const seconds = (performance.now() - begun.at) / 1000
  const { user, system } = process.cpuUsage(begun.cpu)
  const count = records - begun.records
  return { recordsPerSecond: count / seconds, cpuSecondsPerMillion: (user + system) / count }
}

function askingTopology(output: string, order: AsyncOrder, latency: number, capacity: number): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream(INPUT_TOPIC, { key: string(), value: string() })
    .mapValuesAsync((value) => after(latency, value), { order, capacity })
    .to(output, { value: string() })
  return builder.build()
}

/** Keys come by chance, so that some are asked about while they are in flight. */
function keyAt(index: number): number {
  const mixed = Math.imul(index ^ (index >>> 16) ^ 0x9e3779b9, 0x85ebca6b)
  return (Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> 8) % KEYS
}

const recordAt = (index: number) => ({
  partition: 0,
  timestamp: 1_700_000_000_000 + index,
  key: Buffer.from(`user-${keyAt(index)}`),
  value: Buffer.from(`${index} `.padEnd(90, 'x')),
})
