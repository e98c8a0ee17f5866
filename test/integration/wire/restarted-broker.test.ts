import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Admin } from '../../../src/kafka/admin/admin.js'
import { Fetcher } from '../../../src/kafka/consumer/fetcher.js'
import { Producer } from '../../../src/kafka/producer/producer.js'
import { RecordBatchBuilder } from '../../../src/kafka/records/record-batch-builder.js'
import { RecordCursor } from '../../../src/kafka/records/record-cursor.js'
import { KafkaJsTransport } from '../../../src/kafka/transport/kafkajs-transport.js'
import { NO_HEADERS } from '../../../src/serdes/record-headers.js'
import { ownBroker } from '../../support/broker.js'

const TOPIC = 'restarted'

test('a fetcher goes on where it was when its broker comes back, and misses and repeats nothing', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-restart-'))
  let broker = await ownBroker({ dataDir, heapMb: 512 })
  const { port } = broker
  const transport = new KafkaJsTransport({ brokers: broker.brokers })
  const fetcher = new Fetcher(transport, { isolation: 'read_committed' })
  try {
    await new Admin(transport).createTopics([{ topic: TOPIC, partitions: 1 }])
    const producer = new Producer(transport)
    await producer.init()
    const write = async (text: string): Promise<void> => {
      const builder = new RecordBatchBuilder()
      const value = Buffer.from(text)
      builder.appendBytes(1, value, 0, -1, value, 0, value.length, NO_HEADERS)
      await producer.produce([{ topic: TOPIC, partition: 0, builder }])
    }
    const values: string[] = []
    const cursor = new RecordCursor()
    const readUntil = async (count: number): Promise<void> => {
      while (values.length < count) {
        await fetcher.available()
        cursor.open(fetcher.take(TOPIC, 0)!)
        while (cursor.next()) values.push(cursor.buffer.toString('utf8', cursor.valueStart, cursor.valueEnd))
      }
    }
    fetcher.add(TOPIC, 0, 0)
    await write('before')
    await readUntil(1)
    await broker.stop()
    broker = await ownBroker({ dataDir, port, heapMb: 512 })
    await write('after')
    await readUntil(2)
    assert.deepEqual(values, ['before', 'after'])
    producer.close()
  } finally {
    await fetcher.close()
    await transport.close()
    await broker.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
})
