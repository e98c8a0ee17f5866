import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Fetcher } from '../../src/kafka/consumer/fetcher.js'
import type { FetchedChunk } from '../../src/kafka/records/fetched-chunk.js'
import { InputOrder, type OrderedInput } from '../../src/runtime/input-order.js'
import { Intake } from '../../src/runtime/intake.js'
import { RateLimits } from '../../src/runtime/rate-limits.js'
import type { SourceProcessor } from '../../src/runtime/source-processor.js'
import { TaskInput } from '../../src/runtime/task-input.js'
import { InputTopicCount } from '../../src/runtime/topic-counts.js'
import { batchOf } from '../kafka/support/batches.js'

/** So many records of a byte each. */
function chunkOf(records: number): FetchedChunk {
  const { builder } = batchOf('input', 0, ...Array.from({ length: records }, () => '.'))
  const buffer = builder.seal(-1, -1, -1, false)
  const ends = { highWatermark: records, lastStableOffset: records, logStartOffset: 0 }
  const span = { buffer, start: 0, end: buffer.length, fetchOffset: 0, arrivedAt: 0 }
  return { topic: 'input', partition: 0, ...span, ...ends, abortedTransactions: [], release: () => {} }
}

/** An input with records that are read at a limited rate, as far as they are fetched. */
function limited(t: TestContext, recordsPerSecond: number, fetched: number) {
  const state = { now: 0 }
  const chunks = [chunkOf(fetched)]
  t.mock.method(performance, 'now', () => state.now)
  const fetcher = {
    add: () => {},
    remove: () => {},
    bufferedBytes: 0,
    isFull: () => false,
    hasBuffered: () => false,
    take: () => chunks.shift(),
    lastStableOffset: () => fetched,
  } as unknown as Fetcher
  const limits = RateLimits.of(
    { input: { recordsPerSecond, bytesPerSecond: Number.POSITIVE_INFINITY, adaptive: undefined } },
    { inKafka: (topic) => topic, partitionCount: () => 2, commitLatency: () => 0 },
  )
  const intake = new Intake(fetcher, limits, () => {})
  const source = { process: () => 'record', peek: () => 0 } as unknown as SourceProcessor
  const inputs = [0, 1].map((partition) => () => {
    const count = new InputTopicCount('input')
    return new TaskInput('input', partition, fetcher, source, 0, count, -1, intake.open('input', partition))
  })
  const read = (input: TaskInput): number => {
    let count = 0
    intake.begin()
    for (; input.advance(); count++) input.processHead()
    input.notePause(undefined, state.now)
    return count
  }
  return { state, intake, inputs, read }
}

describe('an input that is read at a limited rate', () => {
  it('stops where it has read its part of the topic, and goes on as time passes', (t) => {
    const { state, intake, inputs, read } = limited(t, 2000, 1000)
    const input = inputs[0]!()
    // Half of the partitions, a tenth of a second.
    assert.equal(read(input), 100)
    assert.deepEqual(intake.metrics().paused, [{ input: 'input-0', reason: 'rate' }])
    assert.equal(intake.timeToOpen, 10)
    state.now = 10
    assert.equal(read(input), 10)
    assert.equal(input.position, 110)
    assert.equal(input.lag, 890)
    inputs[1]!()
    assert.equal(intake.metrics().rateLimits[0]?.recordsPerSecond, 2000)
    state.now = 20
    assert.equal(read(input), 20)
  })

  it('is paused for as long as there is something to read that it may not read', (t) => {
    const { state, intake, inputs, read } = limited(t, 200, 15)
    const input = inputs[0]!()
    assert.equal(read(input), 10)
    state.now = 30
    assert.equal(read(input), 3)
    assert.deepEqual(intake.metrics().pausedMs, { 'input:rate': 30 })
    state.now = 50
    assert.equal(read(input), 2)
    assert.deepEqual(intake.metrics().paused, [])
    state.now = 1000
    assert.deepEqual(intake.metrics().pausedMs, { 'input:rate': 50 })
  })

  it('holds the others of its task up, whose records are to be taken in the order of time', (t) => {
    const { state, intake, inputs } = limited(t, 2, 3)
    const table = { advance: () => true, headTimestamp: Number.MAX_SAFE_INTEGER, lag: 1 }
    const input = inputs[0]!()
    const order = new InputOrder<OrderedInput>([input, table], 0, () => state.now)
    const takes = () => {
      intake.begin()
      order.begin()
      return order.next()
    }
    assert.equal(takes(), input)
    input.processHead()
    order.processed(input)
    assert.equal(order.next(), undefined)
    assert.equal(takes(), undefined)
    state.now = 1_000
    assert.equal(takes(), input)
  })

  it('gives its part to others when it is closed', (t) => {
    const { intake, inputs } = limited(t, 200, 1)
    const [first] = inputs.map((open) => open())
    assert.equal(intake.metrics().rateLimits[0]?.recordsPerSecond, 200)
    first!.close()
    assert.equal(intake.metrics().rateLimits[0]?.recordsPerSecond, 100)
  })
})
