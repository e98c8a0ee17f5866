import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InvalidDurationError } from '../../src/time/duration.js'
import { JoinWindows } from '../../src/windows/join-windows.js'

describe('JoinWindows', () => {
  it('reach as far back as forward, unless given', () => {
    const windows = JoinWindows.of('10s').grace('1m')
    assert.deepEqual([windows.beforeMs, windows.afterMs, windows.graceMs], [10_000, 10_000, 60_000])
    assert.deepEqual([windows.size, windows.retention], [20_000, 80_000])
    const asymmetric = windows.before(0).after('5s')
    assert.deepEqual([asymmetric.beforeMs, asymmetric.afterMs, asymmetric.graceMs], [0, 5000, 60_000])
    assert.equal(windows.afterMs, 10_000)
  })

  it('may lie wholly before or behind a record', () => {
    const behind = JoinWindows.of('10s').before('-5s')
    assert.deepEqual([behind.beforeMs, behind.afterMs, behind.size], [-5000, 10_000, 5000])
    assert.equal(JoinWindows.of(10).after(-10).size, 0)
  })

  it('keep records of one time for one another though they have no size', () => {
    assert.equal(JoinWindows.of(0).retention, 1)
  })

  it('are refused where nothing could be in them', () => {
    for (const wrong of [
      () => JoinWindows.of(-1),
      () => JoinWindows.of(10).grace(-1),
      () => JoinWindows.of(10).before(-11),
      () => JoinWindows.of('10s').after('-11s'),
    ]) {
      assert.throws(wrong, InvalidDurationError)
    }
  })
})
