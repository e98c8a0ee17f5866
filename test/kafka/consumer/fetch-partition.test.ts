import assert from 'node:assert/strict'
import { beforeEach, describe, it, type TestContext } from 'node:test'
import { ChunkMemory } from '../../../src/kafka/consumer/chunk-memory.js'
import { FetchPartition } from '../../../src/kafka/consumer/fetch-partition.js'

const NOTHING = Buffer.alloc(0)

describe('for how long there has been nothing to fetch', () => {
  let now = 0
  let partition: FetchPartition

  const start = (test: TestContext): void => void test.mock.method(performance, 'now', () => now)

  /** A response of the broker without records; `stable`: up to where there are some. */
  const answer = (lastStableOffset: number): boolean =>
    partition.accept({
      topic: 'in',
      partition: 0,
      errorCode: 0,
      highWatermark: lastStableOffset + 5,
      lastStableOffset,
      logStartOffset: 0,
      abortedTransactions: [],
      buffer: NOTHING,
      end: 0,
    })

  beforeEach(() => {
    now = 1000
    partition = new FetchPartition('in', 0, 10, new ChunkMemory(0))
  })

  it('is from the first answer that there is nothing to the last', (test) => {
    start(test)
    assert.equal(partition.emptyFor, 0)
    answer(10)
    assert.equal(partition.emptyFor, 0)
    now += 500
    answer(10)
    assert.equal(partition.emptyFor, 500)
  })

  it('does not grow while the broker is not asked', (test) => {
    start(test)
    answer(10)
    now += 60_000
    assert.equal(partition.emptyFor, 0)
  })

  it('begins anew where there is something, though the answer had no room for it', (test) => {
    start(test)
    answer(10)
    now += 500
    answer(10)
    answer(12)
    assert.equal(partition.emptyFor, 0)
    now += 500
    answer(10)
    assert.equal(partition.emptyFor, 0)
  })
})
