import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ResultsReader } from '../../src/demo/results/results-reader.js'
import { listOffsets } from '../../src/kafka/consumer/list-offsets.js'
import { Producer } from '../../src/kafka/producer/producer.js'
import { RecordBatchBuilder } from '../../src/kafka/records/record-batch-builder.js'
import { ResultTable } from '../../src/observe/dashboard/results/result-table.js'
import type { ResultFields } from '../../src/observe/dashboard/results/results-description.js'
import { json } from '../../src/serdes/json.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { string } from '../../src/serdes/string.js'
import { testBroker } from '../support/broker.js'
import { TopicClient } from '../support/topic-client.js'
import { uniqueName } from '../support/unique-name.js'

const PARTITIONS = 2

const results = (topic: string) => ({
  topic,
  key: string(),
  value: json(),
  fields: (_: unknown, value: unknown) => value as ResultFields,
  title: 'Busiest',
  row: 'airport',
  windowStart: 'start',
  lastHours: 2,
  columns: [],
})

const resultsOf = (airport: string): RecordBatchBuilder => {
  const builder = new RecordBatchBuilder()
  for (const start of [0, 3_600_000]) {
    const value = Buffer.from(JSON.stringify({ airport, start }))
    const key = Buffer.from(airport)
    builder.appendBytes(1_000, key, 0, key.length, value, 0, value.length, NO_HEADERS)
  }
  return builder
}

test('results of a transaction that has not been marked as ended yet are waited for, and then it stops', async () => {
  await using client = new TopicClient((await testBroker()).brokers)
  const { transport } = client
  const topic = uniqueName('results')
  await client.create(topic, PARTITIONS)
  const producer = new Producer(transport, { transactionalId: uniqueName('tx') })
  await producer.init()
  const table = new ResultTable(results(topic))
  const reader = new ResultsReader(transport, results(topic), PARTITIONS, table)
  const stopped = new AbortController()
  const running = reader.run(stopped.signal)
  // Then it knows where the topic ended before the results.
  await reader.caughtUp()
  await producer.produce(
    [...'AB'].map((airport, partition) => ({ topic, partition, builder: resultsOf(airport) })),
  )

  const caughtUp = reader.caughtUp().then(() => stopped.abort())
  // Answered behind the question for the ends, so that is asked while the transaction is open.
  await listOffsets(transport, [{ topic, partition: 0 }], 'latest', 'read_committed')
  assert.equal(table.windows, 0)
  await producer.commit()
  await caughtUp
  await running
  assert.equal(table.windows, 4)
  producer.close()
})
