import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CountWindows, InvalidCountError } from '../../src/index.js'

describe('CountWindows', () => {
  it('are one behind the other unless they advance by less', () => {
    const windows = CountWindows.of(100)
    assert.deepEqual([windows.records, windows.advance], [100, 100])
    const overlapping = windows.advanceBy(10)
    assert.deepEqual([overlapping.records, overlapping.advance], [100, 10])
    assert.equal(windows.advance, 100)
  })

  it('are refused without records, and where records would fall between them', () => {
    for (const count of [0, -1, 1.5, Number.NaN, 2 ** 53]) {
      assert.throws(() => CountWindows.of(count), InvalidCountError)
      assert.throws(() => CountWindows.of(1).advanceBy(count), InvalidCountError)
    }
    assert.throws(() => CountWindows.of(2).advanceBy(3), /would be in none/)
  })
})
