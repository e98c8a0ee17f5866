import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { Admin } from '../../src/kafka/admin/admin.js'
import { ErrorCode } from '../../src/kafka/protocol/error-codes.js'
import { fetchCall } from '../../src/kafka/protocol/fetch-call.js'
import { KafkaProtocolError } from '../../src/kafka/protocol/kafka-protocol-error.js'
import { listOffsetsCall } from '../../src/kafka/protocol/list-offsets-call.js'
import type { ApiCall, BrokerTransport } from '../../src/kafka/transport/broker-transport.js'
import {
  BrokerConnectionError,
  RequestTimeoutError,
  TransportClosedError,
  UnsupportedVersionError,
} from '../../src/kafka/transport/transport-error.js'
import { uniqueName } from './unique-name.js'

/** What the suite needs of an implementation. */
export interface TransportUnderTest {
  /** A transport to a real cluster of at least one broker. */
  connect(): Promise<BrokerTransport>
  /** A transport to an address where nobody listens; requests are given up after `requestTimeout` milliseconds. */
  connectToNobody(requestTimeout: number): Promise<BrokerTransport>
}

const NO_TOPIC = '0'.repeat(32)

/** Bytes that no response has: a long poll that is answered after `maxWaitMs` only. */
const longPoll = (topicId: string, maxWaitMs: number) =>
  fetchCall({
    targets: [{ topic: 'polled', topicId, partition: 0, fetchOffset: 0, maxBytes: 1024 }],
    isolation: 'read_committed',
    maxWaitMs,
    minBytes: 1,
    maxBytes: 1024,
    allocate: Buffer.alloc,
  })

/** Every BrokerTransport behaves like this. */
export const transportConformance = (
  name: string,
  { connect, connectToNobody }: TransportUnderTest,
): void => {
  const connected = async (
    run: (transport: BrokerTransport, topic: string) => Promise<void>,
  ): Promise<void> => {
    const transport = await connect()
    try {
      const topic = uniqueName('conformance')
      await new Admin(transport).createTopics([{ topic, partitions: 3, replicationFactor: 1 }])
      await run(transport, topic)
    } finally {
      await transport.close()
    }
  }

  describe(name, () => {
    test('tells topics, their ids and their partitions', () =>
      connected(async (transport, topic) => {
        const [metadata] = await transport.metadata([topic])
        assert.equal(metadata!.topic, topic)
        assert.match(metadata!.topicId, /^[0-9a-f]{32}$/)
        assert.notEqual(metadata!.topicId, '0'.repeat(32))
        assert.equal(await transport.topicIdOf(topic), metadata!.topicId)
        transport.forgetLeaders(topic)
        assert.equal(await transport.topicIdOf(topic), metadata!.topicId)
        assert.deepEqual(metadata!.partitions.map(({ partition }) => partition).sort(), [0, 1, 2])
        const all = await transport.metadata()
        assert.ok(all.some((each) => each.topic === topic && each.topicId === metadata!.topicId))
      }))

    test('tells a topic that does not exist, and does not create it', () =>
      connected(async (transport) => {
        const missing = uniqueName('missing')
        for (let attempt = 0; attempt < 2; attempt++) {
          const [metadata] = await transport.metadata([missing])
          assert.equal(metadata!.errorCode, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
        }
        await assert.rejects(transport.topicIdOf(missing), /UNKNOWN_TOPIC_OR_PARTITION/)
        await assert.rejects(transport.leaderOf(missing, 0), (error) => {
          assert.ok(error instanceof KafkaProtocolError)
          assert.equal(error.type, 'UNKNOWN_TOPIC_OR_PARTITION')
          assert.match(error.message, new RegExp(missing))
          return true
        })
      }))

    test('finds leaders, also after forgetting them, and has none for a partition beyond the last', () =>
      connected(async (transport, topic) => {
        const leaders = await Promise.all([0, 1, 2].map((partition) => transport.leaderOf(topic, partition)))
        transport.forgetLeaders(topic)
        assert.equal(await transport.leaderOf(topic, 0), leaders[0])
        transport.forgetLeaders()
        assert.equal(await transport.leaderOf(topic, 2), leaders[2])
        await assert.rejects(transport.leaderOf(topic, 3), KafkaProtocolError)
      }))

    test('finds coordinators of groups and of transactional ids', () =>
      connected(async (transport) => {
        for (const kind of ['group', 'transaction'] as const) {
          const id = uniqueName(kind)
          const node = await transport.coordinator(kind, id)
          assert.equal(await transport.coordinator(kind, id), node)
          transport.forgetCoordinator(kind, id)
          assert.equal(await transport.coordinator(kind, id), node)
        }
      }))

    test('tells what a node supports', () =>
      connected(async (transport) => {
        const node = await transport.anyNode()
        const capabilities = await transport.capabilities(node)
        const fetch = capabilities.range(1)
        assert.ok(fetch !== undefined && fetch.min <= 12 && fetch.max >= 12)
        assert.equal(capabilities.range(32_000), undefined)
        const refreshed = await transport.refreshCapabilities(node)
        assert.equal(typeof refreshed.finalizedFeature('metadata.version'), 'number')
        assert.equal(refreshed.finalizedFeature('no.such.feature'), undefined)
      }))

    test('answers concurrent requests each with its own answer', () =>
      connected(async (transport, topic) => {
        const node = await transport.leaderOf(topic, 0)
        const partitions = Array.from({ length: 60 }, (_, index) => index % 3)
        const answered: number[] = []
        const answers = await Promise.all(
          partitions.map(async (partition, index) => {
            const call = listOffsetsCall([{ topic, partition }], -1, 'read_uncommitted')
            const [answer] = await transport.request(node, 'admin', call)
            answered.push(index)
            return answer!.partition
          }),
        )
        assert.deepEqual(answers, partitions)
        assert.deepEqual(answered, [...partitions.keys()])
      }))

    test('encodes a request when it is made', () =>
      connected(async (transport, topic) => {
        const node = await transport.leaderOf(topic, 0)
        const target = { topic, partition: 1 }
        const request = transport.request(node, 'admin', listOffsetsCall([target], -1, 'read_uncommitted'))
        target.partition = 2
        const [answer] = await request
        assert.equal(answer!.partition, 1)
      }))

    test('lets no channel wait for a long poll of another', () =>
      connected(async (transport, topic) => {
        const node = await transport.leaderOf(topic, 0)
        const topicId = await transport.topicIdOf(topic)
        let polling = true
        const poll = transport.request(node, 'fetch', longPoll(topicId, 2000)).finally(() => {
          polling = false
        })
        const call = listOffsetsCall([{ topic, partition: 0 }], -1, 'read_uncommitted')
        for (const channel of ['group', 'produce', 'fetch-overtaking', 'restore', 'admin'] as const) {
          await transport.request(node, channel, call)
        }
        await transport.refreshCapabilities(node)
        await transport.metadata([topic])
        assert.ok(polling)
        await poll
      }))

    test('gives up a request in time, and goes on with the next', () =>
      connected(async (transport, topic) => {
        const node = await transport.leaderOf(topic, 0)
        const topicId = await transport.topicIdOf(topic)
        await assert.rejects(transport.request(node, 'fetch', longPoll(topicId, 20_000), 100), (error) => {
          assert.ok(error instanceof RequestTimeoutError)
          assert.match(error.message, /Fetch to broker .*: no response within 100 ms/)
          return true
        })
        const response = await transport.request(node, 'fetch', longPoll(topicId, 1))
        assert.equal(response.errorCode, ErrorCode.NONE)
      }))

    test('names the API version that a broker does not have', () =>
      connected(async (transport) => {
        const tooNew: ApiCall<void> = { ...longPoll(NO_TOPIC, 1), apiVersion: 999, decode: () => {} }
        await assert.rejects(
          transport.request(await transport.anyNode(), 'fetch', tooNew),
          UnsupportedVersionError,
        )
      }))

    test('refuses a node that is not in the cluster', () =>
      connected(async (transport) => {
        await assert.rejects(transport.request(12_345, 'admin', longPoll(NO_TOPIC, 1)), (error) => {
          assert.ok(error instanceof BrokerConnectionError)
          assert.match(error.message, /12345/)
          return true
        })
      }))

    test('closes at once, also with a long poll in flight', () =>
      connected(async (transport, topic) => {
        const node = await transport.leaderOf(topic, 0)
        const topicId = await transport.topicIdOf(topic)
        const poll = assert.rejects(
          transport.request(node, 'fetch', longPoll(topicId, 25_000)),
          TransportClosedError,
        )
        await delay(10)
        await transport.close()
        await poll
        await assert.rejects(transport.request(node, 'fetch', longPoll(topicId, 1)), TransportClosedError)
        await assert.rejects(transport.metadata(), TransportClosedError)
      }))

    test('says so when no broker can be reached', async () => {
      const transport = await connectToNobody(200)
      await assert.rejects(transport.metadata(), BrokerConnectionError)
      await assert.rejects(transport.coordinator('group', 'g'), BrokerConnectionError)
      await transport.close()
    })
  })
}
