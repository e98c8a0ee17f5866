import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Compatibility } from '../../../../src/serdes/schema-registry/compatibility.js'
import { evolutionChecker } from '../../../../src/serdes/schema-registry/evolution/check-evolution.js'
import { InMemorySchemaRegistry } from '../../../../src/serdes/schema-registry/in-memory-schema-registry.js'
import { IncompatibleSchemaError } from '../../../../src/serdes/schema-registry/registry-errors.js'
import type { SchemaText } from '../../../../src/serdes/schema-registry/schema-text.js'

const avro = (schema: unknown): SchemaText => ({ type: 'AVRO', schema: JSON.stringify(schema) })

describe('a registry in memory that checks evolution', () => {
  const after = (compatibility: Compatibility, ...schemas: unknown[]): InMemorySchemaRegistry => {
    const registry = new InMemorySchemaRegistry({ compatibility, checker: evolutionChecker })
    for (const schema of schemas) registry.register('numbers', avro(schema))
    return registry
  }

  test('takes what each mode allows', () => {
    assert.equal(after('BACKWARD', 'int', 'long').versions('numbers').length, 2)
    assert.equal(after('FORWARD', 'long', 'int').versions('numbers').length, 2)
    assert.equal(after('FULL', 'string', 'bytes').versions('numbers').length, 2)
    assert.equal(after('NONE', 'string', 'int').versions('numbers').length, 2)
    assert.equal(after('BACKWARD', 'int', 'long', 'double').versions('numbers').length, 3)
  })

  test('refuses what each mode does not, and says why', () => {
    for (const [compatibility, older, newer] of [
      ['BACKWARD', 'long', 'int'],
      ['FORWARD', 'int', 'long'],
      ['FULL', 'int', 'long'],
    ] as const) {
      assert.throws(() => after(compatibility, older, newer), IncompatibleSchemaError)
    }
    const { messages } = after('FORWARD', 'int').check('numbers', avro('long'))
    assert.deepEqual(messages, [
      'long: int to long: int can be read as long, but readers of the old schema cannot read long as int',
    ])
  })

  test('compares with all versions where the mode is transitive, with the last one where it is not', () => {
    const [first, optional, needed] = [
      [],
      [{ name: 'x', type: 'int', default: 0 }],
      [{ name: 'x', type: 'int' }],
    ].map((fields) => ({ type: 'record', name: 'R', fields }))
    assert.equal(after('BACKWARD', first, optional).check('numbers', avro(needed)).compatible, true)
    assert.equal(
      after('BACKWARD_TRANSITIVE', first, optional).check('numbers', avro(needed)).compatible,
      false,
    )
  })
})
