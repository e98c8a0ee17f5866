import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RecordBatchHeader } from '../../src/kafka/records/record-batch-header.js'
import { InputTopicCount } from '../../src/runtime/topic-counts.js'
import { UncommittedBatches } from '../../src/runtime/uncommitted-batches.js'
import { chunkOf } from '../kafka/records/batches.js'

const headerOf = (maxTimestamp: number): RecordBatchHeader =>
  Object.assign(new RecordBatchHeader(), { maxTimestamp })

/** Batches, and how many records have come up with a latency of at most so many milliseconds. */
function setUp() {
  const count = new InputTopicCount('input')
  const batches = new UncommittedBatches(count)
  const chunk = chunkOf([])
  const read = (timestamp: number, records: number): void =>
    batches.batchBegun(headerOf(timestamp), records, chunk)
  const within = (ms: number): number => {
    const { bounds, counts } = count.metrics.endToEndLatency
    return counts.slice(0, bounds.indexOf(ms) + 1).reduce((sum, each) => sum + each, 0)
  }
  return { count, batches, read, within, now: 1_000_000 }
}

describe('batches that are not committed', () => {
  it('count records when their batch is begun, and bytes when their chunk is', () => {
    const { count, batches, read } = setUp()
    const chunk = chunkOf([Buffer.alloc(70)])
    batches.chunkBegun(chunk)
    read(1, 5)
    read(2, 2)
    assert.equal(count.records, 7)
    assert.equal(count.bytes, 70)
  })

  it('give their latencies when their epoch is committed, each record its own', () => {
    const { batches, read, within, now } = setUp()
    read(now - 200, 3)
    read(now - 8, 4)
    const covered = batches.cover(false)
    assert.equal(within(60_000), 0)
    covered.committed(now)
    assert.equal(within(10), 4)
    assert.equal(within(100), 4)
    assert.equal(within(250), 7)
  })

  it('belong to the epoch in which the last of their records is processed', () => {
    const { batches, read, within, now } = setUp()
    read(now, 3)
    read(now, 4)
    read(now + 1, 5)
    batches.cover(true).committed(now)
    assert.equal(within(1), 7)
    batches.cover(false).committed(now)
    assert.equal(within(1), 12)
    batches.cover(false).committed(now)
    assert.equal(within(1), 12)
  })

  it('have a processing latency even where records have no timestamp', () => {
    const { count, batches, read, within, now } = setUp()
    read(-1, 3)
    batches.cover(false).committed(now)
    assert.equal(within(60_000), 0)
    assert.equal(
      count.metrics.processingLatency.counts.reduce((sum, each) => sum + each, 0),
      3,
    )
  })

  it('lose no record where they are more than are told apart', () => {
    const { batches, read, within, now } = setUp()
    for (let batch = 0; batch < 10_000; batch++) read(now - (batch % 5), 2)
    batches.cover(false).committed(now)
    assert.equal(within(60_000), 20_000)
  })
})
