import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { RunningTotals } from '../../../src/observe/metrics/running-totals.js'

describe('running totals', () => {
  it('are what is counted as long as the same one counts', () => {
    const totals = new RunningTotals()
    assert.equal(totals.total('a', 1, 5), 5)
    assert.equal(totals.total('a', 1, 7), 7)
    assert.equal(totals.total('b', 1, 1), 1)
  })

  it('go on where another one counts from 0, even if that has come further', () => {
    const totals = new RunningTotals()
    totals.total('a', 1, 5)
    assert.equal(totals.total('a', 2, 6), 11)
    assert.equal(totals.total('a', 2, 7), 12)
  })

  it('are those of each bucket, and of the sum, of a histogram', () => {
    const totals = new RunningTotals()
    const bounds = [1, 5]
    totals.durations('a', 1, { bounds, counts: [1, 2, 3], sum: 40 })
    totals.durations('a', 2, { bounds, counts: [1, 0, 0], sum: 1 })
    assert.deepEqual(totals.durations('a', 2, { bounds, counts: [1, 1, 0], sum: 4 }), {
      bounds,
      counts: [2, 3, 3],
      sum: 44,
    })
  })

  it('never go back, and are the sum of what each one came to', () => {
    const lives = fc.array(fc.array(fc.nat(100), { minLength: 1 }), { minLength: 1 })
    fc.assert(
      fc.property(lives, (counts) => {
        const totals = new RunningTotals()
        let last = 0
        for (const [since, steps] of counts.entries()) {
          let count = 0
          for (const step of steps) {
            count += step
            const total = totals.total('a', since, count)
            assert.ok(total >= last)
            last = total
          }
        }
        assert.equal(
          last,
          counts.flat().reduce((sum, step) => sum + step, 0),
        )
      }),
    )
  })
})
