import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import protobuf from 'protobufjs'
import { SerdeError } from '../../../../src/serdes/serde-error.js'
import { codecOf, proto2, proto3 } from './proto.js'

/** All that the language has. */
const everything = proto3(`
  message All {
    int32 i32 = 1; uint32 u32 = 2; sint32 s32 = 3; fixed32 f32 = 4; sfixed32 sf32 = 5;
    int64 i64 = 6; uint64 u64 = 7; sint64 s64 = 8; fixed64 f64 = 9; sfixed64 sf64 = 10;
    float flt = 11; double dbl = 12; bool flag = 13; string text = 14; bytes raw = 15; Hue hue = 16;
    optional int32 maybe = 17;
    oneof choice { string left = 18; All right = 19; }
    repeated sint64 packed = 20; repeated fixed32 single = 21 [packed = false]; repeated string texts = 22; repeated All all = 23;
    map<string, int64> counts = 24; map<int32, All> byNumber = 25; map<bool, bytes> flags = 26;
    int32 far = 536870911;
  }
  enum Hue { RED = 0; GREEN = 5; BLUE = -1; }`)

const long = (min: bigint, max: bigint) => fc.bigInt({ min, max })
const signed = long(-(2n ** 63n), 2n ** 63n - 1n)
const unsigned = long(0n, 2n ** 64n - 1n)
const int32 = fc.integer()
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })
const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const bytes = fc.uint8Array({ maxLength: 200 })
const float = fc.float({ noNaN: true })
const double = fc.double({ noNaN: true })
const keyed = <T>(keys: fc.Arbitrary<string>, values: fc.Arbitrary<T>) =>
  fc.dictionary(keys, values, { maxKeys: 4, noNullPrototype: true })

const scalars = fc.record({
  i32: int32,
  u32: uint32,
  s32: int32,
  f32: uint32,
  sf32: int32,
  i64: signed,
  u64: unsigned,
  s64: signed,
  f64: unsigned,
  sf64: signed,
  flt: float,
  dbl: double,
  flag: fc.boolean(),
  text,
  raw: bytes,
  hue: fc.constantFrom('RED', 'GREEN', 'BLUE', 77),
  maybe: fc.option(int32, { nil: undefined }),
  packed: fc.array(signed, { maxLength: 4 }),
  single: fc.array(uint32, { maxLength: 4 }),
  texts: fc.array(text, { maxLength: 3 }),
  counts: keyed(text, signed),
  // protobufjs writes the key false as true.
  flags: keyed(fc.constant('true'), bytes),
  far: int32,
})

/** Messages that lie in each other, so deep. */
function messages(depth: number): fc.Arbitrary<Record<string, unknown>> {
  const inner = depth === 0 ? undefined : messages(depth - 1)
  const left = text.map((value) => ({ left: value }))
  const nested = fc.record({
    choice:
      inner === undefined
        ? fc.oneof(fc.constant({}), left)
        : fc.oneof(
            fc.constant({}),
            left,
            inner.map((right) => ({ right })),
          ),
    all: inner === undefined ? fc.constant([]) : fc.array(inner, { maxLength: 2 }),
    byNumber: inner === undefined ? fc.constant({}) : keyed(int32.map(String), inner),
  })
  return fc.tuple(scalars, nested).map(([{ maybe, ...rest }, { choice, ...others }]) => ({
    ...rest,
    ...others,
    ...choice,
    ...(maybe === undefined ? {} : { maybe }),
  }))
}

const all = messages(2)

/** The same value, its properties the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  const copy: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value).reverse()) {
    Object.defineProperty(copy, key, {
      value: reversed(inner),
      configurable: true,
      enumerable: true,
      writable: true,
    })
  }
  return copy
}

const codec = codecOf(everything, { long: 'bigint' })
const numbers = codecOf(everything)

describe('messages of Protobuf', () => {
  it('come back as they were written', () => {
    fc.assert(fc.property(all, (value) => assert.deepEqual(codec.roundTrip(value), value)))
  })

  it('have the same bytes where they are equal', () => {
    fc.assert(
      fc.property(all, (value) => {
        const written = codec.write(value)
        assert.deepEqual(codec.write(reversed(value)), written)
        assert.deepEqual(codec.write(codec.read(written)), written)
      }),
    )
  })

  it('are read by protobufjs as they were written, and the other way round', () => {
    const type = protobuf.parse(everything.schema).root.lookupType('All')
    fc.assert(
      fc.property(all, (value) => {
        const bytes = codec.write(value).subarray(1)
        const message = type.decode(bytes)
        const again = type.encode(message).finish()
        assert.deepEqual(codec.read(Buffer.concat([Buffer.from([0]), again])), value)
      }),
      { numRuns: 50 },
    )
  })
})

describe('bytes that are no message of Protobuf', () => {
  const groups = codecOf(proto2('message M { optional group G = 1 { optional M m = 2; } repeated M r = 3; }'))
  const isValueOrSerdeError = (bytes: Uint8Array): void => {
    for (const { read } of [codec, numbers, groups]) {
      try {
        read(bytes)
      } catch (error) {
        assert.ok(error instanceof SerdeError, String(error))
      }
    }
  }

  it('are refused, whatever they are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), isValueOrSerdeError), { numRuns: 500 })
    const behindIndexes = fc.uint8Array({ maxLength: 64 }).map((bytes) => Uint8Array.from([0, ...bytes]))
    fc.assert(fc.property(behindIndexes, isValueOrSerdeError), { numRuns: 2_000 })
  })

  it('are refused where they are cut off or damaged', () => {
    fc.assert(
      fc.property(
        all,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.nat(7),
        (value, at, bit) => {
          const written = codec.write(value)
          const index = Math.floor(at * written.length)
          isValueOrSerdeError(written.subarray(0, index))
          written[index]! ^= 1 << bit
          isValueOrSerdeError(written)
        },
      ),
    )
  })

  const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
  const refused: readonly (readonly [what: string, bytes: string, problem: RegExp])[] = [
    ['a text longer than the bytes', '00 72 ffffffff07', /text: the bytes end too early/],
    ['a text of 4 GB', '00 72 ffffffff0f 61', /text: the bytes end too early/],
    ['a length that is no length', '00 72 ffffffffffffffffff01', /text: -1 is no uint32/],
    ['a message longer than that around it', '00 9a01 02 7205', /right.text: the bytes end too early/],
    ['a packed list cut off in a number', '00 a201 01 80', /packed: the bytes end too early/],
    ['a varint without an end', '00 08 ffffffffffffffffffff01', /more than 64 bits/],
    ['a tag without a value', '00 08', /i32: the bytes end too early/],
    ['field number 0', '00 00 00', /number 0/],
    ['a tag that is none', '00 ffffffffffffffffff01', /is no uint32/],
    ['another wire type', '00 0a 00', /field 1 has the wire type 2/],
    ['a wire type that does not exist', '00 fe06', /wire type 6/],
    ['the end of a group that did not begin', '00 ec06', /wire type 4/],
    ['a group without an end', '00 eb06 0801', /the bytes end too early/],
    ['a group that ends as another', '00 eb06 f406', /wire type 4/],
    ['an int32 that is none', '00 08 8080808010', /i32: 4294967296 is no int32/],
  ]
  for (const [what, bytes, problem] of refused) {
    it(`are refused where they are ${what}`, () => {
      assert.throws(
        () => codec.read(hex(bytes)),
        (error: Error) => error instanceof SerdeError && problem.test(error.message),
      )
    })
  }

  it('are refused where they nest without end', () => {
    let nested = Buffer.alloc(0)
    for (let depth = 0; depth < 101; depth++)
      nested = Buffer.from([0x9a, 0x01, ...varint(nested.length), ...nested])
    assert.throws(() => codec.read(Buffer.concat([hex('00'), nested])), /more than 100 deep/)
    assert.throws(() => codec.read(hex(`00${'eb06'.repeat(100_000)}`)), /more than 100 deep/)
    assert.throws(() => groups.read(hex(`00${'0b12'.repeat(100_000)}`)), SerdeError)
    assert.throws(() => groups.read(hex(`00${'0b'.repeat(100_000)}`)), SerdeError)
  })

  it('are passed over where the schema does not have their field', () => {
    const known = codec.write({ i32: 5 })
    const unknown = hex(
      'e006 ffffffffffffffffff01 e106 0000000000000000 e206 02 0000 e506 00000000 e306 0801 e406',
    )
    assert.deepEqual(codec.read(Buffer.concat([known, unknown])), codec.read(known))
  })
})

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
}
