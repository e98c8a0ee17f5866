import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  avro,
  InMemorySchemaRegistry,
  InvalidSchemaError,
} from '../../../../src/serdes/schema-registry/index.js'
import { avroJson } from '../../../../src/serdes/schema-registry/syntax/avro-idl.js'

const parsed = (text: string): unknown => JSON.parse(avroJson(text))

describe('a schema in Avro IDL', () => {
  it('is one named type', () => {
    const idl =
      '@namespace("travel") record Flight { long date; int delay = 0; union { null, string } cause = null; }'
    assert.deepEqual(parsed(idl), {
      type: 'record',
      name: 'Flight',
      namespace: 'travel',
      fields: [
        { name: 'date', type: 'long' },
        { name: 'delay', type: 'int', default: 0 },
        { name: 'cause', type: ['null', 'string'], default: null },
      ],
    })
  })

  it('is the last type of a protocol, with the others where they are first named', () => {
    const idl = `
      @namespace("travel")
      protocol Flights {
        enum Cause { CREW, WEATHER }
        record Leg { string from; Cause cause; }
        record Flight { Cause cause; array<Leg> legs; map<Leg> byName; }
      }`
    const cause = { type: 'enum', name: 'Cause', symbols: ['CREW', 'WEATHER'] }
    const leg = {
      type: 'record',
      name: 'Leg',
      fields: [
        { name: 'from', type: 'string' },
        { name: 'cause', type: 'Cause' },
      ],
    }
    assert.deepEqual(parsed(idl), {
      namespace: 'travel',
      type: 'record',
      name: 'Flight',
      fields: [
        { name: 'cause', type: cause },
        { name: 'legs', type: { type: 'array', items: leg } },
        { name: 'byName', type: { type: 'map', values: 'Leg' } },
      ],
    })
  })

  it('makes a serde', () => {
    const registry = new InMemorySchemaRegistry({ registersOnLookup: true })
    const serde = avro<{ delay: number }>({ registry, schema: 'record Flight { int delay; }' })
    serde.open?.([{ topic: 'flights', part: 'value', access: 'write' }], {})
    const registered = registry.version('flights-value', 'latest')
    assert.deepEqual(JSON.parse(registered!.schema).fields, [{ name: 'delay', type: 'int' }])
  })

  it('says where it is wrong', () => {
    assert.throws(
      () => avroJson('record Flight {\n  int\n}'),
      (error) => {
        assert.ok(error instanceof InvalidSchemaError)
        assert.match(error.message, /^Avro IDL, line \d+, column \d+: /)
        return true
      },
    )
    assert.throws(() => avroJson('protocol Nothing { }'), /declares no type/)
  })

  for (const text of ['{"type":"string"}', '["null","int"]', '"long"', 'long', ' { "type": "int" }']) {
    it(`is not what is JSON or a name: ${text}`, () => assert.equal(avroJson(text), text))
  }
})
