import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import avsc from 'avsc'
import fc from 'fast-check'
import { AvroReads } from '../../../../src/serdes/schema-registry/evolution/avro-reads.js'
import { diffSchemas } from '../../../../src/serdes/schema-registry/evolution/diff-schemas.js'
import type { ResolvedSchema } from '../../../../src/serdes/schema-registry/schema-text.js'
import { avroSyntax } from '../../../../src/serdes/schema-registry/syntax/avro-syntax.js'
import { avroEvolution } from './avro-evolutions.js'

const RUNS = { numRuns: 2_000 }

const avro = (schema: string): ResolvedSchema => ({ type: 'AVRO', schema, referenced: [] })

/** What avsc says. As the specification has it, names count without namespaces. */
function avscReads(reader: string, writer: string): boolean {
  const typeOf = (schema: string): avsc.Type => avsc.Type.forSchema(JSON.parse(schema), { wrapUnions: true })
  try {
    typeOf(reader).createResolver(typeOf(writer), { ignoreNamespaces: true } as object)
    return true
  } catch {
    return false
  }
}

describe('the resolution of Avro schemas', () => {
  test('is that of avsc', () => {
    const seen = new Set<boolean>()
    fc.assert(
      fc.property(avroEvolution, ([older, newer]) => {
        const reads = new AvroReads()
        const [writer, reader] = [avroSyntax(avro(older)), avroSyntax(avro(newer))]
        const expected = avscReads(newer, older)
        seen.add(expected)
        assert.equal(reads.reads(reader, writer), expected)
      }),
      RUNS,
    )
    assert.equal(seen.size, 2)
  })

  test('is safe where each of its changes is', () => {
    fc.assert(
      fc.property(avroEvolution, ([older, newer]) => {
        const changes = diffSchemas(avro(older), avro(newer))
        const [was, is] = [avroSyntax(avro(older)), avroSyntax(avro(newer))]
        const told = [changes.every(({ backward }) => backward), changes.every(({ forward }) => forward)]
        const [backward, forward] = [new AvroReads().reads(is, was), new AvroReads().reads(was, is)]
        // Readers differ in what they take then, so that we tell of less than avsc and the registry allow.
        if (changes.some(({ kind }) => kind === 'alias-ambiguous')) {
          assert.ok((!told[0] || backward) && (!told[1] || forward))
        } else assert.deepEqual(told, [backward, forward])
      }),
      RUNS,
    )
  })
})
