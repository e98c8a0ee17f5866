import { Admin } from '../../src/kafka/admin/admin.js'
import { Fetcher } from '../../src/kafka/consumer/fetcher.js'
import { listOffsets } from '../../src/kafka/consumer/list-offsets.js'
import { Producer } from '../../src/kafka/producer/producer.js'
import type { IsolationLevel } from '../../src/kafka/records/fetched-chunk.js'
import { partitionFor } from '../../src/kafka/records/partitioner.js'
import { RecordBatchBuilder } from '../../src/kafka/records/record-batch-builder.js'
import { RecordCursor } from '../../src/kafka/records/record-cursor.js'
import { topicPartitionKey } from '../../src/kafka/topic-partition.js'
import { KafkaJsTransport } from '../../src/kafka/transport/kafkajs-transport.js'
import { NO_HEADERS, type RecordHeaders } from '../../src/serdes/record-headers.js'
import { string } from '../../src/serdes/string.js'

/** A record with a text key and value, as tests write and read it. */
export interface TextRecord {
  readonly key: string | null
  readonly value: string | null
  readonly timestamp: number
  readonly headers?: RecordHeaders
}

export interface ReadRecord extends TextRecord {
  readonly partition: number
  readonly offset: number
}

/** Writes and reads topics for tests of the runtime. */
export class TopicClient implements AsyncDisposable {
  readonly transport: KafkaJsTransport
  readonly admin: Admin

  constructor(readonly brokers: readonly string[]) {
    this.transport = new KafkaJsTransport({ brokers, clientId: 'topic-client' })
    this.admin = new Admin(this.transport)
  }

  async create(topic: string, partitions: number, configs: Record<string, string> = {}): Promise<void> {
    // Records of tests are of 1970: by the broker's clock they are past any retention.
    await this.admin.createTopics([{ topic, partitions, configs: { 'retention.ms': '-1', ...configs } }])
  }

  /** Writes records where Kafka's default partitioner puts their keys. */
  async write(topic: string, records: readonly TextRecord[]): Promise<void> {
    const [metadata] = await this.transport.metadata([topic])
    const open = metadata!.partitions.map(() => new RecordBatchBuilder())
    const batches: { topic: string; partition: number; builder: RecordBatchBuilder }[] = []
    const serde = string()
    for (const { key, value, timestamp, headers } of records) {
      const bytes = Buffer.from(key ?? '')
      const partition = key === null ? 0 : partitionFor(bytes, 0, bytes.length, open.length)
      if (open[partition]!.full) open[partition] = new RecordBatchBuilder()
      const builder = open[partition]!
      if (builder.count === 0) batches.push({ topic, partition, builder })
      builder.append(
        timestamp,
        bytes,
        0,
        key === null ? -1 : bytes.length,
        value,
        serde,
        headers ?? NO_HEADERS,
      )
    }
    const producer = new Producer(this.transport)
    await producer.init()
    await producer.produce(batches)
    producer.close()
  }

  /** All records of a topic as it is now, partition by partition. */
  async read(topic: string, isolation: IsolationLevel = 'read_committed'): Promise<ReadRecord[]> {
    const records: ReadRecord[] = []
    await this.visit(topic, isolation, (cursor, partition) => {
      const { offset, timestamp, headers, buffer } = cursor
      records.push({
        partition,
        offset,
        timestamp,
        headers,
        key: cursor.keyEnd < 0 ? null : buffer.toString('utf8', cursor.keyStart, cursor.keyEnd),
        value: cursor.valueEnd < 0 ? null : buffer.toString('utf8', cursor.valueStart, cursor.valueEnd),
      })
    })
    return records
  }

  /** Shows every record of a topic as it is now, partition by partition, where it was read. */
  async visit(
    topic: string,
    isolation: IsolationLevel,
    visit: (record: RecordCursor, partition: number) => void,
  ): Promise<void> {
    const [metadata] = await this.transport.metadata([topic])
    const partitions = metadata!.partitions.map(({ partition }) => ({ topic, partition }))
    const starts = await listOffsets(this.transport, partitions, 'earliest', isolation)
    // Not the last stable offset: it lags behind a transaction that has just been committed.
    const ends = await listOffsets(this.transport, partitions, 'latest', 'read_uncommitted')
    // All is there: nothing is to be waited for, at the end neither.
    const fetcher = new Fetcher(this.transport, { isolation, maxWaitMs: 10 })
    for (const { partition } of partitions) {
      const key = topicPartitionKey(topic, partition)
      await this.visitPartition(fetcher, topic, partition, starts.get(key)!, ends.get(key)!, isolation, visit)
    }
    await fetcher.close()
  }

  private async visitPartition(
    fetcher: Fetcher,
    topic: string,
    partition: number,
    start: number,
    end: number,
    isolation: IsolationLevel,
    visit: (record: RecordCursor, partition: number) => void,
  ): Promise<void> {
    const cursor = new RecordCursor()
    fetcher.add(topic, partition, start)
    for (let position = start; position < end; position = cursor.nextOffset) {
      let chunk = fetcher.take(topic, partition)
      while (chunk === undefined) {
        await fetcher.available()
        chunk = fetcher.take(topic, partition)
      }
      cursor.open(chunk, isolation)
      while (cursor.next()) {
        if (cursor.offset >= end) break
        visit(cursor, partition)
      }
    }
    fetcher.remove(topic, partition)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.transport.close()
  }
}
