import type { BatchToProduce } from '../../../src/kafka/producer/produce-run.js'
import { RecordBatchBuilder } from '../../../src/kafka/records/record-batch-builder.js'
import { NO_HEADERS } from '../../../src/serdes/record-headers.js'

/** A batch with these values, for one partition. */
export function batchOf(topic: string, partition: number, ...values: string[]): BatchToProduce {
  const builder = new RecordBatchBuilder()
  for (const text of values) {
    const value = Buffer.from(text)
    builder.appendBytes(Date.now(), value, 0, -1, value, 0, value.length, NO_HEADERS)
  }
  return { topic, partition, builder }
}
