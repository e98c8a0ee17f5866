import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fetcher } from '../../../src/kafka/consumer/fetcher.js'
import { ProduceFailedError } from '../../../src/kafka/producer/producer-errors.js'
import { KafkaJsTransport } from '../../../src/kafka/transport/kafkajs-transport.js'
import { batchOf } from '../../kafka/support/batches.js'
import { Cluster, unique } from '../../kafka/support/cluster.js'
import { SpreadingAssignor } from '../../kafka/support/recorded-member.js'
import { testBroker } from '../../support/broker.js'
import { FaultProxy } from '../../support/fault-proxy.js'
import { valuesOf } from '../../support/fetched-values.js'
import type { ApiName } from '../../support/kafka-frames.js'

const REQUEST_TIMEOUT_MS = 300
const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `value ${index}`)

/** A proxy in front of the real broker, and a client behind it. */
const open = async (): Promise<{ proxy: FaultProxy; cluster: Cluster } & AsyncDisposable> => {
  const proxy = await FaultProxy.start((await testBroker()).brokers)
  const cluster = new Cluster(proxy.brokers)
  const close = async (): Promise<void> => {
    await cluster[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
  }
  return { proxy, cluster, [Symbol.asyncDispose]: close }
}

for (const version of [1, 2] as const) {
  describe(`with transactions v${version}`, () => {
    const impatient = () => ({
      transactionalId: unique('tx'),
      newestTransactionVersion: version,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
    })

    test('a transaction goes on beside a connection that is half-open', async () => {
      for (const api of ['Produce', 'TxnOffsetCommit', 'EndTxn'] satisfies ApiName[]) {
        await using scene = await open()
        const { cluster, proxy } = scene
        const topic = await cluster.newTopic()
        const { metadata: group } = await cluster.soleMember(topic)
        const producer = await cluster.producer(impatient())
        const halfOpen = proxy.halfOpen({ api })
        await producer.produce([batchOf(topic, 0, 'a'), batchOf(topic, 0, 'b')])
        await producer.sendOffsets(group, [{ topic, partition: 0, offset: 1 }])
        await producer.commit()
        assert.deepEqual(await cluster.valuesIn(topic), ['a', 'b'])
        assert.equal(halfOpen.fired, 1, api)
      }
    })

    test('batches that were given up and arrive after the commit are in the log once and in order', async () => {
      await using scene = await open()
      const { cluster, proxy } = scene
      const topic = await cluster.newTopic()
      const producer = await cluster.producer(impatient())
      await producer.produce([batchOf(topic, 0, 'first')])
      const late = proxy.delayRequest({ api: 'Produce' })
      const values = numbered(10)
      await producer.produce(values.map((value) => batchOf(topic, 0, value)))
      await producer.commit()
      assert.equal(late.fired, 1)
      late.release()
      await producer.produce([batchOf(topic, 0, 'last')]).catch(async (error: unknown) => {
        // Under v1 the broker lets nothing overtake a lower sequence of which it does not know its transaction yet.
        assert(version === 1 && error instanceof ProduceFailedError)
        await producer.recover()
        await producer.produce([batchOf(topic, 0, 'last')])
      })
      await producer.commit()
      assert.deepEqual(await cluster.valuesIn(topic), ['first', ...values, 'last'])
    })

    test('answers that arrive late belong to nobody else', async () => {
      await using scene = await open()
      const { cluster, proxy } = scene
      const topic = await cluster.newTopic()
      const producer = await cluster.producer(impatient())
      const late = proxy.delayResponse({ times: Infinity }, REQUEST_TIMEOUT_MS / 3)
      for (const value of numbered(3)) {
        await producer.produce([batchOf(topic, 0, value)])
        await producer.commit()
      }
      assert.deepEqual(await cluster.valuesIn(topic), numbered(3))
      late.cancel()
      assert(late.fired > 0)
    })
  })
}

describe('fetching', () => {
  const COUNT = 20
  const values = numbered(COUNT).map((value) => value.padEnd(10_000, '.'))

  const fetched = async (
    afflict: (proxy: FaultProxy) => { readonly fired: number },
  ): Promise<{ fired: number; read: string[] }> => {
    await using scene = await open()
    const { cluster, proxy } = scene
    const topic = await cluster.newTopic()
    const producer = await cluster.producer({})
    await producer.produce(values.map((value) => batchOf(topic, 0, value)))
    const transport = new KafkaJsTransport({
      brokers: proxy.brokers,
      requestTimeout: REQUEST_TIMEOUT_MS,
    })
    const fetcher = new Fetcher(transport, {
      isolation: 'read_committed',
      maxPartitionBytes: 60_000,
      maxWaitMs: 100,
    })
    const rule = afflict(proxy)
    fetcher.add(topic, 0, 0)
    const read = await valuesOf(fetcher, topic, 0, COUNT)
    await fetcher.close()
    await transport.close()
    return { fired: rule.fired, read }
  }

  test('goes on beside a connection that is half-open', async () => {
    const { fired, read } = await fetched((proxy) => proxy.halfOpen({ api: 'Fetch', after: 1 }))
    assert.deepEqual(read, values)
    assert.equal(fired, 1)
  })

  test('goes on where responses are lost and connections cut', async () => {
    const { fired, read } = await fetched((proxy) => proxy.loseResponse({ api: 'Fetch', after: 1, times: 2 }))
    assert.deepEqual(read, values)
    assert.equal(fired, 2)
  })

  test('waits for a response that takes longer than a request may, as long as bytes arrive', async () => {
    const { fired, read } = await fetched((proxy) => proxy.slow({ api: 'Fetch', times: Infinity }, 100_000))
    assert.deepEqual(read, values)
    assert(fired > 0)
  })
})

test('a half-open connection costs no membership', async () => {
  await using scene = await open()
  const { cluster, proxy } = scene
  const topic = await cluster.newTopic()
  const assignor = new SpreadingAssignor(topic, 1, 'sole')
  const member = cluster.member({ groupId: unique('group'), topics: [topic], assignor })
  await member.member.join()
  const { generationId } = member.member.metadata
  const before = [...member.events]
  const halfOpen = proxy.halfOpen({ api: 'Heartbeat' })
  await halfOpen.firstFired
  await member.transport.calls('Heartbeat', 4)
  assert.deepEqual(member.events, before)
  assert.equal(member.member.metadata.generationId, generationId)
})
