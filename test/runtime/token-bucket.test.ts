import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { TokenBucket } from '../../src/runtime/token-bucket.js'

/** What passes in a time when units of a size come as fast as they may, looked after whenever the bucket opens. */
function passedIn(bucket: TokenBucket, ms: number, size: number, begun = 0): number {
  let passed = 0
  for (let now = begun; now < begun + ms; now += Math.max(1, bucket.timeToOpen(now))) {
    bucket.fill(now)
    for (; bucket.open; passed += size) bucket.take(size)
  }
  return passed
}

describe('a token bucket', () => {
  it('lets a tenth of a second pass at once, and then no more until time has passed', () => {
    const bucket = new TokenBucket(1000, 0)
    let passed = 0
    for (; bucket.open; passed++) bucket.take(1)
    assert.equal(passed, 100)
    assert.equal(bucket.timeToOpen(0), 10)
    bucket.fill(9)
    assert.equal(bucket.open, false)
    bucket.fill(10)
    assert.equal(bucket.open, true)
  })

  it('keeps to its rate over time, whatever the size of the units', () => {
    const rates = fc.integer({ min: 1, max: 1_000_000 })
    const sizes = fc.integer({ min: 1, max: 100_000 })
    fc.assert(
      fc.property(rates, sizes, (rate, size) => {
        const seconds = Math.max(10, (10 * size) / rate)
        const passed = passedIn(new TokenBucket(rate, 0), seconds * 1000, size)
        const allowed = rate * (seconds + 0.1) + size
        assert.ok(passed <= allowed, `${passed} of ${allowed}`)
        // An opening comes at most a millisecond late, and is for a hundredth of a second at least.
        assert.ok(passed >= rate * seconds * 0.85 - size, `${passed} of ${allowed}`)
      }),
    )
  })

  it('lets a unit pass that is larger than all of it, and makes those behind it wait', () => {
    const bucket = new TokenBucket(10, 0)
    bucket.take(100)
    assert.equal(bucket.open, false)
    assert.equal(bucket.timeToOpen(0), 9_910)
    assert.equal(bucket.timeToOpen(9_000), 910)
  })

  it('saves no more than a tenth of a second up', () => {
    const bucket = new TokenBucket(1000, 0)
    bucket.take(1)
    bucket.fill(3_600_000)
    let passed = 0
    for (; bucket.open; passed++) bucket.take(1)
    assert.equal(passed, 100)
  })

  it('lets everything pass at an infinite rate, and goes on at another one from where it is', () => {
    const bucket = new TokenBucket(Number.POSITIVE_INFINITY, 0)
    bucket.take(1e12)
    bucket.fill(0)
    bucket.fill(1000)
    assert.equal(bucket.open, true)
    assert.equal(bucket.timeToOpen(1000), 0)
    bucket.setRate(100, 1000)
    const limited = passedIn(bucket, 10_000, 1, 1000)
    assert.ok(limited >= 1000 && limited <= 1011, `${limited}`)
    bucket.setRate(Number.POSITIVE_INFINITY, 11_000)
    bucket.take(1e12)
    assert.equal(bucket.open, true)
  })

  it('is shut at a rate of nothing, and has no time at which it opens', () => {
    const bucket = new TokenBucket(100, 0)
    bucket.setRate(0, 0)
    bucket.take(1)
    bucket.fill(1000)
    assert.equal(bucket.open, false)
    assert.equal(bucket.timeToOpen(1000), Number.POSITIVE_INFINITY)
  })
})
