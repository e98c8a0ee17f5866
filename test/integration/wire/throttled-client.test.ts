import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ThrottleCount } from '../../../src/kafka/throttle-count.js'
import { batchOf } from '../../kafka/support/batches.js'
import { Cluster, unique } from '../../kafka/support/cluster.js'
import { testBroker } from '../../support/broker.js'
import { clientQuotaCall } from '../../support/client-quota-call.js'

const RECORDS = 12
const RECORD_BYTES = 110_000
/** The broker's window is eleven seconds: it lets so much pass at once, and then makes the client wait. */
const BYTES_PER_SECOND = 100_000
const WINDOW_S = 11

const values = Array.from({ length: RECORDS }, (_, index) => `${index}`.padEnd(RECORD_BYTES, '.'))

const throttled = async (quotas: Record<string, number>): Promise<Cluster> => {
  const clientId = unique('client')
  const { brokers } = await testBroker()
  const cluster = new Cluster(brokers, { clientId })
  const node = await cluster.transport.anyNode()
  await cluster.transport.request(node, 'admin', clientQuotaCall(clientId, quotas))
  return cluster
}

/** How long a call takes, in milliseconds. */
const timed = async (call: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await call()
  return performance.now() - started
}

/** What is above the quota of a window has to be waited for; answers come before the wait, so the last one is not. */
const LEAST_MS = 1000 * (((RECORDS - 1) * RECORD_BYTES) / BYTES_PER_SECOND - WINDOW_S)

/** The broker has told of it, and of no longer waits than there were. */
const assertCounted = ({ answers, ms }: ThrottleCount): void => {
  assert.ok(answers > 0 && answers <= RECORDS)
  assert.ok(ms > LEAST_MS / 2, `${ms} ms were told of`)
}

describe('a throttled client', { concurrency: true }, () => {
  for (const version of [1, 2] as const) {
    test(`writes each record once and in order (v${version})`, async () => {
      await using cluster = await throttled({ producer_byte_rate: BYTES_PER_SECOND })
      const topic = await cluster.newTopic()
      const throttles = new ThrottleCount()
      const producer = await cluster.producer({
        throttles,
        transactionalId: unique('tx'),
        newestTransactionVersion: version,
        transactionTimeoutMs: 60_000,
      })
      const took = await timed(async () => {
        for (const value of values) await producer.produce([batchOf(topic, 0, value)])
        await producer.commit()
      })
      assert(took > LEAST_MS, `${took} ms: it was not throttled`)
      assertCounted(throttles)
      assert.deepEqual(await cluster.valuesIn(topic), values)
    })
  }

  test('reads each record once and in order', async () => {
    await using cluster = await throttled({ consumer_byte_rate: BYTES_PER_SECOND })
    const topic = await cluster.newTopic()
    const producer = await cluster.producer({})
    await producer.produce(values.map((value) => batchOf(topic, 0, value)))
    const throttles = new ThrottleCount()
    let read: string[] = []
    const took = await timed(async () => {
      read = await cluster.valuesIn(topic, 0, 'read_committed', throttles)
    })
    assert(took > LEAST_MS, `${took} ms: it was not throttled`)
    assertCounted(throttles)
    assert.deepEqual(read, values)
  })
})
