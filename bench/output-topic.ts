import { Fetcher } from '../src/kafka/consumer/fetcher.js'
import { RecordCursor } from '../src/kafka/records/record-cursor.js'
import { Signal } from '../src/runtime/signal.js'
import type { BenchCluster } from './bench-cluster.js'
import { outputDigest, type PartitionResult } from './output-digest.js'
import type { Workload } from './workloads.js'

/** What a run wrote. */
export interface Output {
  /** Committed records. */
  readonly records: number
  readonly results: readonly PartitionResult[]
}

const BUFFER_BYTES = 32 * 1024 * 1024
const WAIT_MS = 500

/** Reads an output topic, committed records only, one partition after the other. */
export async function readOutput(
  cluster: BenchCluster,
  topic: string,
  workload: Workload,
  signal: AbortSignal,
): Promise<Output> {
  const fetcher = new Fetcher(cluster.transport, { isolation: 'read_committed', bufferBytes: BUFFER_BYTES })
  try {
    const results: PartitionResult[] = []
    let records = 0
    for (const [partition, end] of (await cluster.endOffsets(topic)).entries()) {
      const digest = outputDigest(workload)
      records += await readPartition(fetcher, { topic, partition, end }, signal, (cursor) =>
        digest.add(cursor.buffer, cursor.keyStart, cursor.keyEnd, cursor.valueStart, cursor.valueEnd),
      )
      results.push(digest.result())
    }
    return { records, results }
  } finally {
    await fetcher.close()
  }
}

async function readPartition(
  fetcher: Fetcher,
  { topic, partition, end }: { topic: string; partition: number; end: number },
  signal: AbortSignal,
  read: (cursor: RecordCursor) => void,
): Promise<number> {
  const available = new Signal()
  const cursor = new RecordCursor()
  let records = 0
  let position = 0
  fetcher.onAvailable = () => available.notify()
  fetcher.add(topic, partition, position)
  while (position < end) {
    signal.throwIfAborted()
    const chunk = fetcher.take(topic, partition)
    if (chunk === undefined) {
      await available.wait(WAIT_MS)
      continue
    }
    cursor.open(chunk, 'read_committed')
    for (; cursor.next(); records++) read(cursor)
    position = cursor.nextOffset
  }
  fetcher.remove(topic, partition)
  return records
}
