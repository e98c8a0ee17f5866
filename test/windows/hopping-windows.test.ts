import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { InvalidDurationError } from '../../src/time/duration.js'
import { HoppingWindows } from '../../src/windows/hopping-windows.js'
import { UnlimitedWindows } from '../../src/windows/unlimited-windows.js'

describe('HoppingWindows', () => {
  it('begin at every multiple of their advance', () => {
    const windows = HoppingWindows.of('5m').advanceBy('1m').grace('10s')
    assert.deepEqual(
      [windows.size, windows.advance, windows.graceMs, windows.retention],
      [300_000, 60_000, 10_000, 310_000],
    )
  })

  it('hold a timestamp in each window that it falls into, none before the epoch', () => {
    const times = fc.integer({ min: 0, max: 500 })
    const sizes = fc.integer({ min: 1, max: 100 })
    fc.assert(
      fc.property(times, sizes, fc.integer({ min: 1, max: 100 }), (timestamp, size, step) => {
        const advance = Math.min(size, step)
        const windows = HoppingWindows.of(size).advanceBy(advance)
        const starts = []
        for (let start = windows.firstStart(timestamp); start <= timestamp; start += advance)
          starts.push(start)
        const all = Array.from({ length: 501 }, (_, index) => index * advance)
        assert.deepEqual(
          starts,
          all.filter((start) => start <= timestamp && timestamp < start + size),
        )
      }),
    )
  })

  it('are refused where records would fall between them', () => {
    assert.throws(() => HoppingWindows.of(10).advanceBy(11), {
      name: InvalidDurationError.name,
      message: /11 ms is more than the windows' size of 10 ms/,
    })
    assert.throws(() => HoppingWindows.of(10).advanceBy(0), InvalidDurationError)
    assert.throws(() => HoppingWindows.of(0), InvalidDurationError)
  })
})

describe('UnlimitedWindows', () => {
  it('are one window, from the epoch or from where they are told', () => {
    assert.equal(UnlimitedWindows.of().firstStart(), 0)
    assert.equal(UnlimitedWindows.of().startOn(7).firstStart(), 7)
    assert.throws(() => UnlimitedWindows.of().startOn(-1), InvalidDurationError)
  })
})
