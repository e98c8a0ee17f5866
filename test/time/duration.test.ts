import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Duration, InvalidDurationError, parseDuration } from '../../src/time/duration.js'

describe('a duration', () => {
  it('is milliseconds, or a number with a unit', () => {
    const cases: [Duration, number][] = [
      [250, 250],
      ['250ms', 250],
      ['10s', 10_000],
      ['5m', 300_000],
      ['36h', 129_600_000],
      ['7d', 604_800_000],
      ['1.5h', 5_400_000],
      ['1.1h', 3_960_000],
      [0, 0],
    ]
    for (const [duration, millis] of cases) assert.equal(parseDuration('o', duration), millis)
  })

  it('is refused with the name of the option otherwise', () => {
    for (const bad of [
      -1,
      0.5,
      Number.NaN,
      '-1s',
      '0.1ms',
      '1e400d',
      '9007199254740992ms',
      '',
      's',
      '10 s',
      null,
    ]) {
      assert.throws(
        () => parseDuration('commitInterval', bad as Duration),
        (error: Error) =>
          error instanceof InvalidDurationError && error.message.startsWith('commitInterval: '),
        String(bad),
      )
    }
    assert.throws(() => parseDuration('size', 0, { min: 1 }), /at least 1 /)
  })

  it('may be negative where that is allowed', () => {
    assert.equal(parseDuration('before', '-5s', { min: -10_000 }), -5000)
  })

  it('has a type that knows the units', () => {
    // @ts-expect-error
    assert.throws(() => parseDuration('o', '10 minutes'))
  })
})
