import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import avsc from 'avsc'
import fc from 'fast-check'
import { avroFormat } from '../../../../src/serdes/schema-registry/avro/avro-format.js'
import { diffSchemas } from '../../../../src/serdes/schema-registry/evolution/diff-schemas.js'
import { protobufFormat } from '../../../../src/serdes/schema-registry/protobuf/protobuf-format.js'
import { SchemaResolutionError } from '../../../../src/serdes/schema-registry/registry-errors.js'
import type { SchemaFormat } from '../../../../src/serdes/schema-registry/schema-format.js'
import type { ResolvedSchema, SchemaType } from '../../../../src/serdes/schema-registry/schema-text.js'
import { AVRO_CASES } from './avro-cases.js'
import { avroEvolution } from './avro-evolutions.js'
import { PROTOBUF_CASES } from './protobuf-cases.js'

const schemaOf = (type: SchemaType, schema: string): ResolvedSchema => ({ type, schema, referenced: [] })

/** Whether the serde has a reader for what was written with another schema. */
function reads(format: SchemaFormat<unknown>, writer: string, reader: string): boolean {
  try {
    format.reader(schemaOf(format.type, writer), schemaOf(format.type, reader))
    return true
  } catch (error) {
    if (error instanceof SchemaResolutionError) return false
    throw error
  }
}

const avro = avroFormat({ schema: 'latest' })
const protobuf = protobufFormat({ schema: 'latest' })

/** The bytes of a random value; undefined: every value would have to contain itself. */
function randomBytes(schema: string): Buffer | undefined {
  const type = avsc.Type.forSchema(JSON.parse(schema), { wrapUnions: true })
  try {
    return type.toBuffer(type.random())
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

describe('what is told to be safe, the serdes read', () => {
  for (const { name, older, newer, backward, forward } of AVRO_CASES) {
    test(`avro: ${name}`, () => {
      if (backward) assert.ok(reads(avro, older, newer))
      if (forward) assert.ok(reads(avro, newer, older))
    })
  }

  for (const { name, older, newer, backward, forward } of PROTOBUF_CASES) {
    test(`protobuf: ${name}`, () => {
      if (backward) assert.ok(reads(protobuf, older, newer))
      if (forward) assert.ok(reads(protobuf, newer, older))
    })
  }

  test('avro: any values, with any schemas', () => {
    let read = 0
    fc.assert(
      fc.property(avroEvolution, ([older, newer]) => {
        const [was, is] = [schemaOf('AVRO', older), schemaOf('AVRO', newer)]
        if (diffSchemas(was, is).some(({ backward }) => !backward)) return
        const reader = avro.reader(was, is)
        const bytes = randomBytes(older)
        if (bytes === undefined) return
        reader.read(bytes, 0, bytes.length)
        read++
      }),
      { numRuns: 2_000 },
    )
    assert.ok(read > 0)
  })
})
