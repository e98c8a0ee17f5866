import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { DurationHistogram, NO_DURATIONS } from '../../src/runtime/duration-histogram.js'

const bucketOf = (duration: number): number => {
  const histogram = new DurationHistogram()
  histogram.observe(duration)
  return histogram.figures.counts.indexOf(1)
}

describe('a histogram of durations', () => {
  it('counts a duration in the bucket of the least bound that it does not exceed', () => {
    assert.equal(bucketOf(0), 0)
    assert.equal(bucketOf(1), 0)
    assert.equal(bucketOf(1.01), 1)
    assert.equal(bucketOf(60_000), NO_DURATIONS.bounds.length - 1)
  })

  it('counts what exceeds all bounds behind them', () => {
    assert.equal(bucketOf(60_001), NO_DURATIONS.bounds.length)
  })

  it('takes a negative duration for none: clocks go back', () => {
    const histogram = new DurationHistogram()
    histogram.observe(-5)
    assert.equal(histogram.figures.counts[0], 1)
    assert.equal(histogram.figures.sum, 0)
  })

  it('has every duration once, as often as it came up', () => {
    const observations = fc.array(fc.tuple(fc.nat(100_000), fc.nat(1000)))
    fc.assert(
      fc.property(observations, (observed) => {
        const histogram = new DurationHistogram()
        for (const [duration, times] of observed) histogram.observe(duration, times)
        const { counts, sum } = histogram.figures
        const total = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)
        assert.equal(total(counts), total(observed.map(([, times]) => times)))
        assert.equal(sum, total(observed.map(([duration, times]) => duration * times)))
      }),
    )
  })

  it('tells figures that stay as they are', () => {
    const histogram = new DurationHistogram()
    const before = histogram.figures
    histogram.observe(3)
    assert.deepEqual(before, NO_DURATIONS)
  })
})
