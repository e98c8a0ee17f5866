import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  LEFT,
  RIGHT,
  type UnmatchedKey,
  unmatchedKey,
  unmatchedValues,
} from '../../operators/unmatched-key.js'
import { int64 } from '../../src/serdes/int64.js'
import { SerdeError } from '../../src/serdes/serde-error.js'
import { string } from '../../src/serdes/string.js'
import { bytesOf, readFrom, roundTrip } from '../serdes/round-trip.js'

const keys = unmatchedKey(string())
const values = unmatchedValues(string(), int64())

const anyKey: fc.Arbitrary<Required<UnmatchedKey<string>>> = fc.record({
  side: fc.constantFrom(LEFT, RIGHT),
  timestamp: fc.maxSafeNat(),
  key: fc.string({ maxLength: 5 }),
})

describe('records that have met none', () => {
  it('have keys and values that come back', () => {
    fc.assert(fc.property(anyKey, (key) => assert.deepEqual(roundTrip(keys, key), { ...key })))
    const left = { side: LEFT, values: ['a', ''] } as const
    const right = { side: RIGHT, values: [1, 2 ** 40] } as const
    assert.deepEqual(roundTrip(values, left), left)
    assert.deepEqual(roundTrip(values, right), right)
  })

  it('lie in order of their side, then of their time, then of their key', () => {
    const bytes = (text: string) => Buffer.from(text)
    fc.assert(
      fc.property(anyKey, anyKey, (a, b) => {
        const expected = a.side - b.side || a.timestamp - b.timestamp || bytes(a.key).compare(bytes(b.key))
        assert.equal(Math.sign(bytesOf(keys, a).compare(bytesOf(keys, b))), Math.sign(expected))
      }),
    )
  })

  it('lie behind the place of their time', () => {
    fc.assert(
      fc.property(anyKey, ({ key, ...place }) => {
        assert.ok(bytesOf(keys, place).compare(bytesOf(keys, { ...place, key })) <= 0)
      }),
    )
  })

  it('are refused where bytes are missing', () => {
    assert.throws(() => readFrom(keys, Buffer.alloc(8)), SerdeError)
    assert.throws(() => readFrom(values, Buffer.alloc(0)), SerdeError)
  })
})
