import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decodePosition, encodePosition, type FeedPosition } from '../../../src/observe/feed/feed-position.js'

const position: fc.Arbitrary<FeedPosition> = fc.record(
  {
    topicId: fc
      .uint8Array({ minLength: 16, maxLength: 16 })
      .map((bytes) => Buffer.from(bytes).toString('hex')),
    filterHash: fc.nat(0xffff_ffff),
    issuedAt: fc.nat(0xffff_ffff).map((seconds) => seconds * 1000),
    offsets: fc.array(fc.maxSafeNat(), { minLength: 1, maxLength: 200 }),
  },
  { noNullPrototype: true },
)

describe('an event id', () => {
  test('is read as it was written', () => {
    fc.assert(fc.property(position, (each) => assert.deepEqual(decodePosition(encodePosition(each)), each)))
  })

  test('fits a header, with a hundred partitions and long logs', () => {
    const offsets = Array.from({ length: 100 }, () => 1e12)
    const id = encodePosition({ topicId: '0'.repeat(32), filterHash: 0, issuedAt: 0, offsets })
    assert.match(id, /^[\w-]+$/)
    assert.ok(id.length < 1000, `${id.length} characters`)
  })

  test('is none if it was cut, lengthened or made up', () => {
    fc.assert(
      fc.property(position, fc.nat(), (each, cut) => {
        const id = encodePosition(each)
        assert.equal(decodePosition(id.slice(0, cut % id.length)), undefined)
        assert.equal(decodePosition(`${id}AA`), undefined)
        assert.equal(decodePosition(`!${id}`), undefined)
      }),
    )
    fc.assert(fc.property(fc.string(), (text) => assert.equal(decodePosition(text), undefined)))
  })
})
