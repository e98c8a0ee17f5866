import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Fetcher } from '../../src/kafka/consumer/fetcher.js'
import type { SourceProcessor } from '../../src/runtime/source-processor.js'
import { TaskInput } from '../../src/runtime/task-input.js'

/** An input whose source notes for how long there was nothing to read, and whose broker has had nothing for an hour. */
function quiet(t: TestContext) {
  const state = { now: 0, buffered: false, eventTime: 50, nothingFor: -1, end: 0 as number | undefined }
  t.mock.method(performance, 'now', () => state.now)
  const fetcher = {
    add: () => {},
    hasBuffered: () => state.buffered,
    emptyFor: () => 3_600_000,
    lastStableOffset: () => state.end,
  } as unknown as Fetcher
  const source = {
    get inputEventTime() {
      return state.eventTime
    },
    endInput: () => true,
    tick: (_: number, nothingFor: number) => {
      state.nothingFor = nothingFor
      return false
    },
  } as unknown as SourceProcessor
  const input = new TaskInput('input', 3, fetcher, source, 0)
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
