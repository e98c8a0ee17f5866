import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { bytes } from '../../src/serdes/bytes.js'
import { serde } from '../../src/serdes/custom-serde.js'
import { float64 } from '../../src/serdes/float64.js'
import { int32 } from '../../src/serdes/int32.js'
import { int64 } from '../../src/serdes/int64.js'
import type { Serde } from '../../src/serdes/serde.js'
import { SerdeError } from '../../src/serdes/serde-error.js'
import { string } from '../../src/serdes/string.js'
import { bytesOf, hex, readFrom, roundTrip } from './round-trip.js'

const doubles = fc.oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN, Number.MIN_VALUE))
const anyString = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\ud800', '\udc00', '\ufffd', 'a') }),
)

function assertRoundTrips<T>(codec: Serde<T>, values: fc.Arbitrary<T>): void {
  fc.assert(fc.property(values, (value) => assert.deepEqual(roundTrip(codec, value), value)))
}

/** The contract of `identity`: equal exactly where the bytes are equal, in the sense of a Map's keys. */
function assertIdentityIsInjective<T>(codec: Serde<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, values, (left, right) => {
      const sameBytes = bytesOf(codec, left).equals(bytesOf(codec, right))
      const identities = new Set([codec.identity!(left), codec.identity!(right)])
      assert.equal(identities.size === 1, sameBytes)
    }),
  )
}

describe('string', () => {
  it('is UTF-8', () => {
    assert.equal(hex(string(), 'aé漢😀'), '61c3a9e6bca2f09f9880')
    assertRoundTrips(string(), fc.string({ unit: 'grapheme' }))
    for (const text of ['', 'a', 'SFO', 'user', 'user-1234567', 'user-12345678', 'zürich', 'Zürich HB 1']) {
      assert.equal(roundTrip(string(), text), text)
    }
  })

  it('writes a lone surrogate as U+FFFD, and takes both for one key', () => {
    assert.equal(hex(string(), '\ud800'), 'efbfbd')
    assertIdentityIsInjective(string(), anyString)
  })

  it('reads malformed bytes as U+FFFD', () => {
    assert.equal(readFrom(string(), Buffer.from([0x61, 0xff, 0x62])), 'a\ufffdb')
  })

  it('refuses what is no string', () => {
    assert.throws(() => bytesOf(string() as Serde<unknown>, 7), new SerdeError('string', '7 is no string'))
  })
})

describe('bytes', () => {
  it('keeps bytes as they are', () => {
    assertRoundTrips(bytes(), fc.uint8Array())
    assertIdentityIsInjective(bytes(), fc.uint8Array({ maxLength: 2 }))
  })

  it('does not keep the response that it was read from', () => {
    const response = Buffer.from('abc')
    const value = bytes().deserialize(response, 0, 3)
    assert.notEqual(value.buffer, response.buffer)
    assert.equal(value.buffer.byteLength, 3)
  })
})

describe('int32', () => {
  it("has the bytes of Java's IntegerSerializer", () => {
    assert.equal(hex(int32(), 1), '00000001')
    assert.equal(hex(int32(), -2), 'fffffffe')
    assertRoundTrips(int32(), fc.integer())
    assertIdentityIsInjective(int32(), fc.integer({ min: -2, max: 2 }))
  })

  it('refuses what does not fit, both ways', () => {
    for (const value of [2 ** 31, -(2 ** 31) - 1, 0.5, Number.NaN, '1' as unknown as number]) {
      assert.throws(() => bytesOf(int32(), value), SerdeError)
    }
    assert.throws(
      () => readFrom(int32(), Buffer.alloc(5)),
      new SerdeError('int32', '4 bytes expected, 5 found'),
    )
  })
})

describe('int64', () => {
  const safe = fc.maxSafeInteger()

  it("has the bytes of Java's LongSerializer", () => {
    assert.equal(hex(int64(), 1), '0000000000000001')
    assert.equal(hex(int64(), -1), 'ffffffffffffffff')
    assert.equal(hex(int64(), Number.MAX_SAFE_INTEGER), '001fffffffffffff')
    assertRoundTrips(int64(), safe)
    assertIdentityIsInjective(int64(), fc.constantFrom(0, -0, 1, -1))
    fc.assert(
      fc.property(safe, (value) =>
        assert.equal(hex(int64(), value), hex(int64({ as: 'bigint' }), BigInt(value))),
      ),
    )
  })

  it('is a bigint of the whole range on request', () => {
    const wide = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    assertRoundTrips(int64({ as: 'bigint' }), wide)
    assertIdentityIsInjective(int64({ as: 'bigint' }), wide)
    assert.throws(() => bytesOf(int64({ as: 'bigint' }), 2n ** 63n), SerdeError)
  })

  it('never rounds: a number beyond the safe integers is refused, both ways', () => {
    assert.throws(() => bytesOf(int64(), 2 ** 53), /no safe integer/)
    assert.throws(() => bytesOf(int64(), 0.5), /no safe integer/)
    const beyond = bytesOf(int64({ as: 'bigint' }), 2n ** 53n)
    assert.throws(() => readFrom(int64(), beyond), /9007199254740992 is beyond the safe integers/)
  })
})

describe('float64', () => {
  it("has the bytes of Java's DoubleSerializer", () => {
    assert.equal(hex(float64(), 1.5), '3ff8000000000000')
    assert.equal(hex(float64(), Number.NaN), '7ff8000000000000')
    assertRoundTrips(float64(), doubles)
  })

  it('takes -0 and 0 for two keys, and every NaN for one', () => {
    assertIdentityIsInjective(float64(), doubles)
    const otherNaN = readFrom(float64(), Buffer.from('7ff8000000000001', 'hex'))
    assert.equal(hex(float64(), otherNaN), hex(float64(), Number.NaN))
  })
})

describe('serde', () => {
  it('makes a serde of two functions, which may keep the bytes that they get', () => {
    const reversed = serde({
      name: 'reversed',
      serialize: (text: string) => Buffer.from(text).reverse(),
      deserialize: (raw) => ({ raw, text: Buffer.from(raw).reverse().toString() }) as unknown as string,
    })
    assert.equal(hex(reversed, 'ab'), '6261')
    const { raw } = roundTrip(reversed, 'ab') as unknown as { raw: Uint8Array }
    assert.deepEqual([...raw], [0x62, 0x61])
    assert.equal(reversed.identity, undefined)
  })
})
