import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ByteWriter } from '../../../../src/serdes/byte-writer.js'
import { avroFormat } from '../../../../src/serdes/schema-registry/avro/avro-format.js'
import { InvalidSchemaError } from '../../../../src/serdes/schema-registry/registry-errors.js'
import { SerdeError } from '../../../../src/serdes/serde-error.js'
import { decode, encode, hex, resolved, roundTrip } from './codec.js'

const problem = (text: string): SerdeError => new SerdeError('avro', text)

const refuses = (schema: unknown, value: unknown, text: string, options = {}): void =>
  assert.throws(
    () => encode(schema, value, options),
    ({ message }: Error) => message === problem(text).message,
  )

const flight = {
  type: 'record',
  name: 'Flight',
  namespace: 'flights',
  fields: [
    { name: 'date', type: 'long' },
    { name: 'delay', type: ['null', 'int'], default: null },
    { name: 'origin', type: 'string' },
    {
      name: 'legs',
      type: {
        type: 'array',
        items: { type: 'record', name: 'Leg', fields: [{ name: 'to', type: 'string' }] },
      },
      default: [],
    },
    { name: 'tags', type: { type: 'map', values: 'double' }, default: {} },
  ],
}

describe('the bytes of Avro', () => {
  it('are those of the specification', () => {
    assert.equal(hex('null', null), '')
    assert.equal(hex('boolean', true), '01')
    for (const [value, bytes] of [
      [0, '00'],
      [-0, '00'],
      [-1, '01'],
      [1, '02'],
      [-64, '7f'],
      [64, '8001'],
      [2 ** 31 - 1, 'feffffff0f'],
      [-(2 ** 31), 'ffffffff0f'],
    ] as const) {
      assert.equal(hex('int', value), bytes)
      assert.equal(hex('long', value), bytes)
    }
    assert.equal(hex('float', 1.5), '0000c03f')
    assert.equal(hex('double', -0), '0000000000000080')
    assert.equal(hex('string', 'foo'), '06666f6f')
    assert.equal(hex('bytes', Uint8Array.of(1, 255)), '0401ff')
    assert.equal(hex({ type: 'fixed', name: 'F', size: 2 }, Uint8Array.of(1, 2)), '0102')
    assert.equal(hex({ type: 'enum', name: 'E', symbols: ['A', 'B'] }, 'B'), '02')
    assert.equal(hex({ type: 'array', items: 'long' }, [3, 27]), '04063600')
    assert.equal(hex({ type: 'array', items: 'long' }, []), '00')
    assert.equal(hex({ type: 'map', values: 'int' }, { b: 1, a: 2 }), '0402610402620200')
    assert.equal(hex(['null', 'string'], 'a'), '020261')
    assert.equal(hex(['null', 'string'], null), '00')
  })

  it('may have arrays and maps in many blocks, with and without their length', () => {
    assert.deepEqual(decode({ type: 'array', items: 'long' }, '03040636023600'), [3, 27, 27])
    assert.deepEqual(decode({ type: 'map', values: 'int' }, '01060261020202620400'), { a: 1, b: 2 })
  })

  it('are the same for every NaN', () => {
    const strange = Buffer.from('010000000000f87f', 'hex').readDoubleLE()
    assert.equal(hex('double', strange), hex('double', Number.NaN))
    assert.equal(hex('float', strange), '0000c07f')
    assert.deepEqual(roundTrip('double', Number.NaN), Number.NaN)
  })

  it('are of a whole record, with names and defaults', () => {
    const value = { date: 1, delay: 7, origin: 'SFO', legs: [{ to: 'JFK' }], tags: { fog: 0.5 } }
    assert.deepEqual(roundTrip(flight, value), value)
    assert.deepEqual(roundTrip(flight, { date: 1, origin: 'SFO' }), {
      date: 1,
      delay: null,
      origin: 'SFO',
      legs: [],
      tags: {},
    })
  })
})

describe('text', () => {
  it('may have any length and any characters', () => {
    for (const length of [0, 1, 12, 21, 22, 63, 64, 8191, 8192, 100_000]) {
      for (const char of ['a', 'é', '漢', '😀']) {
        assert.equal(roundTrip('string', char.repeat(length)), char.repeat(length))
      }
    }
  })

  it('has U+FFFD for a lone surrogate', () => {
    assert.equal(hex('string', '\ud800'), hex('string', '\ufffd'))
  })
})

describe('a long', () => {
  const { MAX_SAFE_INTEGER: max, MIN_SAFE_INTEGER: min } = Number
  it('is a safe integer, to the last digit', () => {
    for (const value of [max, min, max - 1, min + 1, -(2 ** 52) - 1, 2 ** 52 + 1]) {
      assert.equal(roundTrip('long', value), value)
    }
    fc.assert(fc.property(fc.maxSafeInteger(), (value) => roundTrip('long', value) === value))
  })

  it('is refused beyond, both ways', () => {
    const expected = 'a long that is a safe integer expected'
    refuses('long', 2 ** 53, `${expected}, 9007199254740992 found`)
    refuses('long', 1.5, `${expected}, 1.5 found`)
    refuses('long', 1n, `${expected}, bigint 1 found`)
    for (const value of [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)]) {
      const bytes = encode('long', value, { long: 'bigint' })
      assert.throws(
        () => decode('long', bytes),
        problem(`${value} is beyond the safe integers: use option long: 'bigint'`),
      )
    }
  })

  it('is a bigint of 64 bits where that is asked for', () => {
    const bigint = { long: 'bigint' } as const
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        assert.equal(roundTrip('long', value, bigint), value)
        if (Number.isSafeInteger(Number(value))) {
          assert.equal(hex('long', value, bigint), hex('long', Number(value)))
        }
      }),
    )
    refuses('long', 2n ** 63n, `a long as bigint expected, bigint ${2n ** 63n} found`, bigint)
    refuses('long', 1, 'a long as bigint expected, 1 found', bigint)
  })

  it('has defaults to the last digit', () => {
    const text = `{"type":"record","name":"R","fields":[
      {"name":"until","type":"long","default":9223372036854775807},
      {"name":"note","type":"string","default":"is 9223372036854775807, \\"9223372036854775806\\""}]}`
    assert.deepEqual(roundTrip(text, {}, { long: 'bigint' }), {
      until: 2n ** 63n - 1n,
      note: 'is 9223372036854775807, "9223372036854775806"',
    })
    assert.throws(() => avroFormat({ schema: text }), {
      name: 'InvalidSchemaError',
      message:
        "Avro schema: default of field until: 9223372036854775807 is beyond the safe integers: use option long: 'bigint'",
    })
  })
})

describe('a value that is none of the schema', () => {
  it('is refused with the place and what is expected there', () => {
    const fine = { date: 1, origin: 'SFO' }
    refuses(flight, { ...fine, date: '2024' }, 'date: a long that is a safe integer expected, "2024" found')
    refuses(flight, { date: 1 }, 'origin: a string expected, nothing found')
    refuses(flight, { ...fine, delay: 'late' }, 'delay: an int expected, "late" found')
    refuses(flight, { ...fine, legs: [{ to: 'JFK' }, { to: 7 }] }, 'legs[1].to: a string expected, 7 found')
    refuses(flight, { ...fine, legs: [null] }, 'legs[0]: a record flights.Leg expected, null found')
    refuses(flight, { ...fine, tags: { 'a b': [] } }, 'tags["a b"]: a double expected, an array found')
    refuses(flight, 'SFO', 'a record flights.Flight expected, "SFO" found')
    refuses('int', 2 ** 31, 'an int expected, 2147483648 found')
    refuses('float', 1e300, 'a float of 32 bits expected, 1e+300 found')
    refuses('bytes', 'ab', 'a Uint8Array expected, "ab" found')
    refuses(
      { type: 'fixed', name: 'F', size: 2 },
      Uint8Array.of(1),
      'a Uint8Array of 2 bytes expected, 1 bytes found',
    )
  })

  it('is no symbol because every object has a property of its name', () => {
    const status = { type: 'enum', name: 'Status', symbols: ['LATE', 'ON_TIME'] }
    refuses(status, 'constructor', 'a symbol of enum Status (LATE, ON_TIME) expected, "constructor" found')
    const record = { type: 'record', name: 'R', fields: [{ name: 'constructor', type: ['null', 'string'] }] }
    refuses(record, {}, 'constructor: null or string expected, nothing found')
  })

  it('may be no Map or Set, which has no entries as properties', () => {
    refuses(
      { type: 'map', values: 'int' },
      new Map([['a', 1]]),
      'an object of entries expected, an object found',
    )
  })

  it('leaves no byte of itself', () => {
    const writer = avroFormat({ schema: 'latest' }).writer(resolved(flight))
    const target = new ByteWriter()
    target.writeInt8(1)
    assert.throws(() => writer.write({ date: 5, origin: 5 }, target), SerdeError)
    assert.equal(target.position, 1)
  })
})

describe('a union', () => {
  it('has bare values where they tell their types apart', () => {
    const union = ['null', 'boolean', 'long', 'string', 'bytes', { type: 'array', items: 'int' }, flight]
    for (const value of [
      null,
      true,
      7,
      'seven',
      Uint8Array.of(7),
      [7],
      roundTrip(flight, { date: 1, origin: '' }),
    ]) {
      assert.deepEqual(roundTrip(union, value), value)
    }
    refuses(['null', 'int', 'string'], true, 'null or int or string expected, true found')
  })

  it('has values with the name of their type where two types may look alike', () => {
    const union = ['null', 'int', 'double', { type: 'enum', name: 'a.E', symbols: ['X'] }, 'string']
    for (const value of [null, { int: 7 }, { double: 7 }, { 'a.E': 'X' }, { string: 'X' }]) {
      assert.deepEqual(roundTrip(union, value), value)
    }
    const expected =
      "null or { 'int': ... } or { 'double': ... } or { 'a.E': ... } or { 'string': ... } expected"
    refuses(union, 7, `${expected}, 7 found`)
    refuses(union, { long: 7 }, `${expected}, an object found`)
    refuses(union, { int: 7, double: 7 }, `${expected}, an object found`)
    refuses(union, { constructor: 7 }, `${expected}, an object found`)
  })

  it('of bigints and other numbers has names as well', () => {
    assert.deepEqual(roundTrip(['int', 'long'], { long: 7n }, { long: 'bigint' }), { long: 7n })
  })
})

describe('names', () => {
  it('may stand as the type of an object, in any namespace', () => {
    const schema = {
      type: 'record',
      name: 'a.Outer',
      fields: [
        {
          name: 'x',
          type: { type: 'record', name: 'Inner', namespace: '', fields: [{ name: 'v', type: 'int' }] },
        },
        { name: 'y', type: { type: 'enum', name: 'E', symbols: ['A'] } },
        { name: 'z', type: { type: 'array', items: { type: 'E' } } },
        {
          name: 'unions',
          type: ['Inner', { type: 'record', name: 'b.Inner', fields: [{ name: 'e', type: 'a.E' }] }],
        },
      ],
    }
    const value = { x: { v: 1 }, y: 'A', z: ['A'], unions: { 'b.Inner': { e: 'A' } } }
    assert.deepEqual(roundTrip(schema, value), value)
  })

  it('of a type in itself', () => {
    const tree = {
      type: 'record',
      name: 'Tree',
      fields: [
        { name: 'value', type: 'int' },
        { name: 'children', type: { type: 'array', items: 'Tree' } },
      ],
    }
    const value = { value: 1, children: [{ value: 2, children: [{ value: 3, children: [] }] }] }
    assert.deepEqual(roundTrip(tree, value), value)
  })

  it('of types of other schemas', () => {
    const format = avroFormat<unknown>({
      schema: { type: 'record', name: 'a.Order', fields: [{ name: 'by', type: 'b.Person' }] },
      references: [{ name: 'b.Person', subject: 'person', version: 1 }],
    })
    assert.deepEqual(format.schema?.references, [{ name: 'b.Person', subject: 'person', version: 1 }])
    const schema = {
      ...resolved({ type: 'record', name: 'a.Order', fields: [{ name: 'by', type: 'b.Person' }] }),
      referenced: [
        { name: 'b.Country', schema: '{"type":"enum","name":"b.Country","symbols":["CH"]}' },
        {
          name: 'b.Person',
          schema:
            '{"type":"record","name":"Person","namespace":"b","fields":[{"name":"from","type":"Country"}]}',
        },
      ],
    }
    const target = new ByteWriter()
    format.writer(schema).write({ by: { from: 'CH' } }, target)
    assert.deepEqual(format.reader(schema, schema).read(target.view(), 0, target.position), {
      by: { from: 'CH' },
    })
    assert.equal(format.recordName(schema), 'a.Order')
  })

  it('of what a schema describes are full names; arrays and primitives have none', () => {
    const format = avroFormat({ schema: 'latest' })
    const nameOf = (schema: unknown): string | undefined => format.recordName(resolved(schema))
    assert.equal(nameOf(flight), 'flights.Flight')
    assert.equal(nameOf({ type: 'enum', name: 'x.y.E', symbols: ['A'] }), 'x.y.E')
    assert.equal(nameOf({ type: 'record', name: 'Flight', fields: [] }), 'Flight')
    for (const schema of ['string', { type: 'array', items: 'int' }, ['null', 'string']]) {
      assert.equal(nameOf(schema), undefined)
    }
  })

  it('of properties are any: no prototype is changed', () => {
    const record = {
      type: 'record',
      name: 'R',
      fields: [
        { name: '__proto__', type: { type: 'map', values: 'int' } },
        { name: 'toString', type: 'string' },
      ],
    }
    const value = JSON.parse('{"__proto__": {"__proto__": 1, "b": 2}, "toString": "text"}')
    const read = roundTrip(record, value) as object
    assert.deepEqual(Object.entries(read), Object.entries(value))
    assert.equal(Object.getPrototypeOf(read), Object.prototype)
  })
})

describe('a schema', () => {
  it('may be an object, JSON text, a primitive name, a file, or the latest of the subject', () => {
    const file = new URL('./flight.avsc', import.meta.url.replace('/dist/', '/'))
    assert.equal(avroFormat({ schema: flight }).schema?.schema, JSON.stringify(flight))
    assert.equal(avroFormat({ schema: '{"type": "long"}' }).schema?.schema, '{"type": "long"}')
    assert.equal(avroFormat({ schema: 'long' }).schema?.schema, '"long"')
    assert.match(avroFormat({ schema: file }).schema?.schema ?? '', /"name": "Flight"/)
    assert.equal(avroFormat({ schema: 'latest' }).schema, undefined)
  })

  it('is refused where it is given, with the reason', () => {
    const refused = (schema: Parameters<typeof avroFormat>[0]['schema'], reason: RegExp): void =>
      assert.throws(
        () => avroFormat({ schema }),
        (error) => {
          assert.ok(error instanceof InvalidSchemaError, String(error))
          assert.match(error.message, reason)
          return true
        },
      )
    refused('{', /^Avro schema: .*JSON/)
    refused('lng', /there is no type lng/)
    refused({ type: 'constructor' }, /^Avro schema: there is no type constructor/)
    refused(
      { type: 'record', name: 'R', fields: [{ name: 'a', type: 'int', default: 'x' }] },
      /default of field a: int expected, "x" found/,
    )
    refused(
      new URL('file:///nowhere/flight.avsc'),
      /file:\/\/\/nowhere\/flight.avsc: the file cannot be read/,
    )
  })

  it('has a default for a union of any of its types', () => {
    const record = {
      type: 'record',
      name: 'R',
      fields: [
        { name: 'a', type: ['string', 'null'], default: null },
        { name: 'b', type: ['int', 'double'], default: 1.5 },
        { name: 'c', type: 'bytes', default: 'ÿa' },
        { name: 'd', type: { type: 'map', values: ['null', 'long'] }, default: { x: 1 } },
      ],
    }
    const read = () => roundTrip(record, {}) as { d: object }
    assert.deepEqual(read(), { a: null, b: { double: 1.5 }, c: Uint8Array.of(255, 97), d: { x: 1 } })
    assert.notEqual(read().d, read().d)
  })

  it('refuses options that there are not', () => {
    assert.throws(() => avroFormat({ schema: 'long', long: 'string' as 'number' }), {
      message: `option long of avro: "string" is not allowed: 'number' or 'bigint'`,
    })
    assert.throws(() => avroFormat({ schema: 'long', logicalTypes: { decimal: 'number' as 'raw' } }), {
      message: `option logicalTypes of avro: 'decimal' is 'string', 'unscaled', 'raw', or { fromValue, toValue }, not "number"`,
    })
    assert.throws(
      () => avroFormat({ schema: 'latest', references: [{ name: 'a', subject: 'a', version: 1 }] }),
      { message: `option references of avro: they belong to a schema in the code, not to 'latest'` },
    )
  })
})
