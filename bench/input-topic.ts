import { partitionFor } from '../src/kafka/records/partitioner.js'
import type { BenchCluster } from './bench-cluster.js'
import { fillTopic } from './fill-topic.js'
import { eventAt, PARTITIONS } from './workloads.js'

const TOPIC = 'bench-input'
const DAY_MS = 86_400_000

/** Publishes the input: each partition's records in order of their timestamps. Gives the topic's name. */
export async function preload(
  cluster: BenchCluster,
  records: number,
  signal: AbortSignal,
  progress: (line: string) => void,
  partitions = PARTITIONS,
): Promise<string> {
  progress(`publishing ${records.toLocaleString('en-US')} records`)
  await cluster.createTopic(TOPIC, {}, partitions)
  const startOfToday = Math.floor(Date.now() / DAY_MS) * DAY_MS
  const recordAt = (id: number) => {
    const event = eventAt(id)
    const key = Buffer.from(event.user)
    const value = Buffer.from(JSON.stringify(event))
    const partition = partitionFor(key, 0, key.length, partitions)
    return { partition, timestamp: startOfToday + id, key, value }
  }
  await fillTopic(cluster.transport, TOPIC, records, recordAt, signal)
  return TOPIC
}
