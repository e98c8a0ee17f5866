import { Fetcher } from '../../src/kafka/consumer/fetcher.js'
import { listOffsets } from '../../src/kafka/consumer/list-offsets.js'
import { loadCompressionOf } from '../../src/kafka/records/load-compression.js'
import { RecordCursor } from '../../src/kafka/records/record-cursor.js'
import { topicPartitionKey } from '../../src/kafka/topic-partition.js'
import { KafkaJsTransport } from '../../src/kafka/transport/kafkajs-transport.js'
import type { RecordHeaders } from '../../src/serdes/record-headers.js'

/** A record of a topic, with key and value as text; null where there is none. */
export interface TextRecord {
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: RecordHeaders
}

const text = (
  buffer: Buffer,
  start: number,
  end: number,
  encoding: BufferEncoding = 'utf8',
): string | null => (end < 0 ? null : buffer.toString(encoding, start, end))

/**
 * Hands every committed record that a topic holds now to a function, in order per partition.
 *
 * @param valueEncoding `latin1` where values are not text
 */
export const readTopic = async (
  brokers: readonly string[],
  topic: string,
  visit: (record: TextRecord) => void,
  valueEncoding?: BufferEncoding,
): Promise<void> => {
  const transport = new KafkaJsTransport({ brokers, clientId: 'test-reader' })
  const fetcher = new Fetcher(transport, { isolation: 'read_committed' })
  try {
    const described = await transport.metadata([topic])
    const partitions = described[0]!.partitions.map(({ partition }) => ({ topic, partition }))
    const starts = await listOffsets(transport, partitions, 'earliest', 'read_committed')
    // Not the last stable offset: it lags behind a transaction that has just been committed.
    const ends = await listOffsets(transport, partitions, 'latest', 'read_uncommitted')
    const cursor = new RecordCursor()
    const left = new Set<number>()
    for (const { partition } of partitions) {
      const key = topicPartitionKey(topic, partition)
      if (starts.get(key)! === ends.get(key)!) continue
      left.add(partition)
      fetcher.add(topic, partition, starts.get(key)!)
    }
    while (left.size > 0) {
      await fetcher.available()
      for (const partition of left) {
        const chunk = fetcher.take(topic, partition)
        if (chunk === undefined) continue
        await loadCompressionOf(chunk)
        cursor.open(chunk, 'read_committed')
        while (cursor.next()) {
          const { buffer, offset, timestamp } = cursor
          const key = text(buffer, cursor.keyStart, cursor.keyEnd)
          visit({
            partition,
            offset,
            timestamp,
            key,
            value: text(buffer, cursor.valueStart, cursor.valueEnd, valueEncoding),
            headers: cursor.headers,
          })
        }
        if (cursor.nextOffset >= ends.get(topicPartitionKey(topic, partition))!) left.delete(partition)
      }
    }
  } finally {
    await fetcher.close()
    await transport.close()
  }
}
