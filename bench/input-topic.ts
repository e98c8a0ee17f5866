import { partitionFor } from '../src/kafka/records/partitioner.js'
import type { BenchCluster } from './bench-cluster.js'
import { fillTopic } from './fill-topic.js'
import { eventAt, lateBy, PARTITIONS, type Workload } from './workloads.js'

/** An input: its topic, and how far each of its records lies behind its time. */
interface Input {
  readonly topic: string
  lateBy(id: number): number
}

const IN_ORDER: Input = { topic: 'bench-input', lateBy: () => 0 }
const OUT_OF_ORDER: Input = { topic: 'bench-input-out-of-order', lateBy }
const DAY_MS = 86_400_000

const inputOf = (workload: Workload): Input => (workload === 'session' ? OUT_OF_ORDER : IN_ORDER)

/** The topic that a workload reads. */
export const inputTopicOf = (workload: Workload): string => inputOf(workload).topic

/** Publishes what the workloads read. */
export async function preload(
  cluster: BenchCluster,
  workloads: readonly Workload[],
  records: number,
  signal: AbortSignal,
  progress: (line: string) => void,
  partitions = PARTITIONS,
): Promise<void> {
  for (const input of new Set(workloads.map(inputOf))) {
    progress(`publishing ${records.toLocaleString('en-US')} records to ${input.topic}`)
    await publish(cluster, input, records, signal, partitions)
  }
}

async function publish(
  cluster: BenchCluster,
  { topic, lateBy: behind }: Input,
  records: number,
  signal: AbortSignal,
  partitions: number,
): Promise<void> {
  await cluster.createTopic(topic, {}, partitions)
  const startOfToday = Math.floor(Date.now() / DAY_MS) * DAY_MS
  const recordAt = (id: number) => {
    const event = eventAt(id)
    const key = Buffer.from(event.user)
    const value = Buffer.from(JSON.stringify(event))
    const partition = partitionFor(key, 0, key.length, partitions)
    return { partition, timestamp: startOfToday + id - behind(id), key, value }
  }
  await fillTopic(cluster.transport, topic, records, recordAt, signal)
}
