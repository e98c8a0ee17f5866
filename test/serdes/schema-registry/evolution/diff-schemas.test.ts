import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { diffSchemas } from '../../../../src/serdes/schema-registry/evolution/diff-schemas.js'
import { InvalidSchemaError } from '../../../../src/serdes/schema-registry/registry-errors.js'
import type { ResolvedSchema, SchemaType } from '../../../../src/serdes/schema-registry/schema-text.js'
import { AVRO_CASES } from './avro-cases.js'
import type { EvolutionCase } from './evolution-case.js'
import { JSON_SCHEMA_CASES } from './json-schema-cases.js'
import { PROTOBUF_CASES } from './protobuf-cases.js'

const schemaOf = (type: SchemaType, schema: string): ResolvedSchema => ({ type, schema, referenced: [] })

const CASES: readonly (readonly [SchemaType, readonly EvolutionCase[]])[] = [
  ['AVRO', AVRO_CASES],
  ['JSON', JSON_SCHEMA_CASES],
  ['PROTOBUF', PROTOBUF_CASES],
]

for (const [type, cases] of CASES) {
  describe(`what changes in a schema of ${type}`, () => {
    for (const { name, older, newer, backward, forward, changes } of cases) {
      test(name, () => {
        const found = diffSchemas(schemaOf(type, older), schemaOf(type, newer))
        assert.deepEqual(
          {
            changes: found.map(({ path, kind }) => `${path} ${kind}`),
            backward: found.every((each) => each.backward),
            forward: found.every((each) => each.forward),
          },
          { changes, backward, forward },
        )
        for (const { why } of found) assert.match(why, /^\S.*[^.\s]$/)
      })

      test(`${name}, and back`, () => {
        const found = diffSchemas(schemaOf(type, newer), schemaOf(type, older))
        // A number that becomes reserved is no harm; one that no longer is may be.
        if (name.includes('reserved')) return
        assert.deepEqual(
          { backward: found.every((each) => each.backward), forward: found.every((each) => each.forward) },
          { backward: forward, forward: backward },
        )
      })
    }
  })
}

describe('the diff of schemas', () => {
  test('tells of another language', () => {
    const [change, ...others] = diffSchemas(schemaOf('AVRO', '"int"'), schemaOf('JSON', '{}'))
    assert.deepEqual([change?.kind, change?.what, others], ['language-changed', 'AVRO to JSON', []])
  })

  test('knows what schemas refer to', () => {
    const leg = (type: string): string =>
      JSON.stringify({ type: 'record', name: 'Leg', fields: [{ name: 'x', type }] })
    const flight = JSON.stringify({ type: 'record', name: 'Flight', fields: [{ name: 'leg', type: 'Leg' }] })
    const resolved = (type: string): ResolvedSchema => ({
      type: 'AVRO',
      schema: flight,
      referenced: [{ name: 'Leg', schema: leg(type) }],
    })
    const found = diffSchemas(resolved('int'), resolved('long'))
    assert.deepEqual(
      found.map(({ path, kind }) => `${path} ${kind}`),
      ['Flight.leg.x type-widened'],
    )
  })

  test('goes through schemas that contain themselves', () => {
    const node = (type: string): ResolvedSchema =>
      schemaOf(
        'AVRO',
        JSON.stringify({
          type: 'record',
          name: 'Node',
          fields: [
            { name: 'x', type },
            { name: 'next', type: ['null', 'Node'] },
          ],
        }),
      )
    const found = diffSchemas(node('int'), node('long'))
    assert.deepEqual(
      found.map(({ path, kind }) => `${path} ${kind}`),
      ['Node.x type-widened'],
    )
  })

  test('refuses what is no schema', () => {
    for (const [type, text] of [
      ['AVRO', '{'],
      ['AVRO', '{"type":"record","name":"A","fields":[{"name":"x","type":"B"}]}'],
      ['AVRO', '{"type":"record","name":"A","fields":[{"name":"x"}]}'],
      ['JSON', '[]'],
      ['JSON', '{"$ref":"#/definitions/none"}'],
      ['PROTOBUF', 'message {'],
      ['PROTOBUF', 'syntax = "proto3"; message A { B b = 1; }'],
    ] as const) {
      const schema = schemaOf(type, text)
      assert.throws(() => diffSchemas(schema, schema), InvalidSchemaError, text)
    }
  })
})
