import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Task } from '../../src/runtime/task.js'
import { align } from '../../src/runtime/watermark-alignment.js'

const input = (eventTime: number, { idle = false, lag = 1, group = 'group' } = {}) => ({
  eventTime,
  idle,
  lag,
  alignment: { group, maxDrift: 10 },
  limit: Number.POSITIVE_INFINITY,
})

/** Which inputs are held, each of a task of its own. */
function held(inputs: readonly ReturnType<typeof input>[]): boolean[] {
  align(inputs.map((each) => ({ alignedInputs: [each] }) as unknown as Task))
  return inputs.map(({ eventTime, limit }) => eventTime > limit)
}

describe('the alignment of watermarks', () => {
  it('holds what is further ahead of the slowest than it may be', () => {
    assert.deepEqual(held([input(20), input(30), input(31)]), [false, false, true])
  })

  it('lets go when the slowest has come up', () => {
    const [slow, fast] = [input(20), input(31)]
    assert.deepEqual(held([slow, fast]), [false, true])
    slow.eventTime = 21
    assert.deepEqual(held([slow, fast]), [false, false])
  })

  it('waits neither for idle partitions nor for those of which nothing is known', () => {
    assert.deepEqual(held([input(0, { idle: true }), input(-1), input(100)]), [false, false, false])
  })

  it('does not wait for partitions that have nothing to read at present', () => {
    assert.deepEqual(held([input(0, { lag: 0 }), input(100)]), [false, false])
  })

  it('is of each group by itself', () => {
    assert.deepEqual(held([input(0), input(100, { group: 'other' })]), [false, false])
  })
})
