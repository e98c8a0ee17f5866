import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { InvalidDurationError } from '../../src/time/duration.js'
import { TumblingWindows } from '../../src/windows/tumbling-windows.js'
import { windowEnd } from '../../src/windows/window.js'

describe('TumblingWindows', () => {
  it('have a size, and no grace unless given', () => {
    const windows = TumblingWindows.of('1h')
    assert.deepEqual([windows.size, windows.graceMs, windows.retention], [3_600_000, 0, 3_600_000])
    const patient = windows.grace('10m')
    assert.deepEqual([patient.size, patient.graceMs, patient.retention], [3_600_000, 600_000, 4_200_000])
    assert.equal(windows.graceMs, 0)
  })

  it('put every timestamp in exactly one window, aligned to the epoch', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 2 ** 40 }), (timestamp, size) => {
        const start = TumblingWindows.of(size).firstStart(timestamp)
        assert.equal(BigInt(start), (BigInt(timestamp) / BigInt(size)) * BigInt(size))
        assert.ok(timestamp <= windowEnd(start, size) && start <= timestamp)
      }),
    )
  })

  it('are refused without a size', () => {
    assert.throws(() => TumblingWindows.of(0), InvalidDurationError)
    assert.throws(() => TumblingWindows.of(10).grace(-1), InvalidDurationError)
  })
})
