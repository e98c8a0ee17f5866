import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { InvalidSchemaError } from '../../../../src/serdes/schema-registry/registry-errors.js'
import type { AvroRecord } from '../../../../src/serdes/schema-registry/syntax/avro-schema.js'
import { branchName } from '../../../../src/serdes/schema-registry/syntax/avro-schema.js'
import { avroSyntax } from '../../../../src/serdes/schema-registry/syntax/avro-syntax.js'
import { exactJson, parseExactJson } from '../../../../src/serdes/schema-registry/syntax/exact-json.js'

const read = (schema: unknown) => avroSyntax({ type: 'AVRO', schema: JSON.stringify(schema), referenced: [] })

const record = (name: string, types: readonly unknown[], more: object = {}): object => ({
  type: 'record',
  name,
  ...more,
  fields: types.map((type, index) => ({ name: `f${index}`, type })),
})
const named = (name: string, more: object = {}): object => ({ type: 'enum', name, symbols: ['A'], ...more })

/** Full names of the types of a record's fields. */
const typesOf = (schema: unknown): string[] =>
  (read(schema) as AvroRecord).fields.map(({ type }) => branchName(type))

describe('names in Avro schemas', () => {
  test('have the namespace of their type, or else the one around', () => {
    const inner = record('b.X', ['X', 'a.X', named('Y')])
    const schema = record('X', [inner, 'X', 'b.Y', named('Y'), 'Y'], { namespace: 'a' })
    assert.deepEqual(typesOf(schema), ['b.X', 'a.X', 'b.Y', 'a.Y', 'a.Y'])
  })

  test('that have dots are whole, whatever the namespace says', () => {
    const schema = record('a.b.C', [named('D'), 'D', 'a.b.D'], { namespace: 'z' })
    assert.equal(branchName(read(schema)), 'a.b.C')
    assert.deepEqual(typesOf(schema), ['a.b.D', 'a.b.D', 'a.b.D'])
  })

  test('may be those of types without namespace, as Java writes them', () => {
    const inner = named('Inner', { namespace: '' })
    assert.deepEqual(typesOf(record('x.Outer', [inner, 'Inner'])), ['Inner', 'Inner'])
    const own = named('Inner')
    assert.deepEqual(typesOf(record('x.Outer', [inner, own, 'Inner'])), ['Inner', 'x.Inner', 'x.Inner'])
  })

  test('of aliases have the namespace of the type', () => {
    const schema = named('m.D', { namespace: 'n', aliases: ['Old', 'q.Older'] })
    assert.deepEqual((read(schema) as AvroRecord).aliases, ['m.Old', 'q.Older'])
  })

  test('may have letters of all languages, and be those of primitives in a namespace', () => {
    assert.equal(branchName(read(record('Größe', ['int']))), 'Größe')
    assert.deepEqual(typesOf(record('n.string', ['string', 'n.string'])), ['string', 'n.string'])
  })
})

describe('an Avro schema', () => {
  test('may stand as the type of an object, with what that says of it', () => {
    const decimal = { type: 'bytes', logicalType: 'decimal', precision: 4 }
    assert.deepEqual(read({ type: { type: { type: 'string' } } }), read('string'))
    assert.deepEqual(read({ type: decimal }), read(decimal))
    assert.deepEqual(read({ type: ['null', 'int'] }), read(['null', 'int']))
  })

  const refused: readonly (readonly [what: string, schema: unknown, reason: RegExp])[] = [
    ['a number', 5, /5 is no type/],
    ['nothing', { type: 'array' }, /undefined is no type/],
    ['an unknown name', 'lng', /there is no type lng/],
    ['a name that comes later', record('R', ['E', named('E')]), /there is no type E/],
    ['a record without name', { type: 'record', fields: [] }, /a record has no name/],
    ['a name of other characters', record('a-b', []), /a record has no name: "a-b"/],
    ['a name of a primitive', record('string', []), /a record has no name: "string"/],
    ['an empty part of a name', record('a..b', []), /a record has no name: "a..b"/],
    ['an alias that is no name', record('R', [], { aliases: ['a-b'] }), /aliases of R are no names: a-b/],
    ['two types of a name', record('R', [named('E'), named('E')]), /E is defined twice/],
    ['a record without fields', { type: 'record', name: 'R' }, /record R has no fields/],
    [
      'a field that is none',
      { type: 'record', name: 'R', fields: [null] },
      /record R has a field whose name is/,
    ],
    [
      'a field of another name',
      { type: 'record', name: 'R', fields: [{ name: 'a-b', type: 'int' }] },
      /record R has a field whose name is none: "a-b"/,
    ],
    ['a field without type', { type: 'record', name: 'R', fields: [{ name: 'a' }] }, /R.a has no type/],
    [
      'two fields of a name',
      { type: 'record', name: 'R', fields: Array(2).fill({ name: 'a', type: 'int' }) },
      /record R has field a twice/,
    ],
    ['an enum without symbols', named('E', { symbols: [] }), /enum E has no symbols/],
    ['symbols that are none', named('E', { symbols: ['a b'] }), /symbols of enum E are no names: a b/],
    ['a symbol twice', named('E', { symbols: ['A', 'B', 'A'] }), /enum E has symbol A twice/],
    [
      'a default that is no symbol',
      named('E', { default: 'Z' }),
      /default of enum E is no symbol of it: "Z"/,
    ],
    ...[-1, 1.5, '5', 2 ** 31].map(
      (size) =>
        [`a fixed of ${size}`, { type: 'fixed', name: 'F', size }, /size of fixed F is no number/] as const,
    ),
    ['an empty union', [], /a union is empty/],
    ['a union in a union', ['null', ['int']], /a union is directly in a union/],
    ['a type twice in a union', ['int', 'int'], /a union has int twice/],
    ['a union of two maps', Array(2).fill({ type: 'map', values: 'int' }), /a union has map twice/],
  ]
  for (const [what, schema, reason] of refused) {
    test(`is refused with ${what}`, () => {
      assert.throws(
        () => read(schema),
        (error) => error instanceof InvalidSchemaError && reason.test(error.message),
      )
    })
  }

  test('is refused where it lies too deep in itself', () => {
    const schema = `${'{"type":"array","items":'.repeat(50_000)}"int"${'}'.repeat(50_000)}`
    assert.throws(() => avroSyntax({ type: 'AVRO', schema, referenced: [] }), InvalidSchemaError)
  })
})

test('exact JSON keeps the digits of integers', () => {
  const text = '{"a":[9223372036854775807,-9223372036854775808,1,"9223372036854775807"],"b":1.5}'
  assert.deepEqual(parseExactJson(text), {
    a: [9223372036854775807n, -9223372036854775808n, 1, '9223372036854775807'],
    b: 1.5,
  })
  assert.equal(exactJson(parseExactJson(text)), text)
  assert.equal(exactJson(undefined), undefined)
})
