import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { InMemorySchemaRegistry } from '../../../src/serdes/schema-registry/in-memory-schema-registry.js'
import {
  IncompatibleSchemaError,
  InvalidSchemaError,
  SchemaNotFoundError,
} from '../../../src/serdes/schema-registry/registry-errors.js'
import type { SchemaText } from '../../../src/serdes/schema-registry/schema-text.js'

const INT: SchemaText = { type: 'AVRO', schema: '"int"' }
const LONG: SchemaText = { type: 'AVRO', schema: '"long"' }

describe('a schema registry in memory', () => {
  test('answers at once', () => {
    const registry = new InMemorySchemaRegistry()
    const id = registry.register('a', INT)
    assert.deepEqual(registry.schema(id), INT)
    assert.deepEqual(registry.version('a', 1), { ...INT, id, subject: 'a', version: 1 })
    assert.deepEqual(registry.version('a', 'latest'), registry.version('a', 1))
    assert.deepEqual(registry.versions('a'), [registry.version('a', 1)])
    assert.equal(registry.lookup('a', INT), id)
  })

  test('gives a schema one id, whatever subject it is registered under and how often', () => {
    const registry = new InMemorySchemaRegistry()
    const id = registry.register('a', INT)
    assert.notEqual(registry.register('a', LONG), id)
    assert.equal(registry.register('a', INT), id)
    assert.equal(registry.register('b', { ...INT, references: [] }), id)
    assert.notEqual(registry.register('b', { ...INT, type: 'JSON' }), id)
    assert.deepEqual(
      registry.versions('a').map(({ schema }) => schema),
      ['"int"', '"long"'],
    )
  })

  test('has nothing else', () => {
    const registry = new InMemorySchemaRegistry()
    assert.throws(() => registry.schema(1), SchemaNotFoundError)
    assert.equal(registry.version('a', 'latest'), undefined)
    assert.deepEqual(registry.versions('a'), [])
    registry.register('a', INT)
    assert.equal(registry.version('a', 0), undefined)
    assert.equal(registry.version('a', 2), undefined)
    assert.equal(registry.lookup('a', LONG), undefined)
    assert.equal(registry.lookup('b', INT), undefined)
  })

  test('takes no schema that is none, or that refers to what is not there', () => {
    const registry = new InMemorySchemaRegistry()
    const references = [{ name: 'Airport', subject: 'airports', version: 1 }]
    assert.throws(() => registry.register('a', { type: 'JSON', schema: '{' }), InvalidSchemaError)
    assert.throws(() => registry.register('a', { ...INT, references }), InvalidSchemaError)
    assert.deepEqual(registry.versions('a'), [])
    registry.register('airports', INT)
    registry.register('a', { ...INT, references })
    assert.deepEqual(registry.version('a', 1)?.references, references)
    registry.register('p', { type: 'PROTOBUF', schema: 'syntax = "proto3";' })
  })

  test('asks its checker about as many versions as the compatibility says', () => {
    const asked: unknown[] = []
    const registry = new InMemorySchemaRegistry({
      compatibility: 'FORWARD',
      checker: (compatibility, { schema }, versions) => {
        asked.push([compatibility, schema, versions.map((version) => version.schema)])
        return schema === '"float"' ? ['long was widened'] : []
      },
    })
    registry.register('a', INT)
    registry.register('a', LONG)
    registry.setCompatibility('a', 'FULL_TRANSITIVE')
    const float: SchemaText = { type: 'AVRO', schema: '"float"' }
    assert.deepEqual(registry.check('a', float), { compatible: false, messages: ['long was widened'] })
    assert.throws(
      () => registry.register('a', float),
      (error) => {
        assert.ok(error instanceof IncompatibleSchemaError)
        assert.deepEqual(error.reasons, ['long was widened'])
        return true
      },
    )
    assert.deepEqual(asked, [
      ['FORWARD', '"long"', ['"int"']],
      ['FULL_TRANSITIVE', '"float"', ['"int"', '"long"']],
      ['FULL_TRANSITIVE', '"float"', ['"int"', '"long"']],
    ])
    assert.equal(registry.compatibility('a'), 'FULL_TRANSITIVE')
    assert.equal(registry.compatibility('b'), 'FORWARD')
    registry.setCompatibility('a', 'NONE')
    registry.register('a', float)
    assert.equal(asked.length, 3)
  })
})
