import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { protobufFormat } from '../../../../src/serdes/schema-registry/protobuf/protobuf-format.js'
import {
  InvalidSchemaError,
  InvalidSerdeOptionError,
  SchemaResolutionError,
} from '../../../../src/serdes/schema-registry/registry-errors.js'
import type { ReferencedSchema } from '../../../../src/serdes/schema-registry/schema-text.js'
import { SerdeError } from '../../../../src/serdes/serde-error.js'
import { codecOf, proto, proto2, proto3 } from './proto.js'

const serdeError = (problem: string) => new SerdeError('protobuf', problem)

describe('the message of a .proto file', () => {
  const file = proto3(`package travel;
    message First { int32 a = 1; map<string, Second> entries = 2; }
    enum Kind { NONE = 0; }
    message Second {
      int32 b = 1;
      message Inner { int32 c = 1; message Deep { int32 d = 1; } }
      enum Hue { RED = 0; }
      message Other { int32 e = 1; }
    }`)
  const cases: readonly (readonly [message: string | undefined, indexes: string, value: object])[] = [
    [undefined, '00', { a: 1, entries: {} }],
    ['travel.First', '00', { a: 1, entries: {} }],
    ['travel.Second', '0202', { b: 1 }],
    ['travel.Second.Inner', '040200', { c: 1 }],
    ['travel.Second.Other', '040202', { e: 1 }],
    ['travel.Second.Inner.Deep', '06020000', { d: 1 }],
  ]
  for (const [message, indexes, value] of cases) {
    it(`${message ?? 'that is the first'} is named by the indexes ${indexes}`, () => {
      const { write, roundTrip } = codecOf(file, message === undefined ? {} : { message })
      assert.equal(write(value).toString('hex'), `${indexes}0801`)
      assert.deepEqual(roundTrip(value), value)
    })
  }

  it('names subjects', () => {
    const nameOf = (message?: string) =>
      protobufFormat({ schema: 'latest', ...(message === undefined ? {} : { message }) }).recordName(file)
    assert.equal(nameOf(), 'travel.First')
    assert.equal(nameOf('travel.Second.Inner'), 'travel.Second.Inner')
  })

  it('may be named at length though it is the first', () => {
    assert.deepEqual(codecOf(file).read(Buffer.from('02000801', 'hex')), { a: 1, entries: {} })
  })

  it('must be the one that is read', () => {
    const { read } = codecOf(file, { message: 'travel.Second.Inner' })
    assert.throws(
      () => read(Buffer.from('000801', 'hex')),
      serdeError('it is a travel.First, no travel.Second.Inner'),
    )
    assert.throws(() => read(Buffer.from('0402020801', 'hex')), /it is a travel.Second.Other/)
    assert.throws(() => read(Buffer.from('0402080801', 'hex')), /it is a message 1.4, which is none/)
    assert.throws(() => read(Buffer.from('01', 'hex')), serdeError('-1 message indexes'))
    assert.throws(() => read(Buffer.from('feffffff0f', 'hex')), serdeError('2147483647 message indexes'))
    assert.throws(() => read(Buffer.from('', 'hex')), serdeError('the bytes end too early'))
  })

  it('must be in the file', () => {
    assert.throws(() => codecOf(file, { message: 'travel.Third' }), {
      name: 'InvalidSchemaError',
      message: /has no message travel.Third, but travel.First, travel.Second/,
    })
  })

  it('is found by its name where another version of the file has it in another place', () => {
    const moved = proto3(
      'package travel; message Third {} message Second { int64 b = 1; } message First { int32 a = 1; }',
    )
    const { write, roundTrip } = codecOf(moved, { message: 'travel.Second' }, file)
    assert.equal(write({ b: 1 }).toString('hex'), '02020801')
    assert.deepEqual(roundTrip({ b: 1 }), { b: 1 })
    assert.deepEqual(codecOf(moved, { message: 'travel.First' }, file).roundTrip({ a: 1 }), {
      a: 1,
      entries: {},
    })
  })

  it('must be in the file that it was written with', () => {
    const format = protobufFormat({ schema: 'latest' })
    const other = proto3('package travel; message Other {}')
    assert.throws(() => format.reader(other, file), SchemaResolutionError)
    assert.throws(
      () => format.reader({ type: 'AVRO', schema: '"int"', referenced: [] }, file),
      SchemaResolutionError,
    )
  })

  it('is not counted where it is a group', () => {
    const groups = proto2(
      'message M { optional group G = 1 { optional int32 a = 1; } message Inner { optional int32 b = 1; } }',
    )
    assert.equal(codecOf(groups, { message: 'M.Inner' }).write({ b: 1 }).toString('hex'), '0400000801')
  })
})

describe('the text of a .proto file', () => {
  it('comes from the code, from a file or from the registry', () => {
    const schema = 'syntax = "proto3"; message M {}'
    assert.deepEqual(protobufFormat({ schema }).schema, { type: 'PROTOBUF', schema })
    assert.equal(protobufFormat({ schema: 'latest' }).schema, undefined)
    assert.throws(
      () => protobufFormat({ schema: new URL('missing.proto', import.meta.url) }),
      InvalidSchemaError,
    )
  })

  it('shows at once what is wrong with it', () => {
    assert.throws(() => protobufFormat({ schema: 'message {' }), InvalidSchemaError)
    assert.throws(
      () => protobufFormat({ schema: 'syntax = "proto3"; message M {}', message: 'N' }),
      InvalidSchemaError,
    )
    const references = [{ name: 'n.proto', subject: 'n', version: 1 }]
    protobufFormat({ schema: 'syntax = "proto3"; import "n.proto"; message M { N n = 1; }', references })
  })

  it('refuses another form of 64-bit integers', () => {
    assert.throws(
      () => protobufFormat({ schema: 'latest', long: 'string' as 'number' }),
      InvalidSerdeOptionError,
    )
  })

  const refused: readonly (readonly [string, string])[] = [
    ['no text of the language', 'message {'],
    ['empty', ''],
    ['without a message', 'syntax = "proto3"; enum E { A = 0; }'],
    ['of an unknown type', 'syntax = "proto3"; message M { Missing m = 1; }'],
    ['with a field twice', 'syntax = "proto3"; message M { int32 a = 1; int32 a = 2; }'],
    ['with a number twice', 'syntax = "proto3"; message M { int32 a = 1; int32 b = 1; }'],
    ['with two names for a property', 'syntax = "proto3"; message M { int32 a_b = 1; int32 aB = 2; }'],
    ['of an unknown syntax', 'syntax = "proto4"; message M {}'],
    [
      'with a default of too many digits',
      'syntax = "proto2"; message M { optional int64 a = 1 [default = 9007199254740993]; }',
    ],
    ['with an import that is no reference', 'syntax = "proto3"; import "other.proto"; message M {}'],
    ['without an end', `syntax = "proto3"; ${'message M { '.repeat(10_000)}`],
  ]
  for (const [what, schema] of refused) {
    it(`must not be ${what}`, () => {
      assert.throws(() => codecOf(proto(schema)), InvalidSchemaError)
    })
  }

  it('may have comments, services, options and reserved names', () => {
    const { roundTrip } = codecOf(
      proto(`// A comment
        syntax = "proto3";
        package travel;
        import "google/protobuf/descriptor.proto";
        option java_package = "com.example";
        /* Options mean nothing to the bytes. */
        extend google.protobuf.FieldOptions { string owner = 50001; }
        message Flight {
          reserved 3, 5 to 9;
          reserved "gone";
          string origin = 1 [(owner) = "ops", deprecated = true, json_name = "from"];
          option (google.api.resource) = { type: "x" pattern: ["a", "b"] };
        }
        service Flights { rpc Get (Flight) returns (stream Flight); }`),
    )
    assert.deepEqual(roundTrip({ origin: 'SFO' }), { origin: 'SFO' })
  })

  it('may be of edition 2023', () => {
    const { roundTrip, hex } = codecOf(
      proto(`edition = "2023";
        message M { int32 a = 1; int32 b = 2 [features.field_presence = IMPLICIT]; repeated int32 c = 3; }`),
    )
    assert.deepEqual(roundTrip({}), { b: 0, c: [] })
    assert.equal(hex({ a: 0, b: 0, c: [1, 2] }), '08001a020102')
  })
})

describe('imports of a .proto file', () => {
  it('are its references, by their path', () => {
    const referenced: ReferencedSchema[] = [
      { name: 'code.proto', schema: 'syntax = "proto3"; package travel; message Code { string iata = 1; }' },
      {
        name: 'travel/airport.proto',
        schema:
          'syntax = "proto3"; package travel; import public "code.proto"; message Airport { Code code = 1; Size size = 2; } enum Size { SMALL = 0; LARGE = 1; }',
      },
    ]
    const file = proto3(
      `package travel; import "travel/airport.proto"; import "google/protobuf/timestamp.proto";
      message Flight { Airport origin = 1; .travel.Code code = 2; google.protobuf.Timestamp at = 3; }`,
      [...referenced, referenced[0]!],
    )
    const { write, roundTrip } = codecOf(file)
    const value = {
      origin: { code: { iata: 'SFO' }, size: 'LARGE' },
      code: { iata: 'SEA' },
      at: { seconds: 1_700_000_000, nanos: 5 },
    }
    assert.deepEqual(roundTrip(value), value)
    assert.equal(write(value)[0], 0, 'the messages of other files are not counted')
  })

  it('may be those that everybody has', () => {
    const { roundTrip } = codecOf(
      proto3(`
        import "google/protobuf/any.proto";
        import "google/protobuf/duration.proto";
        import "google/protobuf/empty.proto";
        import "google/protobuf/field_mask.proto";
        import "google/protobuf/struct.proto";
        import "google/protobuf/wrappers.proto";
        import "google/protobuf/descriptor.proto";
        import "confluent/meta.proto";
        import "confluent/type/decimal.proto";
        message M {
          google.protobuf.Any any = 1;
          google.protobuf.Duration took = 2;
          google.protobuf.Struct struct = 3;
          google.protobuf.Int64Value count = 4;
          google.protobuf.Empty nothing = 5;
          confluent.type.Decimal price = 6 [(confluent.field_meta).params = { key: "precision", value: "2" }];
          google.protobuf.FileDescriptorProto file = 7;
        }`),
    )
    const value = {
      any: { typeUrl: 'type.googleapis.com/M', value: new Uint8Array([1]) },
      took: { seconds: 3, nanos: 0 },
      struct: { fields: { a: { numberValue: 1.5 }, b: { nullValue: 'NULL_VALUE' } } },
      count: { value: 7 },
      nothing: {},
      price: { value: new Uint8Array([1, 2]), precision: 4, scale: 2 },
    }
    assert.deepEqual(roundTrip(value), value)
  })

  it('may be references in place of those that everybody has', () => {
    const { roundTrip } = codecOf(
      proto3('import "google/protobuf/timestamp.proto"; message M { google.protobuf.Timestamp at = 1; }', [
        {
          name: 'google/protobuf/timestamp.proto',
          schema: 'syntax = "proto3"; package google.protobuf; message Timestamp { int64 seconds = 1; }',
        },
      ]),
    )
    assert.deepEqual(roundTrip({ at: { seconds: 1 } }), { at: { seconds: 1 } })
  })
})
