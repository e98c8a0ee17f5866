import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fetcher } from '../../../src/kafka/consumer/fetcher.js'
import type { BatchToProduce } from '../../../src/kafka/producer/produce-run.js'
import { RecordBatchBuilder } from '../../../src/kafka/records/record-batch-builder.js'
import { NO_HEADERS } from '../../../src/serdes/record-headers.js'
import { Cluster, unique } from '../../kafka/support/cluster.js'
import { ownBroker } from '../../support/broker.js'
import { valuesOf } from '../../support/fetched-values.js'
import { TopicClient } from '../../support/topic-client.js'
import { until } from '../../support/until.js'

const EAGER_CLEANER = { 'log.cleaner.backoff.ms': 50, 'log.cleaner.threads': 1 }
const COMPACTED_AT_ONCE = {
  'cleanup.policy': 'compact',
  'segment.ms': '50',
  'min.cleanable.dirty.ratio': '0.001',
  'min.compaction.lag.ms': '0',
  'delete.retention.ms': '0',
}

const KEYS = ['a', 'b', 'c', 'd', 'e']
const ROUNDS = 20

/** A batch of a record per key. */
const roundOf = (topic: string, keys: readonly string[], text: string): BatchToProduce => {
  const builder = new RecordBatchBuilder()
  for (const name of keys) {
    const [key, value] = [Buffer.from(name), Buffer.from(`${name} ${text}`)]
    builder.appendBytes(Date.now(), key, 0, key.length, value, 0, value.length, NO_HEADERS)
  }
  return { topic, partition: 0, builder }
}

test('a log with gaps is read to its end from wherever, with its latest records and no aborted one', async () => {
  await using broker = await ownBroker({ heapMb: 512, properties: EAGER_CLEANER })
  await using cluster = new Cluster(broker.brokers)
  await using client = new TopicClient(broker.brokers)
  const topic = unique('compacted')
  await client.create(topic, 1, COMPACTED_AT_ONCE)
  const producer = await cluster.producer({ transactionalId: unique('tx') })
  for (let round = 0; round < ROUNDS; round++) {
    await producer.produce([roundOf(topic, KEYS, `${round}`)])
    await (round % 2 === 0 ? producer.commit() : producer.abort())
  }
  const latest = KEYS.map((key) => `${key} ${ROUNDS - 2}`)
  const written = await cluster.stableEnd(topic, 0)
  assert.equal(written, ROUNDS * (KEYS.length + 1))

  // The segment that is written to is not compacted: each tick, under a key of its own, ends one.
  let ticks = 0
  await until('compaction has left only the latest of what was written', async () => {
    await producer.produce([roundOf(topic, [`tick ${ticks++}`], '')])
    await producer.commit()
    const records = await client.read(topic)
    return records.filter(({ offset }) => offset < written).length === KEYS.length
  })

  const records = await client.read(topic)
  assert.deepEqual(
    records.slice(0, KEYS.length).map(({ value }) => value),
    latest,
  )
  const end = await cluster.stableEnd(topic, 0)
  const firstKept = records[0]!.offset
  assert(firstKept > 0, 'nothing is left before the gap')
  for (const start of [0, 1, firstKept - 1, firstKept, firstKept + 2, firstKept + KEYS.length, end - 1]) {
    const fetcher = new Fetcher(cluster.transport, { isolation: 'read_committed' })
    fetcher.add(topic, 0, start)
    const expected = records.filter(({ offset }) => offset >= start).map(({ value }) => value)
    assert.deepEqual(await valuesOf(fetcher, topic, 0, end), expected, `from offset ${start}`)
    await fetcher.close()
  }
})
