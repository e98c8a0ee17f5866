import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { float64 } from '../../src/serdes/float64.js'
import { SerdeError } from '../../src/serdes/serde-error.js'
import { string } from '../../src/serdes/string.js'
import { windowed } from '../../src/serdes/windowed.js'
import { bytesOf, hex, readFrom, roundTrip } from './round-trip.js'

const windowOf = (start: number, size: number) => ({ start, end: start + size })

describe('windowed', () => {
  const hourly = windowed(string(), { size: '1h' })

  it("has the bytes of Kafka Streams' time-windowed topic keys: the key, then the start", () => {
    assert.equal(
      hex(hourly, { key: 'SFO', window: windowOf(3_600_000, 3_600_000) }),
      '53464f000000000036ee80',
    )
  })

  it('finds the end by the size', () => {
    const starts = fc.integer({ min: 0, max: 2 ** 41 }).map((hour) => hour * 3_600_000)
    fc.assert(
      fc.property(fc.string(), starts.filter(Number.isSafeInteger), (key, start) => {
        const value = { key, window: windowOf(start, 3_600_000) }
        assert.deepEqual(roundTrip(hourly, value), value)
      }),
    )
  })

  it('ends the last window at the last safe integer', () => {
    const start = Number.MAX_SAFE_INTEGER - 5
    const read = roundTrip(hourly, { key: 'a', window: { start, end: start + 5 } })
    assert.deepEqual(read.window, { start, end: Number.MAX_SAFE_INTEGER })
  })

  it('has an identity where the key has one', () => {
    const codec = windowed(float64(), { size: 10 })
    const values = fc.record({
      key: fc.constantFrom(0, -0, 1, 10, 0.5),
      window: fc.constantFrom(0, 10, 100).map((start) => windowOf(start, 10)),
    })
    fc.assert(
      fc.property(values, values, (left, right) => {
        const sameBytes = bytesOf(codec, left).equals(bytesOf(codec, right))
        assert.equal(codec.identity!(left) === codec.identity!(right), sameBytes)
      }),
    )
    assert.equal(windowed({ ...string(), identity: undefined } as never, { size: 1 }).identity, undefined)
  })

  it('leaves the start out of the partition', () => {
    assert.equal(hourly.partitionSuffix, 8)
  })

  it('refuses bytes that are no windowed key', () => {
    assert.throws(() => readFrom(hourly, Buffer.alloc(7)), SerdeError)
    assert.throws(() => readFrom(hourly, Buffer.alloc(8, 0xff)), /window start -1 is no time/)
  })
})
