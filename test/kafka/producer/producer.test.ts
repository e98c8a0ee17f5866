import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CommitFencedError } from '../../../src/kafka/group/commit-fenced-error.js'
import { Producer } from '../../../src/kafka/producer/producer.js'
import {
  AbortableTransactionError,
  CommitRefusedError,
  ProduceFailedError,
  ProducerFencedError,
  ProducerStateError,
} from '../../../src/kafka/producer/producer-errors.js'
import { ErrorCode } from '../../../src/kafka/protocol/error-codes.js'
import { BrokerConnectionError, RequestTimeoutError } from '../../../src/kafka/transport/transport-error.js'
import { batchOf } from '../support/batches.js'
import { IN_GROUP, OFFSETS, ScriptedTransactions } from './scripted-transactions.js'

const connectionLost = (): Error => new BrokerConnectionError('the connection broke')
const noAnswer = (): Error => new RequestTimeoutError('no answer')

const namesOf = (requests: readonly { api: string; version: number }[]): string[] =>
  requests.map(({ api, version }) => `${api} ${version}`)

describe('transactions v2', () => {
  test('a transaction is its batches, its offsets and its end, and nothing before its first send', async () => {
    const cluster = new ScriptedTransactions(2)
    const producer = await cluster.producer()
    assert.deepEqual(cluster.transport.requests, [])
    await producer.produce([batchOf('t', 0, 'a')])
    await producer.sendOffsets(IN_GROUP, OFFSETS)
    await producer.commit()
    assert.deepEqual(namesOf(cluster.transport.requests), ['Produce 12', 'TxnOffsetCommit 5', 'EndTxn 5'])
  })

  test('each EndTxn gives the next epoch, and sequences start at 0 again', async () => {
    const cluster = new ScriptedTransactions(2)
    const producer = await cluster.producer()
    for (const value of ['a', 'b']) {
      await producer.produce([batchOf('t', 0, value)])
      await producer.commit()
    }
    assert.deepEqual(
      cluster.batches.map(({ producerEpoch, sequence }) => [producerEpoch, sequence]),
      [
        [1, 0],
        [2, 0],
      ],
    )
  })

  test('when the epochs are used up, EndTxn brings a new producer id', async () => {
    const cluster = new ScriptedTransactions(2)
    cluster.identity = { producerId: 100, producerEpoch: 32_765 }
    const producer = await cluster.producer()
    for (const value of ['a', 'b']) {
      await producer.produce([batchOf('t', 0, value)])
      await producer.commit()
    }
    assert.deepEqual(
      cluster.batches.map(({ producerId, producerEpoch }) => [producerId, producerEpoch]),
      [
        [100, 32_766],
        [101, 0],
      ],
    )
  })

  test('an abort goes on with the epoch that EndTxn gives', async () => {
    const cluster = new ScriptedTransactions(2)
    const producer = await cluster.producer()
    await producer.produce([batchOf('t', 0, 'a')])
    await producer.abort()
    assert.deepEqual(namesOf(cluster.transport.requests), ['Produce 12', 'EndTxn 5'])
    assert.deepEqual(producer.producer, { producerId: 100, producerEpoch: 2 })
  })
})

describe('transactions v1', () => {
  test('partitions and the group are added before they are written, once a transaction', async () => {
    const cluster = new ScriptedTransactions(1)
    const producer = await cluster.producer()
    await producer.produce([batchOf('t', 0, 'a'), batchOf('t', 0, 'b')])
    await producer.produce([batchOf('t', 0, 'c')])
    await producer.sendOffsets(IN_GROUP, OFFSETS)
    await producer.sendOffsets(IN_GROUP, OFFSETS)
    await producer.commit()
    assert.deepEqual(namesOf(cluster.transport.requests), [
      'AddPartitionsToTxn 3',
      'Produce 11',
      'Produce 11',
      'Produce 11',
      'AddOffsetsToTxn 4',
      'TxnOffsetCommit 4',
      'TxnOffsetCommit 4',
      'EndTxn 4',
    ])
  })

  test('sequences go on over transactions', async () => {
    const cluster = new ScriptedTransactions(1)
    const producer = await cluster.producer()
    for (const values of [['a', 'b'], ['c']]) {
      await producer.produce([batchOf('t', 0, ...values)])
      await producer.commit()
    }
    assert.deepEqual(
      cluster.batches.map(({ producerEpoch, sequence }) => [producerEpoch, sequence]),
      [
        [1, 0],
        [1, 2],
      ],
    )
  })

  test('an abort bumps the epoch of our own identity', async () => {
    const cluster = new ScriptedTransactions(1)
    const producer = await cluster.producer()
    await producer.produce([batchOf('t', 0, 'a')])
    await producer.abort()
    await producer.produce([batchOf('t', 0, 'b')])
    assert.deepEqual(cluster.transport.log.slice(2, 4), ['EndTxn', 'InitProducerId'])
    const reader = cluster.transport.sent('InitProducerId')[0]!.read()
    reader.readCompactString()
    reader.readInt32()
    assert.deepEqual([reader.readInt64(), reader.readInt16()], [100, 1])
    assert.deepEqual(
      cluster.batches.map(({ producerEpoch, sequence }) => [producerEpoch, sequence]),
      [
        [1, 0],
        [2, 0],
      ],
    )
  })

  test('where nothing was added, nothing is ended', async () => {
    const cluster = new ScriptedTransactions(1)
    const producer = await cluster.producer()
    cluster.transport.coordinator = async () => {
      throw new Error('no coordinator')
    }
    await assert.rejects(producer.produce([batchOf('t', 0, 'a')]), AbortableTransactionError)
    cluster.transport.coordinator = async () => 1
    await producer.abort()
    assert.deepEqual(cluster.transport.log, ['InitProducerId'])
  })

  test('the end of the last transaction is waited for', async () => {
    const cluster = new ScriptedTransactions(1)
    const producer = await cluster.producer()
    const { CONCURRENT_TRANSACTIONS } = ErrorCode
    cluster.script('AddPartitionsToTxn', CONCURRENT_TRANSACTIONS, CONCURRENT_TRANSACTIONS)
    await producer.produce([batchOf('t', 0, 'a')])
    assert.equal(cluster.transport.sent('AddPartitionsToTxn').length, 3)
  })
})

for (const version of [1, 2] as const) {
  describe(`in transactions v${version}`, () => {
    test('a commit of unknown outcome is repeated, the same, until it is answered', async () => {
      const cluster = new ScriptedTransactions(version)
      const producer = await cluster.producer()
      await producer.produce([batchOf('t', 0, 'a')])
      cluster.script(
        'EndTxn',
        connectionLost(),
        noAnswer(),
        ErrorCode.NOT_COORDINATOR,
        ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
        ErrorCode.CONCURRENT_TRANSACTIONS,
      )
      await producer.commit()
      const ends = cluster.transport.sent('EndTxn')
      assert.equal(ends.length, 6)
      for (const { bytes } of ends) assert.deepEqual(bytes, ends[0]!.bytes)
      assert.equal(cluster.transport.forgottenCoordinators, 3)
      assert.equal(producer.state, 'ready')
    })

    test('what went unanswered cannot come late into the next transaction: it has another epoch', async () => {
      for (const api of ['TxnOffsetCommit', 'EndTxn']) {
        const cluster = new ScriptedTransactions(version)
        const producer = await cluster.producer()
        for (const value of ['a', 'b']) {
          cluster.script(api, connectionLost())
          await producer.produce([batchOf('t', 0, value)])
          await producer.sendOffsets(IN_GROUP, OFFSETS)
          await producer.commit()
        }
        assert.deepEqual(
          cluster.batches.map(({ producerEpoch }) => producerEpoch),
          [1, 2],
        )
        assert.equal(cluster.transport.log.at(-1), version === 1 ? 'InitProducerId' : 'EndTxn')
      }
    })

    test('a refused commit does not wedge the producer', async () => {
      const cluster = new ScriptedTransactions(version)
      const producer = await cluster.producer()
      await producer.produce([batchOf('t', 0, 'a')])
      cluster.script('EndTxn', ErrorCode.INVALID_TXN_STATE, ErrorCode.INVALID_TXN_STATE)
      await assert.rejects(producer.commit(), CommitRefusedError)
      assert.equal(producer.state, 'fatal')
      await assert.rejects(producer.produce([batchOf('t', 0, 'b')]), ProducerStateError)
      await producer.recover()
      await producer.produce([batchOf('t', 0, 'b')])
      await producer.commit()
      assert.equal(producer.state, 'ready')
    })

    test('a fenced producer stays fenced', async () => {
      const cluster = new ScriptedTransactions(version)
      const producer = await cluster.producer()
      await producer.produce([batchOf('t', 0, 'a')])
      cluster.script('EndTxn', ErrorCode.PRODUCER_FENCED, ErrorCode.PRODUCER_FENCED)
      cluster.script('InitProducerId', ErrorCode.PRODUCER_FENCED)
      await assert.rejects(producer.commit(), ProducerFencedError)
      await assert.rejects(producer.recover(), ProducerFencedError)
      assert.equal(producer.state, 'fatal')
    })

    test('a transaction that the coordinator calls abortable is aborted', async () => {
      const cluster = new ScriptedTransactions(version)
      const producer = await cluster.producer()
      await producer.produce([batchOf('t', 0, 'a')])
      cluster.script('EndTxn', ErrorCode.TRANSACTION_ABORTABLE)
      await assert.rejects(producer.commit(), AbortableTransactionError)
      await producer.abort()
      assert.equal(producer.state, 'ready')
    })

    test('after a failed send the epoch is another one', async () => {
      const cluster = new ScriptedTransactions(version)
      const producer = await cluster.producer()
      cluster.script('Produce', ErrorCode.INVALID_RECORD)
      await assert.rejects(producer.produce([batchOf('t', 0, 'a')]), ProduceFailedError)
      assert.equal(producer.state, 'must-abort')
      await assert.rejects(producer.commit(), ProducerStateError)
      await producer.abort()
      await producer.produce([batchOf('t', 0, 'b')])
      const [failed, next] = cluster.batches
      assert.equal(next!.sequence, 0)
      assert(next!.producerEpoch > failed!.producerEpoch)
    })

    test('transactions that are taken back are counted, and no others', async () => {
      const cluster = new ScriptedTransactions(version)
      const producer = await cluster.producer()
      await producer.produce([batchOf('t', 0, 'a')])
      await producer.commit()
      await producer.abort()
      assert.equal(producer.abortedTransactions, 0)
      await producer.produce([batchOf('t', 0, 'b')])
      await producer.abort()
      assert.equal(producer.abortedTransactions, 1)
      cluster.script('Produce', ErrorCode.INVALID_RECORD)
      await assert.rejects(producer.produce([batchOf('t', 0, 'c')]), ProduceFailedError)
      await producer.recover()
      assert.equal(producer.abortedTransactions, 2)
    })

    test('an expired transactional id is taken anew', async () => {
      const cluster = new ScriptedTransactions(version)
      const producer = await cluster.producer()
      const { INVALID_PRODUCER_ID_MAPPING } = ErrorCode
      for (const api of ['AddPartitionsToTxn', 'Produce', 'EndTxn']) {
        cluster.script(api, INVALID_PRODUCER_ID_MAPPING)
      }
      await assert.rejects(producer.produce([batchOf('t', 0, 'a')]))
      await producer.abort()
      assert.equal(cluster.transport.log.at(-1), 'InitProducerId')
      assert.equal(producer.state, 'ready')
    })

    test('offsets of a lost generation are told apart from other failures', async () => {
      for (const code of [
        ErrorCode.ILLEGAL_GENERATION,
        ErrorCode.UNKNOWN_MEMBER_ID,
        ErrorCode.FENCED_INSTANCE_ID,
      ]) {
        const cluster = new ScriptedTransactions(version)
        const producer = await cluster.producer()
        cluster.script('TxnOffsetCommit', code)
        await assert.rejects(producer.sendOffsets(IN_GROUP, OFFSETS), CommitFencedError)
        assert.equal(producer.state, 'must-abort')
      }
    })

    test('offsets of a generation that is over are sent again in the next, where there is one', async () => {
      const cluster = new ScriptedTransactions(version)
      const producer = await cluster.producer()
      const refused: number[] = []
      const renewed = async (group: typeof IN_GROUP) => {
        refused.push(group.generationId)
        return refused.length < 3 ? { ...group, generationId: group.generationId + 1 } : undefined
      }
      const { generationId } = IN_GROUP
      cluster.script('TxnOffsetCommit', ErrorCode.ILLEGAL_GENERATION, ErrorCode.ILLEGAL_GENERATION)
      await producer.sendOffsets(IN_GROUP, OFFSETS, renewed)
      assert.deepEqual(refused, [generationId, generationId + 1])
      await producer.commit()
      cluster.script('TxnOffsetCommit', ErrorCode.ILLEGAL_GENERATION)
      await assert.rejects(producer.sendOffsets(IN_GROUP, OFFSETS, renewed), CommitFencedError)
      assert.equal(producer.state, 'must-abort')
    })

    test('offsets wait for their coordinator', async () => {
      const cluster = new ScriptedTransactions(version)
      const producer = await cluster.producer()
      cluster.script('TxnOffsetCommit', connectionLost(), ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)
      await producer.sendOffsets(IN_GROUP, OFFSETS)
      assert.equal(cluster.transport.sent('TxnOffsetCommit').length, 3)
    })

    test('a commit with nothing open is no request', async () => {
      const cluster = new ScriptedTransactions(version)
      const producer = await cluster.producer()
      await producer.produce([])
      await producer.commit()
      await producer.abort()
      assert.deepEqual(cluster.transport.requests, [])
    })

    test('a commit before all is acknowledged is a mistake, an abort waits', async () => {
      const cluster = new ScriptedTransactions(version)
      const producer = await cluster.producer()
      const producing = producer.produce([batchOf('t', 0, 'a')])
      await assert.rejects(producer.commit(), ProducerStateError)
      const outcome = producing.catch((error: Error) => error)
      await producer.abort()
      await outcome
      assert.equal(cluster.transport.log.includes('EndTxn'), true)
      assert.equal(producer.state, 'ready')
    })

    test('closing ends a commit that nobody answers', async () => {
      const cluster = new ScriptedTransactions(version)
      const producer = await cluster.producer()
      await producer.produce([batchOf('t', 0, 'a')])
      cluster.transport.on('EndTxn', () => {
        setImmediate(() => producer.close())
        throw connectionLost()
      })
      await assert.rejects(producer.commit(), ProducerStateError)
      assert.equal(producer.state, 'closed')
    })
  })
}

describe('without transactions', () => {
  test('batches are idempotent, and offsets and commits are not its business', async () => {
    const cluster = new ScriptedTransactions(2)
    const producer = new Producer(cluster.transport)
    await producer.init()
    await producer.produce([batchOf('t', 0, 'a')])
    await producer.produce([batchOf('t', 0, 'b')])
    assert.deepEqual(cluster.transport.log, ['InitProducerId', 'Produce', 'Produce'])
    assert.deepEqual(
      cluster.batches.map(({ sequence }) => sequence),
      [0, 1],
    )
    await assert.rejects(producer.commit(), /transactionalId/)
    await assert.rejects(producer.sendOffsets(IN_GROUP, OFFSETS), /transactionalId/)
  })

  test('a failed send needs a recovery, which takes a new identity', async () => {
    const cluster = new ScriptedTransactions(2)
    const producer = new Producer(cluster.transport)
    await producer.init()
    cluster.script('Produce', ErrorCode.INVALID_RECORD)
    await assert.rejects(producer.produce([batchOf('t', 0, 'a')]), ProduceFailedError)
    await assert.rejects(producer.produce([batchOf('t', 0, 'b')]), ProducerStateError)
    await producer.recover()
    await producer.produce([batchOf('t', 0, 'c')])
    assert.deepEqual(
      cluster.batches.map(({ producerEpoch, sequence }) => [producerEpoch, sequence]),
      [
        [1, 0],
        [2, 0],
      ],
    )
  })
})

test('before init nothing is sent', async () => {
  const cluster = new ScriptedTransactions(2)
  const producer = new Producer(cluster.transport, { transactionalId: 'tx' })
  await assert.rejects(producer.produce([batchOf('t', 0, 'a')]), /produce\(\) in state new/)
  assert.deepEqual(cluster.transport.requests, [])
})

test('init waits for the transaction of the one before', async () => {
  const cluster = new ScriptedTransactions(2)
  cluster.script('InitProducerId', ErrorCode.CONCURRENT_TRANSACTIONS, ErrorCode.COORDINATOR_NOT_AVAILABLE)
  const producer = new Producer(cluster.transport, { transactionalId: 'tx' })
  await producer.init()
  assert.equal(producer.state, 'ready')
})

test('the transaction version is looked at for each transaction', async () => {
  const cluster = new ScriptedTransactions(1)
  const producer = await cluster.producer()
  await producer.produce([batchOf('t', 0, 'a')])
  cluster.transport.features.set('transaction.version', 2)
  await producer.produce([batchOf('t', 0, 'b')])
  await producer.commit()
  await producer.produce([batchOf('t', 0, 'c')])
  assert.deepEqual(
    cluster.transport.sent('Produce').map(({ version }) => version),
    [11, 11, 12],
  )
})
