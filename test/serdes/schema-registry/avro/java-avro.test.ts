import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { diffSchemas } from '../../../../src/serdes/schema-registry/evolution/diff-schemas.js'
import { SchemaResolutionError } from '../../../../src/serdes/schema-registry/registry-errors.js'
import type { AvroSchema } from '../../../../src/serdes/schema-registry/syntax/avro-schema.js'
import { avroSyntax } from '../../../../src/serdes/schema-registry/syntax/avro-syntax.js'
import { SerdeError } from '../../../../src/serdes/serde-error.js'
import { JavaPeer } from '../../../support/java.js'
import { avroEvolution } from '../evolution/avro-evolutions.js'
import { decode, encode, hex, resolved } from './codec.js'
import { all, schemaAndValues, valuesOf } from './random-schema.js'

const limits = {
  ...all,
  // Characters that UTF-8 and UTF-16 put in the same order: Java sorts the keys of maps by bytes.
  text: fc.string({ unit: fc.constantFrom(...'abXY_0 \u00e9\u20ac\u0000'), maxLength: 20 }),
  // Where they are read as text, Java has them as they are, UTF-8 or not.
  bytes: fc.uint8Array({ max: 0x7f, maxLength: 70 }),
}

/** Java's Avro 1.12.0 rounds what is in such arrays to floats. */
const hasDoublesInArray = (schema: string): boolean => schema.includes('"items":"double"')

const base64 = (schema: string): string => Buffer.from(schema).toString('base64')

describe("Avro's own implementation", () => {
  let java: JavaPeer

  before(async () => {
    java = await JavaPeer.avro()
  })

  after(() => java[Symbol.asyncDispose]())

  /** The bytes of what Java reads, as it writes them with the reader's schema. */
  const read = (writer: string, bytes: string, reader: string): Promise<string> =>
    java.ask('read', base64(writer), base64(reader), bytes)

  test('reads what is written, and writes the same', async () => {
    await fc.assert(
      fc.asyncProperty(schemaAndValues(limits), async ([json, values]) => {
        const schema = JSON.stringify(json)
        if (hasDoublesInArray(schema)) return
        for (const value of values) {
          const bytes = hex(json, value)
          assert.equal(await read(schema, bytes, schema), bytes)
        }
      }),
      { numRuns: 300 },
    )
  })

  const evolutionAndValue = avroEvolution
    .filter((versions) => !versions.some((schema) => containsItself(avroSyntax(resolved(schema)))))
    .chain(([older, newer]) =>
      fc.tuple(fc.constant(older), fc.constant(newer), valuesOf(avroSyntax(resolved(older)), limits)),
    )

  test('reads with another schema what is read with it here', async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(evolutionAndValue, async ([older, newer, value]) => {
        if (hasDoublesInArray(older + newer) || isAmbiguous(older, newer)) return
        const bytes = encode(older, value)
        const here = readable(older, bytes, newer)
        if (here === undefined) return
        assert.equal(await read(older, bytes.toString('hex'), newer), hex(newer, here.value))
        compared++
      }),
      { numRuns: 600 },
    )
    assert.ok(compared > 0)
  })
})

/** Whether an alias fits a field that another one is by its name, where readers differ. */
const isAmbiguous = (older: string, newer: string): boolean =>
  diffSchemas(resolved(older), resolved(newer)).some(({ kind }) => kind === 'alias-ambiguous')

function containsItself(schema: AvroSchema, around: readonly AvroSchema[] = []): boolean {
  const within = [...around, schema]
  if (schema.kind === 'record')
    return around.includes(schema) || schema.fields.some(({ type }) => containsItself(type, within))
  if (schema.kind === 'union') return schema.branches.some((branch) => containsItself(branch, within))
  if (schema.kind === 'array') return containsItself(schema.items, within)
  return schema.kind === 'map' && containsItself(schema.values, within)
}

/** What is read here; undefined: the schemas, or the value, cannot be. */
function readable(older: string, bytes: Buffer, newer: string): { readonly value: unknown } | undefined {
  try {
    return { value: decode(older, bytes, newer) }
  } catch (error) {
    if (error instanceof SerdeError || error instanceof SchemaResolutionError) return undefined
    throw error
  }
}
