import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { AnnouncedTimes } from '../../src/runtime/announced-times.js'
import type { Task } from '../../src/runtime/task.js'
import { align } from '../../src/runtime/watermark-alignment.js'

const input = (eventTime: number, { idle = false, lag = 1, group = 'group' } = {}) => ({
  eventTime,
  idle,
  lag,
  alignment: { group, maxDrift: 10 },
  limit: Number.POSITIVE_INFINITY,
  limitedBy: undefined as unknown,
})
type Input = ReturnType<typeof input>

/** Aligns inputs, each of a task of its own. */
const alignAll = (inputs: readonly Input[], elsewhere: ReadonlyMap<string, AnnouncedTimes>): void =>
  align(
    inputs.map((each) => ({ alignedInputs: [each] }) as unknown as Task),
    elsewhere,
  )

/** Which inputs are held. */
function held(inputs: readonly Input[], elsewhere = new Map<string, AnnouncedTimes>()): boolean[] {
  alignAll(inputs, elsewhere)
  return inputs.map(({ eventTime, limit }) => eventTime > limit)
}

/** Of a partition that somebody else reads. */
function announced(eventTime: number): AnnouncedTimes {
  const times = new AnnouncedTimes()
  times.hear([{ topic: 'input', partition: 7, eventTime, behind: true }])
  return times
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

  it('does not end the turn of the slowest before it has passed the next one', () => {
    const inputs = [input(0), input(5), input(7)]
    held(inputs)
    assert.deepEqual(
      inputs.map(({ limit }) => limit),
      [15, 10, 10],
    )
  })

  it('lets one that is alone go on', () => {
    assert.deepEqual(held([input(0)]), [false])
  })

  it('holds what is too far ahead of a partition that somebody else reads, and says of which', () => {
    const inputs = [input(25), input(31)]
    assert.deepEqual(held(inputs, new Map([['group', announced(20)]])), [false, true])
    assert.deepEqual(inputs[1]!.limitedBy, { topic: 'input', partition: 7, eventTime: 20, behind: true })
    assert.deepEqual(held(inputs, new Map([['other', announced(20)]])), [false, false])
  })

  it('goes by the slowest of all, here and elsewhere', () => {
    const inputs = [input(20), input(31)]
    assert.deepEqual(held(inputs, new Map([['group', announced(25)]])), [false, true])
    assert.equal(inputs[1]!.limitedBy, inputs[0])
  })

  it('never holds the slowest, and holds nothing that is not ahead of it by more than the drift', () => {
    const anInput = fc
      .record({
        eventTime: fc.integer({ min: -1, max: 50 }),
        idle: fc.boolean(),
        lag: fc.constantFrom(undefined, 0, 1),
      })
      .map(({ eventTime, ...rest }) => ({ ...input(eventTime), ...rest }) as Input)
    fc.assert(
      fc.property(
        fc.array(anInput, { minLength: 1, maxLength: 6 }),
        fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
        (inputs, elsewhere) => {
          const others = elsewhere === undefined ? new Map() : new Map([['group', announced(elsewhere)]])
          const times = inputs
            .filter(({ idle, lag, eventTime }) => !idle && lag !== 0 && eventTime >= 0)
            .map(({ eventTime }) => eventTime)
          const slowest = Math.min(...times, elsewhere ?? Number.POSITIVE_INFINITY)
          assert.deepEqual(
            held(inputs, others),
            inputs.map(({ eventTime }) => eventTime > slowest + 10),
          )
        },
      ),
    )
  })
})
