import { partitionFor } from '../src/kafka/records/partitioner.js'
import type { BenchCluster } from './bench-cluster.js'
import { type FilledRecord, fillTopic } from './fill-topic.js'
import { eventAt, lateBy, PARTITIONS, PROFILES_TOPIC, profiles, type Workload } from './workloads.js'

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

/** All topics that a workload reads whose events are in `inputTopic`. */
export const topicsRead = (workload: Workload, inputTopic: string): readonly string[] =>
  workload === 'join' ? [inputTopic, PROFILES_TOPIC] : [inputTopic]

/** How many records a workload reads beside its events. */
export const tableRecords = (workload: Workload): number => (workload === 'join' ? profiles().length : 0)

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
    await publishEvents(cluster, input, records, signal, partitions)
  }
  if (workloads.includes('join')) await publishProfiles(cluster, signal, partitions)
}

async function publishEvents(
  cluster: BenchCluster,
  { topic, lateBy: behind }: Input,
  records: number,
  signal: AbortSignal,
  partitions: number,
): Promise<void> {
  await cluster.createTopic(topic, {}, partitions)
  const start = startOfToday()
  const recordAt = (id: number) => recordOf(eventAt(id), start + id - behind(id), partitions)
  await fillTopic(cluster.transport, topic, records, recordAt, signal)
}

async function publishProfiles(
  cluster: BenchCluster,
  signal: AbortSignal,
  partitions: number,
): Promise<void> {
  await cluster.createTopic(PROFILES_TOPIC, {}, partitions)
  const rows = profiles()
  const start = startOfToday() - rows.length
  const recordAt = (index: number) => recordOf(rows[index]!, start + index, partitions)
  await fillTopic(cluster.transport, PROFILES_TOPIC, rows.length, recordAt, signal)
}

const startOfToday = (): number => Math.floor(Date.now() / DAY_MS) * DAY_MS

function recordOf(content: { readonly user: string }, timestamp: number, partitions: number): FilledRecord {
  const key = Buffer.from(content.user)
  const value = Buffer.from(JSON.stringify(content))
  return { partition: partitionFor(key, 0, key.length, partitions), timestamp, key, value }
}
