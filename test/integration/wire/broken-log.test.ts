import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Fetcher } from '../../../src/kafka/consumer/fetcher.js'
import { CorruptRecordError } from '../../../src/kafka/records/record-batch-errors.js'
import {
  BATCH_LENGTH_AT,
  LOG_OVERHEAD_BYTES,
  MAGIC_AT,
} from '../../../src/kafka/records/record-batch-format.js'
import { RecordCursor } from '../../../src/kafka/records/record-cursor.js'
import type { KafkaBroker } from '../../../src/testing/kafka-broker/index.js'
import { batchOf } from '../../kafka/support/batches.js'
import { Cluster } from '../../kafka/support/cluster.js'
import { ownBroker } from '../../support/broker.js'

const FIRST_SEGMENT = '00000000000000000000.log'

/** Where each batch of a segment begins. */
const batchStarts = (segment: Buffer): number[] => {
  const starts: number[] = []
  for (let at = 0; at < segment.length; at += segment.readInt32BE(at + BATCH_LENGTH_AT) + LOG_OVERHEAD_BYTES)
    starts.push(at)
  return starts
}

/** What may become of the second of three batches on a disk. */
const DAMAGES: Readonly<Record<string, (segment: Buffer, start: number, end: number) => void>> = {
  'a flipped bit in a record': (segment, _, end) => {
    segment[end - 2]! ^= 1
  },
  'a flipped bit in a header': (segment, start) => {
    segment[start + 60]! ^= 1
  },
  'a length that is too small': (segment, start) => {
    segment.writeInt32BE(segment.readInt32BE(start + BATCH_LENGTH_AT) - 3, start + BATCH_LENGTH_AT)
  },
  'a message format that does not exist': (segment, start) => {
    segment[start + MAGIC_AT] = 9
  },
}

describe('a log that was damaged on its disk', () => {
  let dataDir: string
  let broker: KafkaBroker
  let cluster: Cluster
  const topics = new Map<string, string>()

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'millrace-damaged-'))
    broker = await ownBroker({ dataDir, heapMb: 512 })
    cluster = new Cluster(broker.brokers)
    const producer = await cluster.producer({})
    for (const damage of Object.keys(DAMAGES)) {
      const topic = await cluster.newTopic()
      topics.set(damage, topic)
      for (const value of ['first', 'second', 'third']) await producer.produce([batchOf(topic, 0, value)])
    }
    await broker.stop()
    for (const [damage, topic] of topics) {
      const file = join(dataDir, 'data', `${topic}-0`, FIRST_SEGMENT)
      const segment = await readFile(file)
      const [, start, end] = batchStarts(segment)
      DAMAGES[damage]!(segment, start!, end!)
      await writeFile(file, segment)
    }
    broker = await ownBroker({ dataDir, port: broker.port, heapMb: 512 })
  })

  after(async () => {
    await cluster?.[Symbol.asyncDispose]()
    await broker?.stop()
    await rm(dataDir, { recursive: true, force: true })
  })

  for (const damage of Object.keys(DAMAGES)) {
    test(`${damage} is reported with topic, partition and offset, behind the records before it`, async () => {
      const topic = topics.get(damage)!
      const fetcher = new Fetcher(cluster.transport, { isolation: 'read_committed' })
      const cursor = new RecordCursor()
      const values: string[] = []
      fetcher.add(topic, 0, 0)
      const read = async (): Promise<never> => {
        for (;;) {
          await fetcher.available()
          cursor.open(fetcher.take(topic, 0)!)
          while (cursor.next())
            values.push(cursor.buffer.toString('utf8', cursor.valueStart, cursor.valueEnd))
        }
      }
      await assert.rejects(read(), (error) => {
        assert.ok(error instanceof CorruptRecordError, String(error))
        assert.deepEqual([error.topic, error.partition, error.offset], [topic, 0, 1])
        assert.match(error.message, new RegExp(`^Corrupt record batch in ${topic}-0 at offset 1: `))
        return true
      })
      assert.deepEqual(values, ['first'])
      await fetcher.close()
    })
  }
})
