import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CommitFencedError } from '../../../src/kafka/group/commit-fenced-error.js'
import { commitOffsets, fetchCommittedOffsets } from '../../../src/kafka/group/committed-offsets.js'
import type { GroupMetadata } from '../../../src/kafka/group/group-metadata.js'
import {
  CommitRefusedError,
  ProducerFencedError,
  ProducerStateError,
} from '../../../src/kafka/producer/producer-errors.js'
import { topicPartitionKey } from '../../../src/kafka/topic-partition.js'
import { batchOf } from '../../kafka/support/batches.js'
import { Cluster, unique } from '../../kafka/support/cluster.js'
import { ownBroker, testBroker } from '../../support/broker.js'
import { until } from '../../support/until.js'

/** Transactions are looked at for their timeout ten times a second. */
const QUICK_TIMEOUTS = { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': 100 }

const committedOffset = async (cluster: Cluster, groupId: string, topic: string, requireStable = true) => {
  const offsets = await fetchCommittedOffsets(cluster.transport, groupId, [{ topic, partition: 0 }], {
    requireStable,
  })
  return offsets.get(topicPartitionKey(topic, 0))?.offset
}

/** A member in its second generation, and those who may not commit in its place: its former self first. */
const memberAndOutsiders = async (
  cluster: Cluster,
  topic: string,
): Promise<{ member: GroupMetadata; outsiders: GroupMetadata[] }> => {
  const joined = await cluster.soleMember(topic)
  const former = joined.metadata
  joined.requestRejoin()
  await until('the member has rejoined', () => {
    return joined.joined && joined.metadata.generationId > former.generationId
  })
  const member = joined.metadata
  const { groupId, generationId } = member
  const strangers = [
    { groupId, generationId: 0, memberId: '' },
    { groupId, generationId, memberId: 'stranger' },
    { ...member, groupInstanceId: 'unknown' },
  ]
  return { member, outsiders: [former, ...strangers] }
}

for (const version of [1, 2] as const) {
  describe(`with transactions v${version}`, () => {
    const transactional = () => ({ transactionalId: unique('tx'), newestTransactionVersion: version })

    test('only a member of this generation commits offsets in a transaction', async () => {
      await using broker = await testBroker()
      await using cluster = new Cluster(broker.brokers)
      const topic = await cluster.newTopic()
      const producer = await cluster.producer(transactional())
      const { member, outsiders } = await memberAndOutsiders(cluster, topic)
      const at = (offset: number) => [{ topic, partition: 0, offset }]
      for (const outsider of outsiders) {
        await producer.produce([batchOf(topic, 0, 'unfenced')])
        await assert.rejects(producer.sendOffsets(outsider, at(13)), CommitFencedError)
        await producer.abort()
      }
      const nobody = { groupId: member.groupId, generationId: -1, memberId: '' }
      await assert.rejects(producer.sendOffsets(nobody, at(13)), ProducerStateError)
      await producer.produce([batchOf(topic, 0, 'fenced')])
      await producer.sendOffsets(member, at(1))
      await producer.commit()
      assert.equal(await committedOffset(cluster, member.groupId, topic), 1)
      assert.deepEqual(await cluster.valuesIn(topic), ['fenced'])
    })

    test('a new owner waits for the transaction that the former one has pending, however it ends', async () => {
      await using broker = await testBroker()
      await using cluster = new Cluster(broker.brokers)
      const topic = await cluster.newTopic()
      const producer = await cluster.producer(transactional())
      const { metadata: former } = await cluster.soleMember(topic)
      const { groupId } = former
      const at = (offset: number) => [{ topic, partition: 0, offset }]
      await producer.sendOffsets(former, at(1))
      await producer.commit()
      assert.equal(await committedOffset(cluster, groupId, topic), 1)
      for (const [ending, offset, expected] of [
        ['commit', 2, 2],
        ['abort', 3, 2],
      ] as const) {
        await producer.sendOffsets(former, at(offset))
        assert.equal(await committedOffset(cluster, groupId, topic, false), offset - 1)
        let answered = false
        const stable = committedOffset(cluster, groupId, topic).finally(() => {
          answered = true
        })
        await cluster.transport.calls('OffsetFetch', 5)
        assert.equal(answered, false)
        await producer[ending]()
        assert.equal(await stable, expected)
      }
    })

    test('a second producer of the same transactional id fences the first, for good', async () => {
      await using broker = await testBroker()
      await using cluster = new Cluster(broker.brokers)
      const topic = await cluster.newTopic()
      const options = transactional()
      const first = await cluster.producer(options)
      await first.produce([batchOf(topic, 0, 'first')])
      const second = await cluster.producer(options)
      await assert.rejects(first.commit(), ProducerFencedError)
      await assert.rejects(first.recover(), ProducerFencedError)
      await second.produce([batchOf(topic, 0, 'second')])
      await second.commit()
      assert.deepEqual(await cluster.valuesIn(topic), ['second'])
    })
  })
}

test('only a member of this generation commits offsets outside of transactions', async () => {
  await using broker = await testBroker()
  await using cluster = new Cluster(broker.brokers)
  const topic = await cluster.newTopic()
  const { member, outsiders } = await memberAndOutsiders(cluster, topic)
  const { groupId } = member
  const at = (offset: number) => [{ topic, partition: 0, offset }]
  for (const outsider of [...outsiders, { groupId, generationId: -1, memberId: '' }]) {
    await assert.rejects(commitOffsets(cluster.transport, outsider, at(13)), CommitFencedError)
  }
  await commitOffsets(cluster.transport, member, at(1))
  assert.equal(await committedOffset(cluster, groupId, topic), 1)
})

test('a transaction that the broker has timed out is aborted: under v1 its producer is fenced', async () => {
  await using broker = await ownBroker({ features: { 'transaction.version': 1 }, properties: QUICK_TIMEOUTS })
  await using cluster = new Cluster(broker.brokers)
  const topic = await cluster.newTopic()
  const options = { transactionalId: unique('tx'), transactionTimeoutMs: 1_000 }
  const producer = await cluster.producer(options)
  const { producerEpoch } = producer.producer
  await producer.produce([batchOf(topic, 0, 'a')])
  await producer.commit()
  assert.equal(producer.producer.producerEpoch, producerEpoch)
  await producer.produce([batchOf(topic, 0, 'timed out')])
  assert.deepEqual(await cluster.valuesIn(topic), ['a'])
  await assert.rejects(producer.commit(), ProducerFencedError)
  await assert.rejects(producer.recover(), ProducerFencedError)
  const successor = await cluster.producer(options)
  await successor.produce([batchOf(topic, 0, 'b')])
  await successor.commit()
  assert.deepEqual(await cluster.valuesIn(topic), ['a', 'b'])
})

test('a transaction that the broker has timed out is aborted: under v2 its producer recovers', async () => {
  await using broker = await ownBroker({ properties: QUICK_TIMEOUTS })
  await using cluster = new Cluster(broker.brokers)
  const topic = await cluster.newTopic()
  const producer = await cluster.producer({ transactionalId: unique('tx'), transactionTimeoutMs: 1_000 })
  const { producerEpoch } = producer.producer
  await producer.produce([batchOf(topic, 0, 'a')])
  await producer.commit()
  assert.equal(producer.producer.producerEpoch, producerEpoch + 1)
  await producer.produce([batchOf(topic, 0, 'timed out')])
  assert.deepEqual(await cluster.valuesIn(topic), ['a'])
  await assert.rejects(producer.commit(), CommitRefusedError)
  await producer.recover()
  await producer.produce([batchOf(topic, 0, 'b')])
  await producer.commit()
  assert.deepEqual(await cluster.valuesIn(topic), ['a', 'b'])
})
