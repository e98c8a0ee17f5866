import { Producer } from '../../src/kafka/producer/producer.js'
import { RecordBatchBuilder } from '../../src/kafka/records/record-batch-builder.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import type { TopicClient } from './topic-client.js'

/** A record as bytes. */
export interface RawRecord {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

const TIMESTAMP = 1000

/** Writes records of one partition, in order, whatever their keys. */
export async function writeRaw(
  client: TopicClient,
  topic: string,
  partition: number,
  records: readonly RawRecord[],
): Promise<void> {
  const builder = new RecordBatchBuilder()
  records.forEach(({ key, value }, at) => {
    const [keyBytes, valueBytes] = [Buffer.from(key), Buffer.from(value)]
    builder.appendBytes(
      TIMESTAMP + at,
      keyBytes,
      0,
      keyBytes.length,
      valueBytes,
      0,
      valueBytes.length,
      NO_HEADERS,
    )
  })
  const producer = new Producer(client.transport)
  await producer.init()
  await producer.produce([{ topic, partition, builder }])
  producer.close()
}
