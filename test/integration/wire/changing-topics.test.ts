import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Admin } from '../../../src/kafka/admin/admin.js'
import { TopicRecreatedError } from '../../../src/kafka/consumer/fetch-error.js'
import { Fetcher } from '../../../src/kafka/consumer/fetcher.js'
import { MessageTooLargeError } from '../../../src/kafka/producer/producer-errors.js'
import { batchOf } from '../../kafka/support/batches.js'
import { Cluster, unique } from '../../kafka/support/cluster.js'
import { testBroker } from '../../support/broker.js'
import { valuesOf } from '../../support/fetched-values.js'

for (const version of [1, 2] as const) {
  describe(`with transactions v${version}`, () => {
    const transactional = () => ({ transactionalId: unique('tx'), newestTransactionVersion: version })

    test('a batch that is too large aborts its transaction, and the next one goes through', async () => {
      await using broker = await testBroker()
      await using cluster = new Cluster(broker.brokers)
      const topic = await cluster.newTopic()
      const producer = await cluster.producer(transactional())
      const large = batchOf(topic, 0, 'x'.repeat(2_000_000))
      await assert.rejects(producer.produce([batchOf(topic, 0, 'before'), large]), (error) => {
        assert.ok(error instanceof MessageTooLargeError)
        assert.deepEqual([error.topic, error.partition], [topic, 0])
        return true
      })
      await producer.abort()
      await producer.produce([batchOf(topic, 0, 'after')])
      await producer.commit()
      assert.deepEqual(await cluster.valuesIn(topic), ['after'])
    })

    test('a topic that was deleted and created anew is written from its beginning', async () => {
      await using broker = await testBroker()
      await using cluster = new Cluster(broker.brokers)
      const admin = new Admin(cluster.transport)
      const topic = await cluster.newTopic()
      const producer = await cluster.producer(transactional())
      for (const value of ['old 1', 'old 2']) {
        await producer.produce([batchOf(topic, 0, value)])
        await producer.commit()
      }
      await admin.deleteTopics([topic])
      await admin.createTopics([{ topic, partitions: 1 }])
      for (const value of ['new 1', 'new 2']) {
        await producer.produce([batchOf(topic, 0, value)])
        await producer.commit()
      }
      assert.deepEqual(await cluster.valuesIn(topic), ['new 1', 'new 2'])
    })
  })
}

test('reading a topic that was created anew fails rather than going on at the old position', async () => {
  await using broker = await testBroker()
  await using cluster = new Cluster(broker.brokers)
  const admin = new Admin(cluster.transport)
  const topic = await cluster.newTopic()
  const producer = await cluster.producer({})
  for (const value of ['old 0', 'old 1']) await producer.produce([batchOf(topic, 0, value)])
  const fetcher = new Fetcher(cluster.transport, { isolation: 'read_committed' })
  fetcher.add(topic, 0, 0)
  assert.deepEqual(await valuesOf(fetcher, topic, 0, 2), ['old 0', 'old 1'])
  await admin.deleteTopics([topic])
  await admin.createTopics([{ topic, partitions: 1 }])
  for (const value of ['new 0', 'new 1', 'new 2', 'new 3']) await producer.produce([batchOf(topic, 0, value)])
  await assert.rejects(valuesOf(fetcher, topic, 0, 4), (error) => {
    assert.ok(error instanceof TopicRecreatedError, String(error))
    assert.deepEqual([error.topic, error.partition, error.offset], [topic, 0, 2])
    return true
  })
  fetcher.add(topic, 0, 0)
  assert.deepEqual(await valuesOf(fetcher, topic, 0, 4), ['new 0', 'new 1', 'new 2', 'new 3'])
  await fetcher.close()
})
