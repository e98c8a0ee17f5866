import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { SerdeError } from '../../src/serdes/serde-error.js'
import { string } from '../../src/serdes/string.js'
import { valueList } from '../../src/serdes/value-list.js'
import { hex, readFrom, roundTrip } from './round-trip.js'

const serde = valueList(string())

describe('a list of values', () => {
  it('is each value behind its length', () => {
    assert.equal(hex(serde, ['a', '', 'bc']), '000000016100000000000000026263')
  })

  it('comes back', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 50 }), { maxLength: 20 }), (values) => {
        assert.deepEqual(roundTrip(serde, values), values)
      }),
    )
  })

  it('is refused where it is none', () => {
    for (const bytes of ['000000', '0000000261', 'ffffffff61']) {
      assert.throws(() => readFrom(serde, Buffer.from(bytes, 'hex')), SerdeError)
    }
  })
})
