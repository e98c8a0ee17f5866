import { Producer } from '../src/kafka/producer/producer.js'
import { partitionFor } from '../src/kafka/records/partitioner.js'
import { RecordBatchBuilder } from '../src/kafka/records/record-batch-builder.js'
import { NO_HEADERS } from '../src/serdes/record-headers.js'
import type { BenchCluster } from './bench-cluster.js'
import { eventAt, PARTITIONS } from './workloads.js'

const TOPIC = 'bench-input'
const DAY_MS = 86_400_000
/** Records between two sends. */
const CHUNK = 50_000

/** Publishes the input: each partition's records in order of their timestamps. Gives the topic's name. */
export async function preload(
  cluster: BenchCluster,
  records: number,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<string> {
  progress(`publishing ${records.toLocaleString('en-US')} records`)
  await cluster.createTopic(TOPIC)
  const startOfToday = Math.floor(Date.now() / DAY_MS) * DAY_MS
  const producer = new Producer(cluster.transport, {})
  try {
    await producer.init()
    for (let from = 0; from < records; from += CHUNK) {
      signal.throwIfAborted()
      const to = Math.min(records, from + CHUNK)
      await producer.produce(batches(from, to, startOfToday))
    }
  } finally {
    producer.close()
  }
  return TOPIC
}

function batches(from: number, to: number, startOfToday: number) {
  const sealed: { topic: string; partition: number; builder: RecordBatchBuilder }[] = []
  const open = new Map<number, RecordBatchBuilder>()
  for (let id = from; id < to; id++) {
    const event = eventAt(id)
    const key = Buffer.from(event.user)
    const value = Buffer.from(JSON.stringify(event))
    const partition = partitionFor(key, 0, key.length, PARTITIONS)
    let builder = open.get(partition)
    if (builder === undefined || builder.full) {
      builder = new RecordBatchBuilder()
      open.set(partition, builder)
      sealed.push({ topic: TOPIC, partition, builder })
    }
    builder.appendBytes(startOfToday + id, key, 0, key.length, value, 0, value.length, NO_HEADERS)
  }
  return sealed
}
