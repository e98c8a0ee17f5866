import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { commitOffsets, fetchCommittedOffsets } from '../../../src/kafka/group/committed-offsets.js'
import { ProducerError, ProducerFencedError } from '../../../src/kafka/producer/producer-errors.js'
import { topicPartitionKey } from '../../../src/kafka/topic-partition.js'
import { batchOf } from '../../kafka/support/batches.js'
import { Cluster, unique } from '../../kafka/support/cluster.js'
import { testBroker } from '../../support/broker.js'
import type { FaultRule, RequestSelector } from '../../support/fault-proxy/fault-rule.js'
import { FaultProxy } from '../../support/fault-proxy.js'
import type { ApiName } from '../../support/kafka-frames.js'

/** A client of the real broker behind a proxy that loses what a test says. */
class Scene implements AsyncDisposable {
  private constructor(
    readonly proxy: FaultProxy,
    readonly cluster: Cluster,
    readonly topic: string,
  ) {}

  static async open(): Promise<Scene> {
    const { brokers } = await testBroker()
    const proxy = await FaultProxy.start(brokers)
    const cluster = new Cluster(proxy.brokers)
    return new Scene(proxy, cluster, await cluster.newTopic())
  }

  async committedOffset(groupId: string): Promise<number | undefined> {
    const at = [{ topic: this.topic, partition: 0 }]
    const offsets = await fetchCommittedOffsets(this.cluster.transport, groupId, at, { requireStable: true })
    return offsets.get(topicPartitionKey(this.topic, 0))?.offset
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster[Symbol.asyncDispose]()
    await this.proxy[Symbol.asyncDispose]()
  }
}

type Lose = (proxy: FaultProxy, selector: RequestSelector) => FaultRule

const LOSSES: readonly (readonly [string, Lose])[] = [
  ['response', (proxy, selector) => proxy.loseResponse(selector)],
  ['request', (proxy, selector) => proxy.cut(selector)],
]

/** What goes over the wire in a transaction with offsets, by version. */
const TRANSACTION_APIS: Readonly<Record<1 | 2, readonly ApiName[]>> = {
  1: ['InitProducerId', 'AddPartitionsToTxn', 'Produce', 'AddOffsetsToTxn', 'TxnOffsetCommit', 'EndTxn'],
  2: ['InitProducerId', 'Produce', 'TxnOffsetCommit', 'EndTxn'],
}

const LOOKUP_APIS: readonly ApiName[] = ['FindCoordinator', 'Metadata', 'ApiVersions', 'OffsetFetch']

for (const version of [1, 2] as const) {
  describe(`with transactions v${version}`, () => {
    const transactional = () => ({ transactionalId: unique('tx'), newestTransactionVersion: version })

    for (const [what, lose] of LOSSES) {
      test(`a transaction is committed once, whichever ${what} of it is lost`, async () => {
        for (const api of [...TRANSACTION_APIS[version], ...LOOKUP_APIS]) {
          await using scene = await Scene.open()
          const { cluster, topic } = scene
          const { metadata: group } = await cluster.soleMember(topic)
          const lost = lose(scene.proxy, { api, times: 2 })
          cluster.transport.forgetLeaders(topic)
          const producer = await cluster.producer(transactional())
          await producer.produce([batchOf(topic, 0, 'a'), batchOf(topic, 0, 'b')])
          await producer.sendOffsets(group, [{ topic, partition: 0, offset: 1 }])
          await producer.commit()
          assert.equal(await scene.committedOffset(group.groupId), 1)
          await producer.produce([batchOf(topic, 0, 'c')])
          await producer.commit()
          assert.deepEqual(await cluster.valuesIn(topic), ['a', 'b', 'c'], api)
          // Two requests that were under way together may have been lost with one connection.
          assert(lost.fired > 0, api)
        }
      })
    }

    test('many batches of many partitions arrive in order, though requests and responses are lost', async () => {
      await using scene = await Scene.open()
      const { cluster, proxy } = scene
      const topic = await cluster.newTopic(3)
      const producer = await cluster.producer(transactional())
      // No more than five requests are under way at once, so the second loss comes when the first is being mended.
      const losses = [
        proxy.loseResponse({ api: 'Produce', after: 1 }),
        proxy.cut({ api: 'Produce', after: 6 }),
      ]
      const values = Array.from({ length: 30 }, (_, at) => `value ${at}`)
      const batches = values.map((value, at) => batchOf(topic, at % 3, value))
      await Promise.all([producer.produce(batches.slice(0, 15)), producer.produce(batches.slice(15))])
      await producer.commit()
      for (const partition of [0, 1, 2]) {
        assert.deepEqual(
          await cluster.valuesIn(topic, partition),
          values.filter((_, at) => at % 3 === partition),
        )
      }
      assert(losses.every(({ fired }) => fired > 0))
    })

    test('a record that is committed after a failed send is in the log, the one whose answer was lost is not', async () => {
      await using scene = await Scene.open()
      const { cluster, topic, proxy } = scene
      const producer = await cluster.producer({ ...transactional(), deliveryTimeoutMs: 500 })
      await producer.produce([batchOf(topic, 0, 'before')])
      await producer.commit()
      const lost = proxy.loseResponse({ api: 'Produce', times: Number.POSITIVE_INFINITY })
      await assert.rejects(producer.produce([batchOf(topic, 0, 'lost')]), ProducerError)
      lost.cancel()
      await producer.abort()
      const [produced] = await producer.produce([batchOf(topic, 0, 'kept')])
      await producer.commit()
      assert.deepEqual(await cluster.valuesIn(topic), ['before', 'kept'])
      const everything = await cluster.valuesIn(topic, 0, 'read_uncommitted')
      assert.deepEqual(everything, ['before', 'lost', 'kept'])
      assert(produced!.baseOffset > 1)
      assert(lost.fired > 0)
    })

    test('the outcome of an EndTxn without answer is found out: a commit is committed, an abort is aborted', async () => {
      await using scene = await Scene.open()
      const { cluster, topic, proxy } = scene
      const producer = await cluster.producer({ ...transactional(), requestTimeoutMs: 300 })
      const committed: string[] = []
      for (const [what, lose] of [
        ...LOSSES,
        ['silence', (_, selector) => proxy.loseResponse(selector, 'silence')],
      ] satisfies readonly (readonly [string, Lose])[]) {
        for (const ending of ['commit', 'abort'] as const) {
          const value = `${ending}, ${what} lost`
          await producer.produce([batchOf(topic, 0, value)])
          const lost = lose(proxy, { api: 'EndTxn', times: 2 })
          await producer[ending]()
          assert.equal(lost.fired, 2, value)
          if (ending === 'commit') committed.push(value)
        }
      }
      assert.deepEqual(await cluster.valuesIn(topic), committed)
    })

    test('an abort whose new identity is lost on the way leaves a producer that works', async () => {
      await using scene = await Scene.open()
      const { cluster, topic, proxy } = scene
      const producer = await cluster.producer(transactional())
      // Without anything added to the transaction there is no EndTxn: the identity comes from InitProducerId.
      const failing = proxy.cut({ api: version === 1 ? 'AddPartitionsToTxn' : 'Produce', times: Infinity })
      const failed = assert.rejects(producer.produce([batchOf(topic, 0, 'never sent')]), ProducerError)
      await failing.firstFired
      const lost = proxy.loseResponse({ api: version === 1 ? 'InitProducerId' : 'EndTxn', times: 2 })
      const recovered = producer.recover()
      failing.cancel()
      await failed
      await recovered
      assert.equal(lost.fired, 2)
      await producer.produce([batchOf(topic, 0, 'kept')])
      await producer.commit()
      assert.deepEqual(await cluster.valuesIn(topic), ['kept'])
    })

    test('a commit without answer that a successor has fenced is told as fenced, and its records are not there', async () => {
      await using scene = await Scene.open()
      const { cluster, topic, proxy } = scene
      const options = transactional()
      const producer = await cluster.producer(options)
      await producer.produce([batchOf(topic, 0, 'fenced')])
      const held = proxy.delayRequest({ api: 'EndTxn' })
      const commit = assert.rejects(producer.commit(), ProducerFencedError)
      await held.firstFired
      await using other = new Cluster((await testBroker()).brokers)
      const successor = await other.producer(options)
      held.release()
      await commit
      await assert.rejects(producer.recover(), ProducerFencedError)
      await successor.produce([batchOf(topic, 0, 'committed')])
      await successor.commit()
      assert.deepEqual(await cluster.valuesIn(topic), ['committed'])
      assert.equal(held.fired, 1)
    })
  })
}

test('without transactions, batches are acknowledged with their offsets, once each', async () => {
  await using scene = await Scene.open()
  const { cluster, topic, proxy } = scene
  const producer = await cluster.producer({})
  const lost = proxy.loseResponse({ api: 'Produce' })
  const results = await producer.produce([batchOf(topic, 0, 'a', 'b'), batchOf(topic, 0, 'c')])
  assert.deepEqual(
    results.map(({ baseOffset }) => baseOffset),
    [0, 2],
  )
  assert.deepEqual(await cluster.valuesIn(topic), ['a', 'b', 'c'])
  assert.equal(lost.fired, 1)
})

for (const [what, lose] of LOSSES) {
  test(`a member joins and commits offsets, whichever ${what} is lost`, async () => {
    for (const api of ['JoinGroup', 'SyncGroup', 'Heartbeat', 'OffsetCommit'] satisfies ApiName[]) {
      await using scene = await Scene.open()
      const lost = lose(scene.proxy, { api, times: 2 })
      const member = await scene.cluster.soleMember(scene.topic)
      await commitOffsets(scene.cluster.transport, member.metadata, [
        { topic: scene.topic, partition: 0, offset: 5 },
      ])
      if (api === 'Heartbeat') await lost.firstFired
      assert.equal(await scene.committedOffset(member.metadata.groupId), 5)
      assert.deepEqual(member.ownedPartitions, [{ topic: scene.topic, partition: 0 }])
      assert(lost.fired > 0, api)
    }
  })
}
