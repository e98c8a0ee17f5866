import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CommitFencedError } from '../../src/kafka/group/commit-fenced-error.js'
import { fetchCommittedOffsets } from '../../src/kafka/group/committed-offsets.js'
import {
  ProducerError,
  ProducerFencedError,
  ProducerStateError,
} from '../../src/kafka/producer/producer-errors.js'
import { topicPartitionKey } from '../../src/kafka/topic-partition.js'
import { batchOf } from '../kafka/support/batches.js'
import { Cluster, unique } from '../kafka/support/cluster.js'
import { type RecordedMember, SpreadingAssignor } from '../kafka/support/recorded-member.js'
import { testBroker } from '../support/broker.js'

/** Defects of kafkajs 2.2.4 in exactly-once processing: here each is shown not to happen. */
for (const version of [1, 2] as const) {
  describe(`with transactions v${version}`, () => {
    const transactional = () => ({ transactionalId: unique('tx'), newestTransactionVersion: version })

    test('1: a record that is committed after a failed send is in the log', async () => {
      await using broker = await testBroker()
      await using cluster = new Cluster(broker.brokers)
      const topic = await cluster.newTopic()
      const producer = await cluster.producer({ ...transactional(), deliveryTimeoutMs: 500 })
      await producer.produce([batchOf(topic, 0, 'before')])
      await producer.commit()
      cluster.transport.loseResponses('Produce')
      await assert.rejects(producer.produce([batchOf(topic, 0, 'lost')]), ProducerError)
      cluster.transport.heal()
      await producer.abort()
      const [produced] = await producer.produce([batchOf(topic, 0, 'kept')])
      await producer.commit()
      assert.deepEqual(await cluster.valuesIn(topic), ['before', 'kept'])
      const everything = await cluster.valuesIn(topic, 0, 'read_uncommitted')
      assert.deepEqual(everything, ['before', 'lost', 'kept'])
      assert(produced!.baseOffset > 1)
    })

    test('2: reading committed never brings an aborted record', async () => {
      await using broker = await testBroker()
      await using cluster = new Cluster(broker.brokers)
      const topic = await cluster.newTopic()
      const first = await cluster.producer(transactional())
      const second = await cluster.producer(transactional())
      await first.produce([batchOf(topic, 0, 'aborted 1')])
      await second.produce([batchOf(topic, 0, 'aborted 2')])
      await first.produce([batchOf(topic, 0, 'aborted 3')])
      await second.abort()
      await first.abort()
      await second.produce([batchOf(topic, 0, 'committed 1')])
      await first.produce([zeroKeyed(topic, 'aborted, keyed like an abort marker')])
      await first.produce([batchOf(topic, 0, 'aborted 4')])
      await second.produce([zeroKeyed(topic, 'committed, keyed like an abort marker')])
      await first.abort()
      await second.commit()
      await first.produce([batchOf(topic, 0, 'committed 2')])
      await first.commit()
      assert.deepEqual(await cluster.valuesIn(topic), [
        'committed 1',
        'committed, keyed like an abort marker',
        'committed 2',
      ])
    })

    test('3: only a member of this generation commits offsets in a transaction', async () => {
      await using broker = await testBroker()
      await using cluster = new Cluster(broker.brokers)
      const topic = await cluster.newTopic()
      const producer = await cluster.producer(transactional())
      const member = await cluster.soleMember(topic)
      const current = member.metadata
      const { groupId } = current
      const at = (offset: number) => [{ topic, partition: 0, offset }]
      for (const outsider of [
        { groupId, generationId: 0, memberId: '' },
        { groupId, generationId: current.generationId, memberId: 'stranger' },
        { ...current, generationId: current.generationId - 1 },
        { ...current, groupInstanceId: 'unknown' },
      ]) {
        await producer.produce([batchOf(topic, 0, 'unfenced')])
        await assert.rejects(producer.sendOffsets(outsider, at(13)), CommitFencedError)
        await producer.abort()
      }
      const nobody = { groupId, generationId: -1, memberId: '' }
      await assert.rejects(producer.sendOffsets(nobody, at(13)), ProducerStateError)
      await producer.produce([batchOf(topic, 0, 'fenced')])
      await producer.sendOffsets(current, at(1))
      await producer.commit()
      const committed = await fetchCommittedOffsets(cluster.transport, groupId, at(0), {
        requireStable: true,
      })
      assert.equal(committed.get(topicPartitionKey(topic, 0))?.offset, 1)
      assert.deepEqual(await cluster.valuesIn(topic), ['fenced'])
    })

    test('4: committed offsets wait for a pending transaction', async () => {
      await using broker = await testBroker()
      await using cluster = new Cluster(broker.brokers)
      const topic = await cluster.newTopic()
      const producer = await cluster.producer(transactional())
      const { metadata: group } = await cluster.soleMember(topic)
      const at = (offset: number) => [{ topic, partition: 0, offset }]
      const committed = async (requireStable: boolean) => {
        const offsets = await fetchCommittedOffsets(cluster.transport, group.groupId, at(0), {
          requireStable,
        })
        return offsets.get(topicPartitionKey(topic, 0))?.offset
      }
      await producer.sendOffsets(group, at(1))
      await producer.commit()
      assert.equal(await committed(true), 1)
      await producer.sendOffsets(group, at(2))
      assert.equal(await committed(false), 1)
      let answered = false
      const stable = committed(true).finally(() => {
        answered = true
      })
      await cluster.transport.calls('OffsetFetch', 5)
      assert.equal(answered, false)
      await producer.commit()
      assert.equal(await stable, 2)
    })

    test('5: a failed end of a transaction leaves a producer that works', async () => {
      await using broker = await testBroker()
      await using cluster = new Cluster(broker.brokers)
      const topic = await cluster.newTopic()
      const options = transactional()
      const producer = await cluster.producer(options)
      for (const [at, fault] of (['loseRequests', 'loseResponses'] as const).entries()) {
        await producer.produce([batchOf(topic, 0, `committed ${at}`)])
        cluster.transport[fault]('EndTxn', 3)
        await producer.commit()
        await producer.produce([batchOf(topic, 0, `aborted ${at}`)])
        cluster.transport[fault]('EndTxn', 3)
        await producer.abort()
      }
      assert.deepEqual(await cluster.valuesIn(topic), ['committed 0', 'committed 1'])
      await producer.produce([batchOf(topic, 0, 'fenced')])
      const successor = await cluster.producer(options)
      await assert.rejects(producer.commit(), ProducerFencedError)
      await assert.rejects(producer.recover(), ProducerFencedError)
      await successor.produce([batchOf(topic, 0, 'committed 2')])
      await successor.commit()
      assert.deepEqual(await cluster.valuesIn(topic), ['committed 0', 'committed 1', 'committed 2'])
    })
  })
}

test('and rebalances are cooperative, with user data both ways', async () => {
  await using broker = await testBroker()
  await using cluster = new Cluster(broker.brokers)
  const topic = await cluster.newTopic(4)
  const groupId = unique('group')
  const member = (name: string): RecordedMember =>
    cluster.member({ groupId, topics: [topic], assignor: new SpreadingAssignor(topic, 4, name) })
  const [a, b] = [member('a'), member('b')]
  await a.member.join()
  await a.until(() => a.owned.length === 4)
  await b.member.join()
  await b.until(() => b.owned.length === 2)
  assert.deepEqual(
    a.events.filter((event) => /revoked|lost/.test(event)),
    [`revoked ${b.owned.join()}`],
  )
  assert.equal(b.told, 'a,b')
})

/** A batch of one record whose key is four zero bytes, as in an abort marker of an old format. */
function zeroKeyed(topic: string, text: string) {
  const batch = batchOf(topic, 0)
  const value = Buffer.from(text)
  batch.builder.appendBytes(Date.now(), Buffer.alloc(4), 0, 4, value, 0, value.length, [])
  return batch
}
