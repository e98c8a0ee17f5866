import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  type JsonSchemaFormatOptions,
  jsonSchemaFormat,
} from '../../../../src/serdes/schema-registry/json-schema/json-schema-format.js'
import {
  InvalidSchemaError,
  InvalidSerdeOptionError,
  SchemaResolutionError,
} from '../../../../src/serdes/schema-registry/registry-errors.js'
import type { ReferencedSchema, ResolvedSchema } from '../../../../src/serdes/schema-registry/schema-text.js'
import { SerdeError } from '../../../../src/serdes/serde-error.js'
import { payloadOf, readPayload } from '../payload.js'

const FLIGHT = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Flight',
  type: 'object',
  properties: {
    origin: { type: 'string' },
    delay: { type: 'integer' },
    legs: { type: 'array', items: { type: 'object', properties: { to: { type: 'string' } } } },
  },
  required: ['origin'],
  additionalProperties: false,
}

const resolved = (schema: object | string, referenced: readonly ReferencedSchema[] = []): ResolvedSchema => ({
  type: 'JSON',
  schema: typeof schema === 'string' ? schema : JSON.stringify(schema),
  referenced,
})

/** Writes and reads with one schema. */
function serdeOf(
  schema: ResolvedSchema,
  options: Omit<JsonSchemaFormatOptions, 'schema'> = {},
): { write(value: unknown): Buffer; read(text: string | Uint8Array): unknown } {
  const format = jsonSchemaFormat<unknown>({ schema: 'latest', ...options })
  const [writer, reader] = [format.writer(schema), format.reader(schema, schema)]
  return {
    write: (value) => payloadOf(writer, value),
    read: (text) => readPayload(reader, Buffer.from(text)),
  }
}

const serdeError = (problem: string) => new SerdeError('json-schema', problem)

describe('a JSON Schema', () => {
  it('describes JSON text in UTF-8', () => {
    const { write, read } = serdeOf(resolved(FLIGHT))
    assert.equal(write({ origin: 'Zürich', delay: 3 }).toString(), '{"origin":"Zürich","delay":3}')
    assert.deepEqual(read('{"origin":"Zürich","delay":3}'), { origin: 'Zürich', delay: 3 })
  })

  it('may have thousands of properties', () => {
    const names = Array.from({ length: 3_000 }, (_, index) => `p${index}`)
    const properties = Object.fromEntries(names.map((name) => [name, { type: 'integer' }]))
    const { write, read } = serdeOf(resolved({ type: 'object', properties, required: names }))
    const value = Object.fromEntries(names.map((name, index) => [name, index]))
    assert.deepEqual(read(write(value)), value)
    assert.throws(() => write({ ...value, p2999: 'late' }), serdeError('/p2999 must be integer (type)'))
  })

  it('gives back every JSON value that it describes', () => {
    const { write, read } = serdeOf(resolved({}))
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const written = JSON.parse(JSON.stringify(value))
        assert.deepEqual(read(write(written)), written)
      }),
    )
  })

  it('says where a value breaks which rule', () => {
    const { write, read } = serdeOf(resolved(FLIGHT))
    for (const broken of [write, (value: unknown) => read(JSON.stringify(value))]) {
      assert.throws(
        () => broken({ origin: 'SFO', legs: [{ to: 'SEA' }, { to: 7 }] }),
        serdeError('/legs/1/to must be string (type)'),
      )
      assert.throws(
        () => broken({ delay: 3 }),
        serdeError("the value must have required property 'origin' (required)"),
      )
      assert.throws(
        () => broken({ origin: 'SFO', via: 'DEN' }),
        serdeError('the value must NOT have additional properties: "via" (additionalProperties)'),
      )
    }
  })

  it('says a bounded number of things about a value', () => {
    const anyOf = Array.from({ length: 50 }, (_, index) => ({ const: index }))
    const { read } = serdeOf(resolved({ anyOf }))
    assert.throws(() => read('"x"'), { message: /^.{1,300}; \.\.\.$/ })
    const long = 'x'.repeat(100_000)
    for (const value of [{ [long]: 1 }, { origin: 'SFO', legs: [{ [long]: 1, to: 1 }] }]) {
      assert.throws(() => serdeOf(resolved(FLIGHT)).write(value), { message: /^.{1,500}$/ })
    }
  })

  it('holds values against the schema when they are written, read or both', () => {
    const unread = serdeOf(resolved(FLIGHT), { validate: 'write' })
    assert.deepEqual(unread.read('{"delay":"late"}'), { delay: 'late' })
    assert.throws(() => unread.write({ delay: 'late' }), SerdeError)
    const unwritten = serdeOf(resolved(FLIGHT), { validate: 'read' })
    assert.equal(unwritten.write({ delay: 'late' }).toString(), '{"delay":"late"}')
    assert.throws(() => unwritten.read('{"delay":"late"}'), SerdeError)
  })

  it('refuses another time to validate', () => {
    assert.throws(
      () => jsonSchemaFormat({ schema: {}, validate: 'never' as 'both' }),
      InvalidSerdeOptionError,
    )
  })

  it('shows at once what is wrong with it', () => {
    assert.throws(() => jsonSchemaFormat({ schema: { type: 'strng' } }), InvalidSchemaError)
    const references = [{ name: 'a.json', subject: 'a', version: 1 }]
    jsonSchemaFormat({ schema: { $ref: 'a.json' }, references })
  })

  it('refuses what JSON cannot say', () => {
    const { write } = serdeOf(resolved({}), { validate: 'read' })
    const cycle: unknown[] = []
    cycle.push(cycle)
    for (const value of [undefined, 1n, () => 1, cycle]) assert.throws(() => write(value), SerdeError)
    assert.throws(() => serdeOf(resolved({ type: 'number' })).write(Number.NaN), SerdeError)
  })

  it('is named by its title, else by its id', () => {
    const nameOf = (schema: object | string) =>
      jsonSchemaFormat({ schema: 'latest' }).recordName(resolved(schema))
    assert.equal(nameOf(FLIGHT), 'Flight')
    assert.equal(nameOf({ $id: 'https://example.com/flight.json' }), 'https://example.com/flight.json')
    assert.equal(nameOf({ type: 'string' }), undefined)
    assert.equal(nameOf('true'), undefined)
  })

  it('comes from an object, from text, from a file or from the registry', () => {
    const file = new URL('data:application/json,{}')
    assert.deepEqual(jsonSchemaFormat({ schema: FLIGHT }).schema, {
      type: 'JSON',
      schema: JSON.stringify(FLIGHT),
    })
    const references = [{ name: 'a.json', subject: 'a', version: 1 }]
    assert.throws(() => jsonSchemaFormat({ schema: 'latest', references }), InvalidSerdeOptionError)
    assert.deepEqual(jsonSchemaFormat({ schema: '{}', references }).schema, {
      type: 'JSON',
      schema: '{}',
      references,
    })
    assert.equal(jsonSchemaFormat({ schema: 'latest' }).schema, undefined)
    assert.throws(() => jsonSchemaFormat({ schema: file }), InvalidSchemaError)
  })
})

describe('drafts of JSON Schema', () => {
  const cases: readonly { draft: string; schema: object; good: unknown; bad: unknown }[] = [
    {
      draft: 'http://json-schema.org/draft-04/schema#',
      schema: { id: 'https://example.com/a', type: 'number', minimum: 1, exclusiveMinimum: true },
      good: 2,
      bad: 1,
    },
    { draft: 'http://json-schema.org/draft-06/schema#', schema: { const: 'a' }, good: 'a', bad: 'b' },
    {
      draft: 'http://json-schema.org/draft-07/schema#',
      schema: { if: { type: 'number' }, else: false },
      good: 1,
      bad: 'a',
    },
    {
      draft: 'https://json-schema.org/draft/2019-09/schema',
      schema: { dependentRequired: { a: ['b'] } },
      good: { b: 1 },
      bad: { a: 1 },
    },
    {
      draft: 'https://json-schema.org/draft/2020-12/schema',
      schema: { prefixItems: [{ type: 'string' }], items: false },
      good: ['a'],
      bad: ['a', 'b'],
    },
  ]
  for (const { draft, schema, good, bad } of cases) {
    it(`has ${draft}`, () => {
      const { write } = serdeOf(resolved({ $schema: draft, ...schema }))
      write(good)
      assert.throws(() => write(bad), SerdeError)
    })
  }

  it('is draft 7 where nothing is said', () => {
    const { write } = serdeOf(resolved({ items: [{ type: 'string' }], additionalItems: false }))
    write(['a'])
    assert.throws(() => write(['a', 'b']), SerdeError)
  })

  it('refuses a draft that it does not know', () => {
    assert.throws(() => serdeOf(resolved({ $schema: 'https://example.com/own' })), InvalidSchemaError)
  })
})

describe('schemas that registries accept', () => {
  const accepted: readonly [string, object, unknown][] = [
    ['a keyword that is unknown', { type: 'string', 'connect.type': 'bytes', javaType: 'X' }, 'a'],
    ['a format that is unknown', { type: 'string', format: 'iata' }, 'SFO'],
    ['keywords of another type', { type: 'string', minimum: 3, properties: {} }, 'a'],
    ['a required property that is not described', { type: 'object', required: ['a'] }, { a: 1 }],
    ['several types', { type: ['string', 'null'] }, null],
    ['an id that is none', { id: 'flight', type: 'string' }, 'a'],
    ['a pattern with needless escapes', { type: 'string', pattern: '^\\w+\\-\\w+$' }, 'a-b'],
    ['steps of a cent', { type: 'number', multipleOf: 0.01 }, 19.99],
    ['an annotation of OpenAPI', { type: 'string', nullable: true, discriminator: {}, example: 1 }, null],
  ]
  for (const [what, schema, value] of accepted) {
    it(`may have ${what}`, () => {
      const { write, read } = serdeOf(resolved(schema))
      assert.deepEqual(read(write(value)), value)
    })
  }

  const refused: readonly [string, object | string][] = [
    ['no JSON', '{'],
    ['no object', '[]'],
    ['a type that is none', { type: 'strng' }],
    ['a reference that nothing has', { $ref: 'airport.json' }],
    ['a pattern that is none', { pattern: '(' }],
    ['validation that takes its time', { $async: true, type: 'string' }],
  ]
  for (const [what, schema] of refused) {
    it(`must not be or have ${what}`, () => {
      assert.throws(() => serdeOf(resolved(schema)), InvalidSchemaError)
    })
  }
})

describe('references of JSON Schemas', () => {
  const airport = { type: 'object', properties: { code: { $ref: 'code.json' } }, required: ['code'] }
  const code = { type: 'string', minLength: 3 }
  const good = { origin: { code: 'SFO' } }
  const bad = { origin: { code: 'SF' } }

  const cases: readonly [string, object, ReferencedSchema[]][] = [
    [
      'names',
      { properties: { origin: { $ref: 'airport.json' } } },
      [
        { name: 'code.json', schema: JSON.stringify(code) },
        { name: 'airport.json', schema: JSON.stringify(airport) },
      ],
    ],
    [
      'names relative to an id',
      { $id: 'https://example.com/flight.json', properties: { origin: { $ref: 'airport.json' } } },
      [
        { name: 'code.json', schema: JSON.stringify(code) },
        {
          name: 'airport.json',
          schema: JSON.stringify({ $id: 'https://example.com/airport.json', ...airport }),
        },
      ],
    ],
    [
      'ids',
      { properties: { origin: { $ref: 'https://example.com/airport.json' } } },
      [
        { name: 'code.json', schema: JSON.stringify(code) },
        { name: 'airport', schema: JSON.stringify({ $id: 'https://example.com/airport.json', ...airport }) },
      ],
    ],
    [
      'parts of others',
      { properties: { origin: { $ref: 'types.json#/definitions/airport' } } },
      [
        { name: 'code.json', schema: JSON.stringify(code) },
        { name: 'types.json', schema: JSON.stringify({ definitions: { airport } }) },
      ],
    ],
    [
      'others of another draft, twice over',
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        properties: { origin: { $ref: 'airport.json' } },
      },
      [
        { name: 'code.json', schema: JSON.stringify(code) },
        { name: 'code.json', schema: JSON.stringify(code) },
        {
          name: 'airport.json',
          schema: JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...airport }),
        },
      ],
    ],
  ]
  for (const [what, schema, referenced] of cases) {
    it(`are by ${what}`, () => {
      const { write } = serdeOf(resolved(schema, referenced))
      write(good)
      assert.throws(() => write(bad), /origin\/code must NOT have fewer than 3 characters/)
    })
  }
})

describe('evolution of JSON Schemas', () => {
  const read = (reader: object, text: string): unknown => {
    const format = jsonSchemaFormat<unknown>({ schema: reader })
    return readPayload(format.reader(resolved(FLIGHT), resolved(reader)), Buffer.from(text))
  }
  const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required })
  const written = '{"origin":"SFO","delay":3}'
  const cases: readonly [string, object, unknown][] = [
    ['an optional property is added', object({ gate: { type: 'string' } }), { origin: 'SFO', delay: 3 }],
    [
      'a property is no longer described',
      object({ origin: { type: 'string' } }),
      { origin: 'SFO', delay: 3 },
    ],
    ['a type is widened', object({ delay: { type: 'number' } }), { origin: 'SFO', delay: 3 }],
    ['a required property is added', object({ gate: {} }, ['gate']), /required property 'gate'/],
    ['a property is renamed', object({ from: { type: 'string' } }, ['from']), /required property 'from'/],
    ['a type is changed', object({ delay: { type: 'string' } }), /\/delay must be string/],
    [
      'a property is removed and none may be added',
      { ...object({ origin: {} }), additionalProperties: false },
      /additional properties: "delay"/,
    ],
  ]
  for (const [what, schema, outcome] of cases) {
    it(`${outcome instanceof RegExp ? 'refuses a value' : 'reads on'} where ${what}`, () => {
      if (outcome instanceof RegExp) {
        assert.throws(
          () => read(schema, written),
          (error: Error) => error instanceof SerdeError && outcome.test(error.message),
        )
      } else assert.deepEqual(read(schema, written), outcome)
    })
  }

  it('cannot read what another language has written', () => {
    const format = jsonSchemaFormat({ schema: {} })
    const avro: ResolvedSchema = { type: 'AVRO', schema: '"string"', referenced: [] }
    assert.throws(() => format.reader(avro, resolved({})), SchemaResolutionError)
  })
})

describe('bytes that are no value of a JSON Schema', () => {
  const TREE = { type: 'object', properties: { child: { $ref: '#' }, name: { type: 'string' } } }
  const schemas = [FLIGHT, TREE, {}].map((schema) => serdeOf(resolved(schema)))
  const isValueOrSerdeError = (bytes: Uint8Array): void => {
    for (const { read } of schemas) {
      try {
        read(bytes)
      } catch (error) {
        assert.ok(error instanceof SerdeError, String(error))
      }
    }
  }

  it('are refused, whatever they are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), isValueOrSerdeError))
  })

  it('are refused where they are cut off or damaged', () => {
    const text = Buffer.from('{"origin":"Zürich","delay":3,"legs":[{"to":"SEA"}]}')
    for (let length = 0; length < text.length; length++) {
      assert.throws(() => schemas[0]!.read(text.subarray(0, length)), SerdeError)
    }
    fc.assert(
      fc.property(fc.nat(text.length * 8 - 1), (bit) => {
        const damaged = Buffer.from(text)
        damaged[bit >> 3]! ^= 1 << (bit & 7)
        isValueOrSerdeError(damaged)
      }),
    )
  })

  it('are refused where they nest without end', () => {
    const depth = 100_000
    assert.throws(
      () => schemas[1]!.read(`${'{"child":'.repeat(depth)}{}${'}'.repeat(depth)}`),
      (error: Error) => error instanceof SerdeError && /call stack/.test(error.message),
    )
    isValueOrSerdeError(Buffer.from('['.repeat(depth)))
  })
})
