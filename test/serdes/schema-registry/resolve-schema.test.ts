import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { resolveSchema } from '../../../src/serdes/schema-registry/resolve-schema.js'
import type {
  ResolvedSchema,
  SchemaReference,
  SchemaText,
} from '../../../src/serdes/schema-registry/schema-text.js'
import { settle } from '../../../src/serdes/settle.js'

/** Subjects whose versions are named `SUBJECT 1`, by the subjects that they refer to. */
const subjectsOf = (graph: Readonly<Record<string, string>>) => {
  const asked: string[] = []
  const text = (subject: string): SchemaText => ({
    type: 'AVRO',
    schema: `schema ${subject}`,
    references: [...graph[subject]!].map((other) => ({
      name: other.toUpperCase(),
      subject: other,
      version: 1,
    })),
  })
  const dereference = ({ subject }: SchemaReference) => {
    asked.push(subject)
    return text(subject)
  }
  return { text, dereference, asked }
}

const namesOf = ({ referenced }: ResolvedSchema): string => referenced.map(({ name }) => name).join('')

describe('a schema with what it refers to', () => {
  test('is itself where that is nothing', () => {
    const schema = { type: 'AVRO', schema: '"int"' } as const
    const resolved = settle(resolveSchema(schema, () => assert.fail()))
    assert.deepEqual(resolved, { ...schema, referenced: [] })
  })

  test('has each once, behind those that it needs itself', () => {
    const { text, dereference, asked } = subjectsOf({ a: 'bc', b: 'de', c: 'be', d: 'e', e: '' })
    const resolved = settle(resolveSchema(text('a'), dereference)) as ResolvedSchema
    assert.equal(namesOf(resolved), 'EDBC')
    assert.deepEqual(resolved.referenced[0], { name: 'E', schema: 'schema e' })
    assert.deepEqual(asked, ['b', 'd', 'e', 'c'])
  })

  test('is there later where one of them is', async () => {
    const { text, dereference } = subjectsOf({ a: 'b', b: 'c', c: '' })
    const later = async (reference: SchemaReference) => dereference(reference)
    assert.equal(namesOf(await settle(resolveSchema(text('a'), later))), 'CB')
  })

  test('may have one schema by two names', () => {
    const named = (name: string) => ({ name, subject: 'b', version: 1 })
    const a: SchemaText = { type: 'JSON', schema: '{}', references: [named('x.json'), named('y.json')] }
    const resolved = settle(resolveSchema(a, () => ({ type: 'JSON', schema: '1' }))) as ResolvedSchema
    assert.deepEqual(resolved.referenced, [
      { name: 'x.json', schema: '1' },
      { name: 'y.json', schema: '1' },
    ])
  })

  test('is an error where two are called the same', () => {
    const named = (version: number) => ({ name: 'B', subject: 'b', version })
    const a: SchemaText = { type: 'AVRO', schema: '', references: [named(1), named(2)] }
    assert.throws(() => settle(resolveSchema(a, () => ({ type: 'AVRO', schema: '' }))), {
      name: 'InvalidSchemaError',
      message: 'version 2 of subject b: is called B, as is version 1 of subject b',
    })
  })

  test('is an error where one refers to itself, through others or not', () => {
    for (const graph of [{ a: 'b', b: 'c', c: 'b' }, { a: 'a' }]) {
      const { text, dereference } = subjectsOf(graph)
      assert.throws(() => settle(resolveSchema(text('a'), dereference)), {
        name: 'InvalidSchemaError',
        message: /refers to itself: version 1 of subject (.) .*-> version 1 of subject \1$/,
      })
    }
  })

  test('is an error where there is no end to them', () => {
    let version = 1
    const next = (): SchemaText => {
      version++
      return { type: 'AVRO', schema: '', references: [{ name: `N${version}`, subject: 's', version }] }
    }
    assert.throws(() => settle(resolveSchema(next(), next)), { message: /more than 1000 schemas/ })
  })
})
