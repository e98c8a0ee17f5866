import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fetchCommittedOffsets } from '../../src/kafka/group/committed-offsets.js'
import { batchOf } from '../kafka/support/batches.js'
import { Cluster, unique } from '../kafka/support/cluster.js'
import { testBroker } from '../support/broker.js'

for (const version of [1, 2] as const) {
  describe(`transactions v${version}`, () => {
    const transactional = () => ({ transactionalId: unique('tx'), newestTransactionVersion: version })

    test('committed records are there, aborted ones are not, whatever the order', async () => {
      await using broker = await testBroker()
      await using cluster = new Cluster(broker.brokers)
      const topic = await cluster.newTopic()
      const producer = await cluster.producer(transactional())
      for (let round = 0; round < 6; round++) {
        await producer.produce([batchOf(topic, 0, `${round}a`, `${round}b`), batchOf(topic, 0, `${round}c`)])
        await (round % 3 === 1 ? producer.abort() : producer.commit())
      }
      const rounds = [0, 2, 3, 5]
      assert.deepEqual(
        await cluster.valuesIn(topic),
        rounds.flatMap((round) => [`${round}a`, `${round}b`, `${round}c`]),
      )
    })

    test('offsets of an open transaction are not to be seen, after the commit they are, with their metadata', async () => {
      await using broker = await testBroker()
      await using cluster = new Cluster(broker.brokers)
      const topic = await cluster.newTopic()
      const { metadata: group } = await cluster.soleMember(topic)
      const { groupId } = group
      const producer = await cluster.producer(transactional())
      const at = (offset: number) => [{ topic, partition: 0, offset, metadata: `at ${offset}` }]
      const committed = () =>
        fetchCommittedOffsets(cluster.transport, groupId, [{ topic, partition: 0 }], { requireStable: false })
      await producer.sendOffsets(group, at(5))
      assert.equal((await committed()).size, 0)
      await producer.commit()
      const stable = await fetchCommittedOffsets(cluster.transport, groupId, [{ topic, partition: 0 }], {
        requireStable: true,
      })
      assert.deepEqual([...stable.values()], [{ offset: 5, metadata: 'at 5' }])
      await producer.sendOffsets(group, at(6))
      await producer.abort()
      assert.deepEqual([...(await committed()).values()], [{ offset: 5, metadata: 'at 5' }])
    })
  })
}
