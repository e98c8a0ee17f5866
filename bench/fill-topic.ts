import type { BatchToProduce } from '../src/kafka/producer/produce-run.js'
import { Producer } from '../src/kafka/producer/producer.js'
import { RecordBatchBuilder } from '../src/kafka/records/record-batch-builder.js'
import type { BrokerTransport } from '../src/kafka/transport/broker-transport.js'
import { NO_HEADERS, type RecordHeaders } from '../src/serdes/record-headers.js'

/** Records between two sends. */
const CHUNK = 50_000

/** A record of a topic that is filled; its bytes are copied. */
export interface FilledRecord {
  readonly partition: number
  readonly timestamp: number
  readonly key: Buffer
  readonly value: Buffer
  /** Default: none. */
  readonly headers?: RecordHeaders
}

/** Publishes records 0 to `count` - 1, each partition's in their order. `chunk`: records that are sent at once. */
export async function fillTopic(
  transport: BrokerTransport,
  topic: string,
  count: number,
  recordAt: (index: number) => FilledRecord,
  signal: AbortSignal,
  chunk = CHUNK,
): Promise<void> {
  const producer = new Producer(transport, {})
  try {
    await producer.init()
    for (let from = 0; from < count; from += chunk) {
      signal.throwIfAborted()
      await producer.produce(batchesOf(topic, from, Math.min(count, from + chunk), recordAt))
    }
  } finally {
    producer.close()
  }
}

/** Records `from` to `to` - 1 in batches, to be produced. */
export function batchesOf(
  topic: string,
  from: number,
  to: number,
  recordAt: (index: number) => FilledRecord,
): BatchToProduce[] {
  const sealed: BatchToProduce[] = []
  const open = new Map<number, RecordBatchBuilder>()
  for (let index = from; index < to; index++) {
    const { partition, timestamp, key, value, headers = NO_HEADERS } = recordAt(index)
    let builder = open.get(partition)
    if (builder === undefined || builder.full) {
      builder = new RecordBatchBuilder()
      open.set(partition, builder)
      sealed.push({ topic, partition, builder })
    }
    builder.appendBytes(timestamp, key, 0, key.length, value, 0, value.length, headers)
  }
  return sealed
}
