import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { AdaptiveRate } from '../../src/runtime/adaptive-rate.js'

const UNLIMITED = Number.POSITIVE_INFINITY
/** Seconds of its work that what comes behind takes before it takes no more. */
const ROOM_S = 3
/** It has too much to do when it is so many seconds behind. */
const TARGET_S = 1

/** What comes behind intake: it does so many records a second, and the rest waits, up to a bound that stops intake. */
class Downstream {
  private waiting = 0

  constructor(public capacity: number) {}

  /** A second in which as much comes as may. */
  second(allowed: number): { taken: number; overloaded: boolean } {
    const room = this.capacity * ROOM_S - this.waiting + this.capacity
    const taken = Math.min(allowed, room)
    this.waiting = Math.max(0, this.waiting + taken - this.capacity)
    return { taken, overloaded: this.waiting > this.capacity * TARGET_S }
  }

  get behindS(): number {
    return this.waiting / this.capacity
  }
}

/** Runs for so many seconds. @returns the mean of what was taken in a second, and for how many there was too much to do */
function run(rate: AdaptiveRate, downstream: Downstream, seconds: number, ceiling = UNLIMITED) {
  let taken = 0
  let overloaded = 0
  for (let second = 0; second < seconds; second++) {
    const seen = downstream.second(Math.min(rate.rate, ceiling))
    rate.step(seen, ceiling)
    taken += seen.taken
    if (seen.overloaded) overloaded++
  }
  return { mean: taken / seconds, overloaded: overloaded / seconds }
}

const capacities = fc.integer({ min: 10, max: 1_000_000 })

describe('an adaptive rate', () => {
  it('does not limit while nothing is too much', () => {
    const rate = new AdaptiveRate()
    for (let step = 0; step < 100; step++) rate.step({ taken: 1e6, overloaded: false }, UNLIMITED)
    assert.equal(rate.rate, UNLIMITED)
  })

  it('goes down by a part of what was taken in, whatever the rate was', () => {
    const rate = new AdaptiveRate()
    rate.step({ taken: 1000, overloaded: true }, UNLIMITED)
    assert.equal(rate.rate, 700)
    rate.step({ taken: 100, overloaded: true }, UNLIMITED)
    assert.equal(rate.rate, 70)
  })

  it('finds what can be done, whatever that is, and uses most of it without being behind for most of the time', () => {
    fc.assert(
      fc.property(capacities, (capacity) => {
        const rate = new AdaptiveRate()
        const downstream = new Downstream(capacity)
        run(rate, downstream, 30)
        const { mean, overloaded } = run(rate, downstream, 100)
        assert.ok(mean >= 0.7 * capacity && mean <= 1.05 * capacity, `${mean} of ${capacity}`)
        assert.ok(overloaded <= 0.25, `overloaded for ${overloaded} of the time`)
      }),
    )
  })

  it('follows what can be done down and up again', () => {
    fc.assert(
      fc.property(capacities, fc.integer({ min: 2, max: 1000 }), (capacity, factor) => {
        const rate = new AdaptiveRate()
        const downstream = new Downstream(capacity)
        run(rate, downstream, 30)
        downstream.capacity = Math.max(2, capacity / factor)
        run(rate, downstream, 60)
        const slow = run(rate, downstream, 100)
        assert.ok(slow.mean >= 0.65 * downstream.capacity && slow.mean <= 1.05 * downstream.capacity)
        downstream.capacity = capacity
        run(rate, downstream, 60)
        assert.ok(run(rate, downstream, 100).mean >= 0.65 * capacity)
      }),
    )
  })

  it('is not lowered by a stall in which nothing is taken in, and is back soon after it', () => {
    const rate = new AdaptiveRate()
    rate.step({ taken: 100_000, overloaded: true }, UNLIMITED)
    for (let second = 0; second < 60; second++) rate.step({ taken: 0, overloaded: true }, UNLIMITED)
    assert.equal(rate.rate, 70_000)
    for (let second = 0; second < 8; second++) rate.step({ taken: 70_000, overloaded: false }, UNLIMITED)
    assert.ok(rate.rate > 100_000)
  })

  it('comes back from any depth: it may have been lowered while there was little to take in', () => {
    const rate = new AdaptiveRate()
    rate.step({ taken: 0.2, overloaded: true }, UNLIMITED)
    assert.equal(rate.rate, 1)
    let seconds = 0
    for (; rate.rate < 100_000; seconds++) rate.step({ taken: rate.rate, overloaded: false }, UNLIMITED)
    assert.ok(seconds < 40, `${seconds} s`)
  })

  it('limits nothing any more once it is at the ceiling', () => {
    const rate = new AdaptiveRate()
    rate.step({ taken: 1000, overloaded: true }, 1000)
    for (let step = 0; step < 8; step++) rate.step({ taken: rate.rate, overloaded: false }, 1000)
    assert.equal(rate.rate, UNLIMITED)
  })
})
