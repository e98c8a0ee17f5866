import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SerdeError } from '../../../../src/serdes/serde-error.js'
import { codecOf, type Options, proto2, proto3 } from './proto.js'

const serdeError = (problem: string) => new SerdeError('protobuf', problem)
const fieldOf = (type: string, options: Options = {}) =>
  codecOf(proto3(`message M { ${type} v = 1; }`), options)

describe('scalars of Protobuf', () => {
  // As https://protobuf.dev/programming-guides/encoding has them.
  const vectors: readonly (readonly [type: string, value: unknown, hex: string])[] = [
    ['int32', 150, '089601'],
    ['int32', -2, '08feffffffffffffffff01'],
    ['uint32', 4294967295, '08ffffffff0f'],
    ['sint32', -1, '0801'],
    ['sint32', -2147483648, '08ffffffff0f'],
    ['fixed32', 4294967295, '0dffffffff'],
    ['sfixed32', -2, '0dfeffffff'],
    ['int64', 150, '089601'],
    ['int64', -2, '08feffffffffffffffff01'],
    ['int64', Number.MAX_SAFE_INTEGER, '08ffffffffffffff0f'],
    ['int64', Number.MIN_SAFE_INTEGER, '0881808080808080f0ff01'],
    ['uint64', 2 ** 32, '088080808010'],
    ['sint64', -1, '0801'],
    ['sint64', Number.MIN_SAFE_INTEGER, '08fdffffffffffff1f'],
    ['fixed64', 2 ** 40, '090000000000010000'],
    ['sfixed64', -1, '09ffffffffffffffff'],
    ['bool', true, '0801'],
    ['float', 0.5, '0d0000003f'],
    ['double', -0, '090000000000000080'],
    ['double', Number.NaN, '09000000000000f87f'],
    ['double', Number.NEGATIVE_INFINITY, '09000000000000f0ff'],
    ['string', 'testing', '0a0774657374696e67'],
    ['string', 'Zürich', '0a075ac3bc72696368'],
    ['bytes', new Uint8Array([0, 255]), '0a0200ff'],
  ]
  for (const [type, value, hex] of vectors) {
    it(`has ${type} ${Object.is(value, -0) ? '-0' : String(value)}`, () => {
      const { write, hex: written, roundTrip } = fieldOf(type)
      assert.equal(written({ v: value }), hex)
      assert.equal(write({ v: value }).length, 1 + hex.length / 2)
      assert.deepEqual(roundTrip({ v: value }), { v: value })
    })
  }

  const texts = [0, 1, 127, 128, 16_383, 16_384].flatMap((length) => ['a'.repeat(length), 'é'.repeat(length)])
  it('has texts and bytes of every length', () => {
    for (const text of texts) {
      assert.deepEqual(fieldOf('string').roundTrip({ v: text }), { v: text })
      const bytes = new Uint8Array(Buffer.from(text))
      assert.deepEqual(fieldOf('bytes').roundTrip({ v: bytes }), { v: bytes })
    }
  })

  const refused: readonly (readonly [type: string, value: unknown])[] = [
    ['int32', 2 ** 31],
    ['int32', 1.5],
    ['int32', '1'],
    ['uint32', -1],
    ['sint32', -(2 ** 31) - 1],
    ['fixed32', 2 ** 32],
    ['int64', 2 ** 53],
    ['int64', 2n ** 63n],
    ['uint64', -1],
    ['uint64', -1n],
    ['sint64', Number.NaN],
    ['float', 1e39],
    ['float', '1'],
    ['double', 1n],
    ['bool', 1],
    ['string', 1],
    ['bytes', 'a'],
    ['bytes', [1]],
  ]
  for (const [type, value] of refused) {
    it(`refuses ${typeof value} ${String(value)} as ${type}`, () => {
      const shown = typeof value === 'string' ? JSON.stringify(value) : String(value)
      const wanted = type === 'bytes' ? 'Uint8Array' : type
      assert.throws(() => fieldOf(type).write({ v: value }), serdeError(`v: ${shown} is no ${wanted}`))
    })
  }

  it('gives a copy of bytes', () => {
    const { v } = fieldOf('bytes').roundTrip({ v: new Uint8Array([1, 2]) }) as { v: Uint8Array }
    assert.equal(v.buffer.byteLength, 2)
  })
})

describe('64-bit integers of Protobuf', () => {
  const LONGS = [
    ['int64', -(2n ** 63n), 2n ** 63n - 1n],
    ['sint64', -(2n ** 63n), 2n ** 63n - 1n],
    ['sfixed64', -(2n ** 63n), 2n ** 63n - 1n],
    ['uint64', 0n, 2n ** 64n - 1n],
    ['fixed64', 0n, 2n ** 64n - 1n],
  ] as const
  for (const [type, min, max] of LONGS) {
    it(`keep all digits of ${type} as bigint`, () => {
      const { roundTrip } = fieldOf(type, { long: 'bigint' })
      for (const v of [min, min + 1n, 1n, 2n ** 53n + 1n, max - 1n, max])
        assert.deepEqual(roundTrip({ v }), { v })
    })

    it(`are refused as number where ${type} has more digits`, () => {
      const { roundTrip } = fieldOf(type)
      for (const v of [min, max, 2n ** 53n]) {
        if (v === 0n) continue
        assert.throws(() => roundTrip({ v }), serdeError(`v: ${v} is no safe integer (see option long)`))
      }
      assert.deepEqual(roundTrip({ v: 7n }), { v: 7 })
    })
  }

  it('are written alike, number or bigint', () => {
    for (const [type] of LONGS) assert.equal(fieldOf(type).hex({ v: 77 }), fieldOf(type).hex({ v: 77n }))
  })
})

describe('absent fields of Protobuf', () => {
  const body = `
    message M {
      int32 i = 1; double d = 2; string s = 3; bool b = 4; bytes y = 5; Kind k = 6; int64 l = 7;
      repeated int32 many = 8; map<string, int32> map = 9;
      optional int32 o = 10; Inner inner = 11; oneof choice { string x = 12; int32 z = 13; }
    }
    enum Kind { NONE = 0; SOME = 1; }
    message Inner { int32 a = 1; }`
  const absent = { i: 0, d: 0, s: '', b: false, y: new Uint8Array(0), k: 'NONE', l: 0, many: [], map: {} }
  const { hex, roundTrip } = codecOf(proto3(body))

  it('are zero in proto3, and zero is not written', () => {
    assert.equal(hex({}), '')
    assert.deepEqual(roundTrip({}), absent)
    assert.equal(hex(absent), '')
    assert.equal(hex({ i: -0, k: 0, l: 0n, o: null, x: undefined }), '')
  })

  it('are absent where the schema tells absent from zero', () => {
    for (const value of [{ o: 0 }, { inner: { a: 0 } }, { x: '' }, { z: 0 }]) {
      assert.deepEqual(roundTrip(value), { ...absent, ...value })
    }
  })

  it('are made anew for each message', () => {
    const [first, second] = [roundTrip({}), roundTrip({})] as { many: unknown[]; map: object }[]
    assert.notEqual(first!.many, second!.many)
    assert.notEqual(first!.map, second!.map)
  })

  it('are what proto2 declares as default, both when read and when written', () => {
    const declared = codecOf(
      proto2(`enum Kind { A = 3; B = 4; }
        message M {
          optional int32 i = 1 [default = -5]; optional string s = 2 [default = "x"]; optional bool b = 3 [default = true];
          optional Kind k = 4 [default = B]; optional double d = 5 [default = inf]; optional bytes y = 6 [default = "ab"];
          optional int64 l = 7 [default = 9]; optional int32 plain = 8;
        }`),
    )
    const defaults = {
      i: -5,
      s: 'x',
      b: true,
      k: 'B',
      d: Number.POSITIVE_INFINITY,
      y: new Uint8Array([97, 98]),
      l: 9,
    }
    assert.deepEqual(declared.read(Buffer.from([0])), defaults)
    assert.equal(declared.hex({}), declared.hex(defaults))
    assert.deepEqual(declared.roundTrip({ i: 0, plain: 0 }), { ...defaults, i: 0, plain: 0 })
  })

  it('are refused where proto2 requires them', () => {
    const required = codecOf(proto2('message M { required int32 id = 1; optional M child = 2; }'))
    assert.deepEqual(required.roundTrip({ id: 0 }), { id: 0 })
    assert.throws(() => required.write({ id: 1, child: {} }), serdeError('child.id: it is required'))
    assert.throws(
      () => required.read(Buffer.from('0008011200', 'hex')),
      serdeError('child: required field id is missing'),
    )
  })
})

describe('fields of Protobuf', () => {
  it('have names in lowerCamelCase', () => {
    const { roundTrip } = codecOf(
      proto3('message M { int32 delay_in_minutes = 1; int32 gate_2 = 2; int32 x__y = 3; }'),
    )
    assert.deepEqual(roundTrip({ delayInMinutes: 1, gate2: 2, xY: 3 }), {
      delayInMinutes: 1,
      gate2: 2,
      xY: 3,
    })
  })

  it('may be called as what all objects have', () => {
    const { roundTrip } = codecOf(
      proto3('message M { M constructor = 1; optional string to_string = 2; int32 value_of = 3; }'),
    )
    assert.deepEqual(roundTrip({}), { valueOf: 0 })
    const value = { constructor: { valueOf: 1 }, toString: 'x', valueOf: 2 }
    assert.deepEqual(roundTrip(value), value)
  })

  it('are written by their number, whatever order values have', () => {
    const { hex } = codecOf(proto3('message M { int32 c = 3; int32 a = 1; int32 b = 200; }'))
    assert.equal(hex({ b: 2, c: 3, a: 1 }), '08011803c00c02')
    assert.equal(hex({ a: 1, b: 2, c: 3 }), '08011803c00c02')
  })

  it('are enums by name, or by number where a newer schema has named it', () => {
    const kinds = 'enum Kind { option allow_alias = true; NONE = 0; NEW = 1; FRESH = 1; OLD = -1; }'
    const { roundTrip, hex, write } = codecOf(proto3(`message M { Kind v = 1; } ${kinds}`))
    for (const v of ['NONE', 'NEW', 'OLD']) assert.deepEqual(roundTrip({ v }), { v })
    assert.deepEqual(roundTrip({ v: 'FRESH' }), { v: 'NEW' })
    assert.deepEqual(roundTrip({ v: 7 }), { v: 7 })
    assert.equal(hex({ v: 'NEW' }), hex({ v: 1 }))
    assert.throws(() => write({ v: 'LATE' }), serdeError('v: "LATE" is no Kind'))
    assert.throws(() => write({ v: 'toString' }), serdeError('v: "toString" is no Kind'))
  })

  it('may be repeated, packed or not', () => {
    const { hex, roundTrip, read, write } = codecOf(
      proto3(`message M {
        repeated int32 packed = 1; repeated int32 single = 2 [packed = false];
        repeated string text = 3; repeated M inner = 4; repeated Kind kind = 5;
      } enum Kind { A = 0; B = 1; }`),
    )
    assert.equal(hex({ packed: [3, 270, 86942] }), '0a06038e029ea705')
    assert.equal(hex({ single: [1, 2] }), '10011002')
    const empty = { packed: [], single: [], text: [], inner: [], kind: [] }
    const value = {
      packed: [0, -1],
      single: [0],
      text: ['', 'a'],
      inner: [empty, { ...empty, kind: ['B', 'A', 5] }],
    }
    assert.deepEqual(roundTrip(value), { ...empty, ...value })
    const swapped = read(Buffer.from('00' + '0801' + '0802' + '12020304', 'hex'))
    assert.deepEqual(swapped, { ...empty, packed: [1, 2], single: [3, 4] })
    assert.throws(() => write({ packed: 1 }), serdeError('packed: 1 is no array'))
    assert.throws(() => write({ text: ['a', undefined] }), serdeError('text.1: undefined is no string'))
  })

  it('may be long lists', () => {
    const { roundTrip } = codecOf(proto3('message M { repeated uint32 v = 1; repeated M m = 2; }'))
    const v = Array.from({ length: 50_000 }, (_, index) => index * 3)
    assert.deepEqual(roundTrip({ v, m: [{ v, m: [] }] }), { v, m: [{ v, m: [] }] })
  })

  it('may be maps, whose entries are written by the order of their keys', () => {
    const { hex, roundTrip, write } = codecOf(
      proto3(`message M {
        map<string, int32> text = 1; map<int64, string> long = 2; map<bool, M> flag = 3; map<sint32, double> int = 4;
      }`),
      { long: 'bigint' },
    )
    assert.equal(hex({ text: { b: 2, a: 0 } }), '0a050a016110000a050a01621002')
    assert.equal(hex({ text: { a: 0, b: 2 } }), hex({ text: { b: 2, a: 0 } }))
    const empty = { text: {}, long: {}, flag: {}, int: {} }
    const text = JSON.parse('{"__proto__": 1, "constructor": 2, "": 3}')
    const value = {
      text,
      long: { '-9223372036854775808': 'min', 7: '' },
      flag: { false: empty, true: empty },
      int: { '-1': 0.5 },
    }
    assert.deepEqual(roundTrip(value), { ...empty, ...value })
    for (const long of [
      { '01': '' },
      { x: '' },
      { '1.5': '' },
      { '-0': '' },
      { '9223372036854775808': '' },
    ]) {
      assert.throws(() => write({ long }), SerdeError)
    }
    assert.throws(() => write({ flag: { yes: {} } }), serdeError('flag.yes: the key "yes" is no bool'))
    assert.throws(
      () => write({ text: new Map([['a', 1]]) }),
      serdeError('text: [object Map] is no plain object'),
    )
    assert.throws(() => write({ text: { ['x'.repeat(100_000)]: 'y' } }), { message: /^.{1,200}$/ })
    assert.throws(() => write({ text: { a: undefined } }), serdeError('text.a: undefined is no int32'))
  })

  it('are zero in an entry of a map that has no key or value', () => {
    const { read } = codecOf(proto3('message M { map<int32, string> a = 1; map<string, M> b = 2; }'))
    assert.deepEqual(read(Buffer.from('000a001200', 'hex')), { a: { 0: '' }, b: { '': { a: {}, b: {} } } })
  })

  it('may be of a oneof, of which the last one written is there', () => {
    const { read, write, roundTrip } = codecOf(
      proto3('message M { oneof choice { string a = 1; int32 b = 2; M c = 3; } }'),
    )
    for (const value of [{ a: '' }, { b: 0 }, { c: { b: 1 } }]) assert.deepEqual(roundTrip(value), value)
    assert.deepEqual(read(Buffer.from('000a01781001', 'hex')), { b: 1 })
    assert.throws(() => write({ a: 'x', b: 1 }), serdeError('only one of a, b can be there'))
  })

  it('may be messages that are written in several pieces', () => {
    const { read } = codecOf(
      proto3('message M { M in = 1; int32 a = 2; repeated int32 r = 3; optional int32 o = 4; }'),
    )
    const inner = { a: 1, r: [1, 2], o: 7 }
    assert.deepEqual(read(Buffer.from(`00${'0a0410011801'}${'0a0418022007'}`, 'hex')), {
      a: 0,
      r: [],
      in: inner,
    })
  })

  it('may be groups of proto2', () => {
    const { hex, roundTrip, read } = codecOf(
      proto2(
        'message M { optional group Leg = 1 { optional int32 a = 2; } repeated group Stop = 3 { optional M m = 4; } }',
      ),
    )
    assert.equal(hex({ leg: { a: 5 } }), '0b10050c')
    const value = { leg: { a: 1 }, stop: [{}, { m: { stop: [], leg: {} } }] }
    assert.deepEqual(roundTrip(value), value)
    assert.throws(() => read(Buffer.from('000b1005', 'hex')), serdeError('leg: the bytes end in a group'))
    assert.throws(() => read(Buffer.from('000b14', 'hex')), SerdeError)
  })

  it('may be extensions', () => {
    const { roundTrip } = codecOf(
      proto2('package p; message M { extensions 100 to 200; } extend M { optional int32 extra = 100; }'),
    )
    assert.deepEqual(roundTrip({ '[p.extra]': 3 }), { '[p.extra]': 3 })
  })

  it('are plain objects when they are messages', () => {
    const { write } = codecOf(proto3('message M { M in = 1; }'))
    for (const value of [undefined, null, 'a', [], new Map(), new Date(0), new Uint8Array(1)]) {
      assert.throws(() => write(value), SerdeError)
    }
    assert.throws(() => write({ in: { in: 1 } }), serdeError('in.in: 1 is no M'))
  })

  it('may lie in each other 100 deep, and no deeper', () => {
    const { roundTrip, write } = codecOf(proto3('message M { M in = 1; }'))
    const nested = (depth: number): object => (depth === 0 ? {} : { in: nested(depth - 1) })
    assert.deepEqual(roundTrip(nested(100)), nested(100))
    assert.throws(() => write(nested(101)), /messages lie more than 100 deep/)
    const cycle: { in?: object } = {}
    cycle.in = cycle
    assert.throws(() => write(cycle), SerdeError)
  })
})
