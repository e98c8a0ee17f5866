import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Fetcher, FetchProgress } from '../../src/kafka/consumer/fetcher.js'
import type { FetchedChunk } from '../../src/kafka/records/fetched-chunk.js'
import type { SourceProcessor } from '../../src/runtime/source-processor.js'
import { TaskInput } from '../../src/runtime/task-input.js'
import { InputTopicCount } from '../../src/runtime/topic-counts.js'
import { batchOf, chunkOf, record } from '../kafka/records/batches.js'

const NOTHING_FETCHED: FetchProgress = {
  nextOffset: 0,
  bufferedBytes: 0,
  oldestTimestamp: undefined,
}

/** An input whose source notes for how long there was nothing to read, and whose broker has had nothing for an hour. */
function quiet(t: TestContext) {
  const state = {
    now: 0,
    buffered: false,
    eventTime: 50,
    nothingFor: -1,
    end: 0 as number | undefined,
    chunks: [] as FetchedChunk[],
    fetched: NOTHING_FETCHED,
  }
  t.mock.method(performance, 'now', () => state.now)
  const fetcher = {
    add: () => {},
    hasBuffered: () => state.buffered,
    emptyFor: () => 3_600_000,
    lastStableOffset: () => state.end,
    take: () => state.chunks.shift(),
    progress: () => state.fetched,
  } as unknown as Fetcher
  const source = {
    get inputEventTime() {
      return state.eventTime
    },
    endInput: () => true,
    process: () => true,
    tick: (_: number, nothingFor: number) => {
      state.nothingFor = nothingFor
      return false
    },
  } as unknown as SourceProcessor
  const input = new TaskInput('input', 3, fetcher, source, 0, new InputTopicCount('input'))
  const nothingForAfter = (ms: number): number => {
    state.now += ms
    input.tick(0)
    return state.nothingFor
  }
  return { state, input, nothingForAfter }
}

describe('an input of a task', () => {
  it('has nothing to read since it was last seen to have something', (t) => {
    const { state, nothingForAfter } = quiet(t)
    assert.equal(nothingForAfter(0), 0)
    assert.equal(nothingForAfter(500), 500)
    state.buffered = true
    assert.equal(nothingForAfter(500), 0)
    state.buffered = false
    assert.equal(nothingForAfter(500), 500)
  })

  it('is not idle while it is held by alignment', (t) => {
    const { state, input, nothingForAfter } = quiet(t)
    state.buffered = true
    input.limit = 40
    assert.equal(input.held, true)
    assert.equal(input.advance(), false)
    assert.equal(nothingForAfter(60_000), 0)
    assert.equal(nothingForAfter(60_000), 0)
  })

  it('ends event time, when that is asked for, only where it is known that nothing is left to read', (t) => {
    const { state, input } = quiet(t)
    const ended = [undefined, 7, 0].map((end) => {
      state.end = end
      return input.endIfRead()
    })
    assert.deepEqual(ended, [false, false, true])
  })

  it('says what it waits for while it is held', (t) => {
    const { state, input } = quiet(t)
    assert.equal(input.hold, undefined)
    input.limit = 40
    input.limitedBy = { topic: 'other', partition: 1 }
    assert.deepEqual(input.hold, { input: 'input-3', waitsFor: 'other-1' })
    state.eventTime = 40
    assert.equal(input.hold, undefined)
  })
})

describe('the age of the oldest record of an input that is not processed', () => {
  const NOW = 10_000
  const ageOf = (input: TaskInput): number | undefined => input.metrics(NOW).oldestAgeMs

  it('is not known before anything is', (t) => {
    const { state, input } = quiet(t)
    state.end = undefined
    assert.equal(ageOf(input), undefined)
  })

  it('is that of the first batch that is fetched, and then of the record in hand', (t) => {
    const { state, input } = quiet(t)
    state.end = 3
    state.fetched = { ...NOTHING_FETCHED, oldestTimestamp: 4_000 }
    assert.equal(ageOf(input), 6_000)
    state.chunks.push(chunkOf([batchOf([record(4_000, 'a', ''), record(5_000, 'b', '')])]))
    input.advance()
    assert.equal(ageOf(input), 6_000)
    input.processHead()
    input.advance()
    assert.equal(ageOf(input), 5_000)
  })

  it('is that of the next batch in hand where one is through', (t) => {
    const { state, input } = quiet(t)
    state.end = 3
    state.fetched = { ...NOTHING_FETCHED, oldestTimestamp: 9_000 }
    const behind = batchOf([record(7_000, 'b', '')], { baseOffset: 1 })
    state.chunks.push(chunkOf([batchOf([record(4_000, 'a', '')]), behind]))
    input.advance()
    input.processHead()
    assert.equal(ageOf(input), 3_000)
  })

  it('is that of the record that was processed last where there are others that are not fetched', (t) => {
    const { state, input } = quiet(t)
    state.end = 3
    state.chunks.push(chunkOf([batchOf([record(4_000, 'a', '')])]))
    input.advance()
    input.processHead()
    input.advance()
    assert.equal(ageOf(input), 6_000)
  })

  it('is 0 where there is none, whatever was processed', (t) => {
    const { state, input } = quiet(t)
    assert.equal(ageOf(input), 0)
    state.chunks.push(chunkOf([batchOf([record(4_000, 'a', '')])]))
    input.advance()
    state.end = 1
    assert.equal(ageOf(input), 6_000)
    input.processHead()
    assert.equal(ageOf(input), 0)
  })
})
