import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SchemaResolutionError } from '../../../../src/serdes/schema-registry/registry-errors.js'
import { SerdeError } from '../../../../src/serdes/serde-error.js'
import { codecOf, proto2, proto3 } from './proto.js'

interface Evolution {
  readonly change: string
  readonly writer: string
  readonly reader: string
  readonly written: object
  readonly read: object
}

const readable: readonly Evolution[] = [
  {
    change: 'a field is added',
    writer: 'int32 a = 1;',
    reader: 'int32 a = 1; string b = 2;',
    written: { a: 1 },
    read: { a: 1, b: '' },
  },
  {
    change: 'a field is removed',
    writer: 'int32 a = 1; M b = 2;',
    reader: 'int32 a = 1;',
    written: { a: 1, b: { a: 2 } },
    read: { a: 1 },
  },
  {
    change: 'a field is renamed',
    writer: 'int32 a = 1;',
    reader: 'int32 z = 1;',
    written: { a: 1 },
    read: { z: 1 },
  },
  {
    change: 'a field gets another number',
    writer: 'int32 a = 1;',
    reader: 'int32 a = 2;',
    written: { a: 1 },
    read: { a: 0 },
  },
  {
    change: 'int32 is widened to int64',
    writer: 'int32 a = 1;',
    reader: 'int64 a = 1;',
    written: { a: -1 },
    read: { a: -1 },
  },
  {
    change: 'int64 is narrowed to int32',
    writer: 'int64 a = 1;',
    reader: 'int32 a = 1;',
    written: { a: -7 },
    read: { a: -7 },
  },
  {
    change: 'bool becomes uint32',
    writer: 'bool a = 1;',
    reader: 'uint32 a = 1;',
    written: { a: true },
    read: { a: 1 },
  },
  {
    change: 'an enum becomes int32',
    writer: 'E a = 1;',
    reader: 'int32 a = 1;',
    written: { a: 'TWO' },
    read: { a: 2 },
  },
  {
    change: 'int32 becomes an enum',
    writer: 'int32 a = 1;',
    reader: 'E a = 1;',
    written: { a: 9 },
    read: { a: 9 },
  },
  {
    change: 'sint32 becomes sint64',
    writer: 'sint32 a = 1;',
    reader: 'sint64 a = 1;',
    written: { a: -9 },
    read: { a: -9 },
  },
  {
    change: 'fixed32 becomes sfixed32',
    writer: 'fixed32 a = 1;',
    reader: 'sfixed32 a = 1;',
    written: { a: 9 },
    read: { a: 9 },
  },
  {
    change: 'string becomes bytes',
    writer: 'string a = 1;',
    reader: 'bytes a = 1;',
    written: { a: 'ab' },
    read: { a: new Uint8Array([97, 98]) },
  },
  {
    change: 'a message becomes bytes',
    writer: 'M a = 1; int32 b = 2;',
    reader: 'bytes a = 1;',
    written: { a: { b: 5 } },
    read: { a: new Uint8Array([0x10, 5]) },
  },
  {
    change: 'bytes become a message',
    writer: 'bytes a = 1;',
    reader: 'M a = 1; int32 b = 2;',
    written: { a: new Uint8Array([0x10, 5]) },
    read: { a: { b: 5 }, b: 0 },
  },
  {
    change: 'a number becomes a list',
    writer: 'int32 a = 1;',
    reader: 'repeated int32 a = 1;',
    written: { a: 5 },
    read: { a: [5] },
  },
  {
    change: 'a list is no longer packed',
    writer: 'repeated int32 a = 1;',
    reader: 'repeated int32 a = 1 [packed = false];',
    written: { a: [1, 2] },
    read: { a: [1, 2] },
  },
  {
    change: 'a list of texts becomes a text: the last one',
    writer: 'repeated string a = 1;',
    reader: 'string a = 1;',
    written: { a: ['x', 'y'] },
    read: { a: 'y' },
  },
  {
    change: 'a map becomes a list of its entries',
    writer: 'map<string, int32> a = 1;',
    reader: 'repeated Entry a = 1; message Entry { string key = 1; int32 value = 2; }',
    written: { a: { x: 1 } },
    read: { a: [{ key: 'x', value: 1 }] },
  },
  {
    change: 'the values of a map are widened',
    writer: 'map<string, int32> a = 1;',
    reader: 'map<string, int64> a = 1;',
    written: { a: { x: 1 } },
    read: { a: { x: 1 } },
  },
  {
    change: 'a field comes into a oneof',
    writer: 'int32 a = 1; int32 b = 2;',
    reader: 'oneof c { int32 a = 1; int32 b = 2; }',
    written: { b: 1 },
    read: { b: 1 },
  },
  {
    change: 'a field becomes optional',
    writer: 'int32 a = 1;',
    reader: 'optional int32 a = 1;',
    written: { a: 0 },
    read: {},
  },
  {
    change: 'a message within gains a field',
    writer: 'In in = 1; message In { int32 a = 1; }',
    reader: 'Of in = 1; message Of { int32 a = 1; int32 b = 2; M m = 3; }',
    written: { in: { a: 1 } },
    read: { in: { a: 1, b: 0 } },
  },
]

const unreadable: readonly (readonly [change: string, writer: string, reader: string])[] = [
  ['int32 becomes sint32', 'int32 a = 1;', 'sint32 a = 1;'],
  ['int32 becomes fixed32', 'int32 a = 1;', 'fixed32 a = 1;'],
  ['int32 becomes string', 'int32 a = 1;', 'string a = 1;'],
  ['float becomes double', 'float a = 1;', 'double a = 1;'],
  ['float becomes fixed32', 'float a = 1;', 'fixed32 a = 1;'],
  ['fixed64 becomes int64', 'fixed64 a = 1;', 'int64 a = 1;'],
  ['a message becomes a number', 'M a = 1;', 'int32 a = 1;'],
  ['a message becomes a text', 'M a = 1;', 'string a = 1;'],
  ['a list of numbers becomes a number', 'repeated int32 a = 1;', 'int32 a = 1;'],
  ['a list of enums becomes an enum', 'repeated E a = 1;', 'E a = 1;'],
  ['the keys of a map change', 'map<string, int32> a = 1;', 'map<int32, int32> a = 1;'],
  ['the values of a map change', 'map<string, int32> a = 1;', 'map<string, float> a = 1;'],
  [
    'a map becomes a list of something else',
    'map<string, int32> a = 1;',
    'repeated In a = 1; message In { int32 b = 1; }',
  ],
  ['a number is used again', 'int32 a = 1; string b = 2;', 'int32 a = 1; double c = 2;'],
  [
    'a message within cannot be read',
    'In in = 1; message In { int32 a = 1; }',
    'In in = 1; message In { double a = 1; }',
  ],
]

const messageOf = (fields: string) => proto3(`message M { ${fields} } enum E { ONE = 0; TWO = 2; }`)

describe('evolution of Protobuf schemas', () => {
  for (const { change, writer, reader, written, read } of readable) {
    it(`reads on where ${change}`, () => {
      assert.deepEqual(codecOf(messageOf(writer), {}, messageOf(reader)).roundTrip(written), read)
    })
  }

  for (const [change, writer, reader] of unreadable) {
    it(`refuses to read where ${change}`, () => {
      assert.throws(() => codecOf(messageOf(writer), {}, messageOf(reader)), SchemaResolutionError)
    })
  }

  it('says which field cannot be read', () => {
    const inner = (type: string) => messageOf(`In in = 4; message In { map<string, ${type}> a_b = 3; }`)
    assert.throws(
      () => codecOf(inner('int32'), {}, inner('double')),
      new SchemaResolutionError(
        'M cannot be read: M.in (4): M.In.aB (3): aB.value (2): it was written as int32, which cannot be read as double',
      ),
    )
  })

  it('refuses a value that has become too large', () => {
    const narrowed = (from: string, to: string, a: unknown) =>
      codecOf(messageOf(`${from} a = 1;`), {}, messageOf(`${to} a = 1;`)).roundTrip({ a })
    assert.throws(
      () => narrowed('int64', 'int32', 2 ** 31),
      new SerdeError('protobuf', 'a: 2147483648 is no int32'),
    )
    assert.throws(() => narrowed('int32', 'uint32', -1), SerdeError)
    assert.throws(() => narrowed('uint64', 'int64', 2n ** 63n), SerdeError)
  })

  it('refuses to read what is required and was never written', () => {
    const required = proto2('message M { required int32 a = 1; }')
    assert.throws(() => codecOf(proto2('message M {}'), {}, required), SchemaResolutionError)
    const optional = codecOf(proto2('message M { optional int32 a = 1; }'), {}, required)
    assert.deepEqual(optional.roundTrip({ a: 1 }), { a: 1 })
    assert.throws(() => optional.roundTrip({}), SerdeError)
  })

  it('refuses to read a group as a message', () => {
    const group = proto2('message M { optional group In = 1 { optional int32 a = 1; } }')
    const message = proto2('message M { optional In in = 1; message In { optional int32 a = 1; } }')
    assert.throws(() => codecOf(group, {}, message), SchemaResolutionError)
  })

  it('compares types that contain themselves', () => {
    const tree = (type: string) =>
      messageOf(`repeated M children = 1; map<string, M> named = 2; ${type} a = 3;`)
    const value = { children: [{ children: [], named: {}, a: 1 }], named: {}, a: 2 }
    assert.deepEqual(codecOf(tree('int32'), {}, tree('int64')).roundTrip(value), value)
    assert.throws(() => codecOf(tree('int32'), {}, tree('float')), SchemaResolutionError)
  })
})
