import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { InputOrder, type OrderedInput } from '../../src/runtime/input-order.js'

/** An input whose records are given by their timestamps; `fetched` of them are here, the broker is known to have `known`. */
class Input implements OrderedInput {
  private at = 0
  private holds = false

  constructor(
    private readonly times: readonly number[],
    public fetched: number,
    public known: number | undefined,
  ) {}

  advance(): boolean {
    this.holds ||= this.at < this.fetched
    return this.holds
  }

  get headTimestamp(): number {
    return this.times[this.at]!
  }

  get lag(): number | undefined {
    return this.known === undefined ? undefined : this.known - this.at
  }

  take(): number {
    this.holds = false
    return this.times[this.at++]!
  }
}

/** Takes records until there is none to take. */
function drain(order: InputOrder<Input>): number[] {
  const taken: number[] = []
  order.begin()
  for (let next = order.next(); next !== undefined; next = order.next()) {
    taken.push(next.take())
    order.processed(next)
  }
  return taken
}

const clock = { now: 0 }
const orderOf = (inputs: readonly Input[], maxIdleMs: number | undefined) =>
  new InputOrder(inputs, maxIdleMs, () => clock.now)

describe('the order of records of several inputs', () => {
  test('is that of their timestamps, whatever was fetched when', () => {
    const log = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 })
    const rounds = fc.array(fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }), { maxLength: 30 })
    fc.assert(
      fc.property(fc.array(log, { minLength: 2, maxLength: 4 }), rounds, (logs, fetches) => {
        const sorted = logs.map((times) => times.toSorted((left, right) => left - right))
        const inputs = sorted.map((times) => new Input(times, 0, undefined))
        const order = orderOf(inputs, 0)
        const taken: number[] = []
        for (const fetched of [...fetches, [20, 20, 20, 20]]) {
          for (const [index, input] of inputs.entries()) {
            const { length } = sorted[index]!
            if (fetched[index]! > 0) input.known = length
            input.fetched = Math.min(length, input.fetched + fetched[index]!)
          }
          taken.push(...drain(order))
        }
        assert.deepEqual(
          taken,
          sorted.flat().sort((left, right) => left - right),
        )
      }),
    )
  })

  test('waits for what the broker has, and for what nothing is known of, but not for what nobody has written', () => {
    const right = new Input([1, 5], 0, undefined)
    const order = orderOf([new Input([2, 3], 2, 2), right], 0)
    assert.deepEqual(drain(order), [])
    right.known = 1
    assert.deepEqual(drain(order), [])
    right.fetched = 1
    assert.deepEqual(drain(order), [1, 2, 3])
  })

  test('waits as long as is asked for for what nobody has written yet', () => {
    clock.now = 1000
    const right = new Input([1], 0, 0)
    const order = orderOf([new Input([2, 3], 2, 2), right], 100)
    assert.deepEqual(drain(order), [])
    assert.equal(order.timeToGiveUp, 100)
    clock.now = 1099
    assert.deepEqual(drain(order), [])
    assert.equal(order.timeToGiveUp, 1)
    clock.now = 1100
    assert.deepEqual(drain(order), [2, 3])
    assert.equal(order.timeToGiveUp, Number.POSITIVE_INFINITY)
  })

  test('waits anew for an input that had a record meanwhile', () => {
    clock.now = 0
    const [left, right] = [new Input([2, 3], 1, 2), new Input([1], 0, 0)]
    const order = orderOf([left, right], 100)
    drain(order)
    clock.now = 99
    right.fetched = 1
    right.known = 1
    assert.deepEqual(drain(order), [1])
    clock.now = 150
    assert.deepEqual(drain(order), [])
    clock.now = 199
    assert.deepEqual(drain(order), [2])
  })

  test('waits for nothing where it is told so', () => {
    const right = new Input([1], 0, undefined)
    const order = orderOf([new Input([2], 1, 1), right], undefined)
    assert.deepEqual(drain(order), [2])
    right.fetched = 1
    assert.deepEqual(drain(order), [1])
  })
})
