import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Admin } from '../../src/kafka/admin/admin.js'
import { MissingPartitionError, OffsetOutOfRangeError } from '../../src/kafka/consumer/fetch-error.js'
import { Fetcher, type FetcherOptions } from '../../src/kafka/consumer/fetcher.js'
import { listOffsets } from '../../src/kafka/consumer/list-offsets.js'
import { Producer } from '../../src/kafka/producer/producer.js'
import { type Compression, ensureCompressionReady } from '../../src/kafka/records/compression/compression.js'
import { RecordBatchBuilder } from '../../src/kafka/records/record-batch-builder.js'
import { topicPartitionKey } from '../../src/kafka/topic-partition.js'
import { KafkaJsTransport } from '../../src/kafka/transport/kafkajs-transport.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { testBroker } from '../support/broker.js'
import { valuesOf } from '../support/fetched-values.js'
import { uniqueName } from '../support/unique-name.js'

const ZERO_KEY = Buffer.alloc(4)

const batchOf = (values: readonly string[], compression: Compression = 'none'): RecordBatchBuilder => {
  const builder = new RecordBatchBuilder({ compression })
  for (const text of values) {
    const value = Buffer.from(text)
    builder.appendBytes(1_000, ZERO_KEY, 0, ZERO_KEY.length, value, 0, value.length, NO_HEADERS)
  }
  return builder
}

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`)

describe('Fetcher on a real broker', () => {
  let transport: KafkaJsTransport
  let admin: Admin
  let producer: Producer

  before(async () => {
    transport = new KafkaJsTransport({ brokers: (await testBroker()).brokers })
    admin = new Admin(transport)
    producer = new Producer(transport)
    await producer.init()
    await ensureCompressionReady()
  })

  after(async () => {
    producer.close()
    await transport.close()
  })

  const createTopic = async (partitions: number, configs: Record<string, string> = {}): Promise<string> => {
    const topic = uniqueName('fetcher')
    // Records of tests are of 1970: by the broker's clock they are past any retention.
    const kept = { 'retention.ms': '-1', ...configs }
    await admin.createTopics([{ topic, partitions, replicationFactor: 1, configs: kept }])
    return topic
  }

  const write = (topic: string, partition: number, values: readonly string[], compression?: Compression) =>
    producer.produce([{ topic, partition, builder: batchOf(values, compression) }])

  const fetching = async (
    options: Partial<FetcherOptions>,
    run: (fetcher: Fetcher) => Promise<void>,
  ): Promise<void> => {
    const fetcher = new Fetcher(transport, { isolation: 'read_committed', ...options })
    try {
      await run(fetcher)
    } finally {
      await fetcher.close()
    }
  }

  test('brings several partitions in order, each from its position, and then what arrives later', async () => {
    const topic = await createTopic(4)
    for (let round = 0; round < 5; round++) {
      for (let partition = 0; partition < 4; partition++)
        await write(topic, partition, numbered(`${round}-`, 50))
    }
    await fetching({ maxPartitionBytes: 1024, maxBytes: 4096 }, async (fetcher) => {
      for (let partition = 0; partition < 4; partition++) fetcher.add(topic, partition, partition)
      const all = [0, 1, 2, 3, 4].flatMap((round) => numbered(`${round}-`, 50))
      for (let partition = 0; partition < 4; partition++) {
        assert.deepEqual(await valuesOf(fetcher, topic, partition, 250), all.slice(partition))
        assert.equal(fetcher.highWatermark(topic, partition), 250)
      }
      await write(topic, 2, ['later'])
      assert.deepEqual(await valuesOf(fetcher, topic, 2, 251), ['later'])
    })
  })

  test('follows a position that is set anew while fetches are under way', async () => {
    const topic = await createTopic(1)
    for (let batch = 0; batch < 20; batch++) await write(topic, 0, numbered(`${batch}-`, 10))
    await fetching({ maxPartitionBytes: 512 }, async (fetcher) => {
      for (const batch of [0, 15, 3, 19, 7]) {
        fetcher.add(topic, 0, batch * 10)
        assert.deepEqual(
          (await valuesOf(fetcher, topic, 0, batch * 10 + 10)).slice(0, 10),
          numbered(`${batch}-`, 10),
        )
      }
    })
  })

  test('reads batches of every compression', async () => {
    const topic = await createTopic(1)
    const compressions = ['gzip', 'snappy', 'lz4', 'zstd', 'none'] as const
    for (const compression of compressions) await write(topic, 0, numbered(compression, 20), compression)
    await fetching({}, async (fetcher) => {
      fetcher.add(topic, 0, 0)
      const expected = compressions.flatMap((compression) => numbered(compression, 20))
      assert.deepEqual(await valuesOf(fetcher, topic, 0, 100), expected)
    })
  })

  test('gives nothing of an open transaction until it is committed, and its end lies past the marker', async () => {
    const topic = await createTopic(1)
    const transactional = new Producer(transport, { transactionalId: uniqueName('tx') })
    await transactional.init()
    await write(topic, 0, ['before'])
    await transactional.produce([{ topic, partition: 0, builder: batchOf(['inside']) }])
    const at = [{ topic, partition: 0 }]
    const key = topicPartitionKey(topic, 0)
    assert.equal((await listOffsets(transport, at, 'latest', 'read_committed')).get(key), 1)
    assert.equal((await listOffsets(transport, at, 'latest', 'read_uncommitted')).get(key), 2)
    await fetching({}, async (fetcher) => {
      fetcher.add(topic, 0, 0)
      assert.deepEqual(await valuesOf(fetcher, topic, 0, 1), ['before'])
      assert.equal(fetcher.take(topic, 0), undefined)
      await transactional.commit()
      assert.deepEqual(await valuesOf(fetcher, topic, 0, 3), ['inside'])
    })
    transactional.close()
  })

  test('gets a batch of several megabytes through', async () => {
    const topic = await createTopic(2, { 'max.message.bytes': '6000000' })
    const large = 'x'.repeat(1_000_000)
    for (const partition of [0, 1]) {
      await write(topic, partition, [large, large, large, large])
      await write(topic, partition, ['after'])
    }
    await fetching({ maxPartitionBytes: 100_000, maxBytes: 100_000 }, async (fetcher) => {
      for (const partition of [0, 1]) fetcher.add(topic, partition, 0)
      for (const partition of [0, 1]) {
        const values = await valuesOf(fetcher, topic, partition, 5)
        assert.deepEqual(
          values.map((value) => value.length),
          [1e6, 1e6, 1e6, 1e6, 5],
        )
      }
    })
  })

  test('tells a position before the log start, and one past the log end, with the range', async () => {
    const topic = await createTopic(1)
    await write(topic, 0, numbered('v', 10))
    const starts = await admin.deleteRecords([{ topic, partition: 0, offset: 4 }])
    assert.deepEqual([...starts], [[topicPartitionKey(topic, 0), 4]])
    await fetching({}, async (fetcher) => {
      for (const offset of [2, 11]) {
        fetcher.add(topic, 0, offset)
        await fetcher.available()
        assert.throws(
          () => fetcher.take(topic, 0),
          (error) => {
            assert.ok(error instanceof OffsetOutOfRangeError)
            assert.equal(error.message, `offset ${offset} of ${topic}-0 is not in its log, 4 to 10`)
            return true
          },
        )
      }
      fetcher.add(topic, 0, 10)
      await write(topic, 0, ['next'])
      assert.deepEqual(await valuesOf(fetcher, topic, 0, 11), ['next'])
      assert.equal(fetcher.logStartOffset(topic, 0), 4)
    })
  })

  test('tells a topic that was deleted under it', async () => {
    const topic = await createTopic(1)
    await write(topic, 0, ['v'])
    await fetching({ missingAfterMs: 300 }, async (fetcher) => {
      fetcher.add(topic, 0, 0)
      await valuesOf(fetcher, topic, 0, 1)
      await admin.deleteTopics([topic])
      await fetcher.available()
      assert.throws(() => fetcher.take(topic, 0), MissingPartitionError)
    })
  })

  test('gives nothing of a paused partition while others go on', async () => {
    const topic = await createTopic(2)
    await fetching({}, async (fetcher) => {
      for (const partition of [0, 1]) fetcher.add(topic, partition, 0)
      fetcher.pause(topic, 0)
      for (const partition of [0, 1]) await write(topic, partition, ['v'])
      assert.deepEqual(await valuesOf(fetcher, topic, 1, 1), ['v'])
      assert.equal(fetcher.take(topic, 0), undefined)
      fetcher.resume(topic, 0)
      assert.deepEqual(await valuesOf(fetcher, topic, 0, 1), ['v'])
    })
  })

  test('closes during a long poll without waiting for it', async () => {
    const topic = await createTopic(1)
    const own = new KafkaJsTransport({ brokers: (await testBroker()).brokers })
    const fetcher = new Fetcher(own, { isolation: 'read_committed', maxWaitMs: 30_000 })
    fetcher.add(topic, 0, 0)
    const waiting = fetcher.available()
    await own.leaderOf(topic, 0)
    await fetcher.close()
    await waiting
    await own.close()
  })

  test('finds offsets by timestamp, and none where no record is that late', async () => {
    const topic = await createTopic(1)
    const builder = new RecordBatchBuilder()
    for (const timestamp of [100, 300, 200])
      builder.appendBytes(timestamp, ZERO_KEY, 0, 4, ZERO_KEY, 0, 4, NO_HEADERS)
    await producer.produce([{ topic, partition: 0, builder }])
    const offsetAt = async (at: 'earliest' | 'latest' | number) =>
      (await listOffsets(transport, [{ topic, partition: 0 }], at, 'read_uncommitted')).get(
        topicPartitionKey(topic, 0),
      )
    assert.deepEqual(
      [await offsetAt('earliest'), await offsetAt('latest'), await offsetAt(150), await offsetAt(301)],
      [0, 3, 1, undefined],
    )
  })
})
