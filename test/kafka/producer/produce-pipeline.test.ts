import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ProducePipeline } from '../../../src/kafka/producer/produce-pipeline.js'
import { MessageTooLargeError, ProduceFailedError } from '../../../src/kafka/producer/producer-errors.js'
import { ErrorCode } from '../../../src/kafka/protocol/error-codes.js'
import { ThrottleCount } from '../../../src/kafka/throttle-count.js'
import { BrokerConnectionError } from '../../../src/kafka/transport/transport-error.js'
import { batchOf } from '../support/batches.js'
import { answerOf, batchesIn, IdempotentLog, produced, type SentBatch } from '../support/scripted-broker.js'
import { ScriptedTransport, type SentRequest } from '../support/scripted-transport.js'

const LIMITS = {
  requestTimeoutMs: 1000,
  deliveryTimeoutMs: 2000,
  maxRequestBytes: 1_000_000,
  throttles: new ThrottleCount(),
}
const NEVER = new AbortController().signal

function pipelineOver(transport: ScriptedTransport, limits: Partial<typeof LIMITS> = {}): ProducePipeline {
  const pipeline = new ProducePipeline(transport, { transactionalId: null, ...LIMITS, ...limits }, NEVER)
  pipeline.writeAs({ identity: { producerId: 7, producerEpoch: 0 }, minVersion: 9, maxVersion: 12 })
  return pipeline
}

/** Answers Produce with what becomes of each batch. */
const answering = (
  answer: (batch: SentBatch, request: SentRequest) => { errorCode: number; baseOffset?: number },
) =>
  new ScriptedTransport().on('Produce', (request) =>
    answerOf(
      batchesIn(request).map((batch) => {
        const { errorCode, baseOffset } = answer(batch, request)
        return produced(batch, errorCode, baseOffset)
      }),
    ),
  )

const ACCEPT = { errorCode: ErrorCode.NONE, baseOffset: 0 }

test('batches of different partitions share a request, batches of one partition follow each other', async () => {
  const transport = answering(() => ACCEPT)
  await pipelineOver(transport).send([
    batchOf('t', 0, 'a', 'b'),
    batchOf('t', 1, 'c'),
    batchOf('t', 0, 'd'),
    batchOf('u', 0, 'e'),
  ])
  const requests = transport
    .sent('Produce')
    .map((request) =>
      batchesIn(request).map(({ topic, partition, sequence }) => `${topic}-${partition}@${sequence}`),
    )
  assert.deepEqual(requests, [['t-0@0', 't-1@0', 'u-0@0'], ['t-0@2']])
})

test('results come in the order of the batches', async () => {
  const transport = answering(({ partition }) => ({ errorCode: 0, baseOffset: partition * 10 }))
  const results = await pipelineOver(transport).send([batchOf('t', 2, 'a'), batchOf('t', 1, 'b')])
  assert.deepEqual(
    results.map(({ partition, baseOffset }) => [partition, baseOffset]),
    [
      [2, 20],
      [1, 10],
    ],
  )
})

test('a request holds no more bytes than allowed, a larger batch goes alone', async () => {
  const transport = answering(() => ACCEPT)
  const large = 'x'.repeat(600)
  await pipelineOver(transport, { maxRequestBytes: 1000 }).send(
    [0, 1, 2].map((partition) => batchOf('t', partition, partition === 2 ? large.repeat(3) : large)),
  )
  assert.deepEqual(
    transport.sent('Produce').map((request) => batchesIn(request).length),
    [1, 1, 1],
  )
})

test('no more than five requests are in flight', async () => {
  const waiting: (() => void)[] = []
  let most = 0
  const transport = new ScriptedTransport().on('Produce', async (request) => {
    most = Math.max(most, waiting.length + 1)
    await new Promise<void>((resolve) => {
      waiting.push(resolve)
      setImmediate(() => setImmediate(() => waiting.shift()?.()))
    })
    return answerOf(batchesIn(request).map((batch) => produced(batch, 0)))
  })
  await pipelineOver(transport).send(Array.from({ length: 12 }, (_, at) => batchOf('t', 0, String(at))))
  assert.equal(most, 5)
})

test('answers that put the client off are counted', async () => {
  const waits = [0, 120, 30]
  const transport = new ScriptedTransport().on('Produce', (request) =>
    answerOf(
      batchesIn(request).map((batch) => produced(batch, 0)),
      waits.shift(),
    ),
  )
  const throttles = new ThrottleCount()
  const pipeline = pipelineOver(transport, { throttles })
  for (const value of ['a', 'b', 'c']) await pipeline.send([batchOf('t', 0, value)])
  assert.deepEqual({ ...throttles }, { answers: 2, ms: 150 })
})

test('sequences wrap after 2^31 - 1', async () => {
  const transport = answering(() => ACCEPT)
  const pipeline = pipelineOver(transport)
  const endless = { ...batchOf('t', 0, 'a') }
  Object.defineProperty(endless.builder, 'count', { value: 2 ** 31 - 1 })
  await pipeline.send([endless])
  await pipeline.send([batchOf('t', 0, 'b', 'c')])
  await pipeline.send([batchOf('t', 0, 'd')])
  const sequences = transport.sent('Produce').flatMap((request) => batchesIn(request).map((b) => b.sequence))
  assert.deepEqual(sequences, [0, 2 ** 31 - 1, 1])
})

test('a batch whose answer was lost is repeated byte by byte', async () => {
  let lost = false
  const log = new IdempotentLog()
  const transport = new ScriptedTransport().on('Produce', (request) => {
    const results = batchesIn(request).map((batch) => {
      const { errorCode, baseOffset } = log.append(batch)
      return produced(batch, errorCode, baseOffset)
    })
    if (!lost) {
      lost = true
      throw new BrokerConnectionError('the connection broke')
    }
    return answerOf(results)
  })
  const [result] = await pipelineOver(transport).send([batchOf('t', 0, 'a')])
  const [first, second] = transport.sent('Produce')
  assert.deepEqual(first!.bytes, second!.bytes)
  assert.equal(result!.baseOffset, 0)
  assert.equal(log.appended.length, 1)
})

test('a duplicate sequence is a success for a repeat, and a failure at the first try', async () => {
  let tries = 0
  const repeat = answering(() => {
    tries++
    if (tries === 1) throw new BrokerConnectionError('the connection broke')
    return { errorCode: ErrorCode.DUPLICATE_SEQUENCE_NUMBER }
  })
  const [result] = await pipelineOver(repeat).send([batchOf('t', 0, 'a')])
  assert.equal(result!.baseOffset, -1)
  const first = answering(() => ({ errorCode: ErrorCode.DUPLICATE_SEQUENCE_NUMBER }))
  await assert.rejects(pipelineOver(first).send([batchOf('t', 0, 'a')]), ProduceFailedError)
})

test('a gap in the sequences that no failed batch explains is final', async () => {
  const transport = answering(() => ({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER }))
  await assert.rejects(pipelineOver(transport).send([batchOf('t', 0, 'a')]), ProduceFailedError)
  assert.equal(transport.sent('Produce').length, 1)
})

test('a moved leader is looked for again', async () => {
  let tries = 0
  const transport = answering(() =>
    tries++ === 0 ? { errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER } : ACCEPT,
  )
  await pipelineOver(transport).send([batchOf('t', 0, 'a')])
  assert.equal(transport.forgottenLeaders, 1)
})

test('a batch that is too large says which and how large', async () => {
  const transport = answering(() => ({ errorCode: ErrorCode.MESSAGE_TOO_LARGE }))
  await assert.rejects(pipelineOver(transport).send([batchOf('flights', 3, 'a')]), (error) => {
    assert(error instanceof MessageTooLargeError)
    assert.equal(error.topic, 'flights')
    assert.equal(error.partition, 3)
    assert(error.bytes > 61)
    return true
  })
})

test('retries end with the delivery timeout', async () => {
  const transport = answering(() => ({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS }))
  const pipeline = pipelineOver(transport, { deliveryTimeoutMs: 100 })
  await assert.rejects(pipeline.send([batchOf('t', 0, 'a')]), /NOT_ENOUGH_REPLICAS/)
})

test('after a failure nothing is sent until there is a new identity, whose sequences start at 0', async () => {
  let refuse = true
  const transport = answering(() => (refuse ? { errorCode: ErrorCode.INVALID_TXN_STATE } : ACCEPT))
  const pipeline = pipelineOver(transport)
  await assert.rejects(pipeline.send([batchOf('t', 0, 'a'), batchOf('t', 0, 'b')]), ProduceFailedError)
  refuse = false
  await assert.rejects(pipeline.send([batchOf('t', 0, 'c')]), ProduceFailedError)
  pipeline.writeAs({ identity: { producerId: 7, producerEpoch: 1 }, minVersion: 9, maxVersion: 12 })
  await pipeline.send([batchOf('t', 0, 'd')])
  const [batch] = batchesIn(transport.sent('Produce').at(-1)!)
  assert.deepEqual([batch!.producerEpoch, batch!.sequence], [1, 0])
})

test('whatever answers are lost or refused, every log gets its batches once and in order', async () => {
  const fault = fc.constantFrom('none', 'refused', 'lost before', 'lost after')
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 20 }),
      fc.array(fault, { maxLength: 12 }),
      async (partitions, faults) => {
        const logs = new Map<number, IdempotentLog>()
        const remaining = [...faults]
        const transport = new ScriptedTransport().on('Produce', async (request) => {
          const next = remaining.shift()
          if (next === 'lost before') throw new BrokerConnectionError('lost before')
          const results = batchesIn(request).map((batch) => {
            if (next === 'refused') return produced(batch, ErrorCode.NOT_LEADER_OR_FOLLOWER)
            const log = logs.get(batch.partition) ?? new IdempotentLog()
            logs.set(batch.partition, log)
            const { errorCode, baseOffset } = log.append(batch)
            return produced(batch, errorCode, baseOffset)
          })
          await Promise.resolve()
          if (next === 'lost after') throw new BrokerConnectionError('lost after')
          return answerOf(results)
        })
        const batches = partitions.map((partition, at) => batchOf('t', partition, `value ${at}`))
        const results = await pipelineOver(transport, { deliveryTimeoutMs: 20_000 }).send(batches)
        for (const [partition, log] of logs) {
          const expected = batches.flatMap((batch, at) => (batch.partition === partition ? [at] : []))
          const inLog = log.appended.map(({ records }) =>
            Number(/value (\d+)/.exec(records.toString('latin1'))![1]),
          )
          assert.deepEqual(inLog, expected)
          assert.deepEqual(
            expected.map((at) => results[at]!.baseOffset),
            expected.map((_, position) => position),
          )
        }
      },
    ),
    {
      numRuns: 40,
      // The answer to the first is lost twice, when four others are in the log and one more waits.
      examples: [
        [
          [1, 1, 1, 1, 1, 1],
          ['lost after', 'none', 'none', 'none', 'none', 'lost after'],
        ],
      ],
    },
  )
})
