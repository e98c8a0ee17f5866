import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonValue } from '../../../../src/serdes/json-value.js'
import { InMemorySchemaRegistry, jsonSchema } from '../../../../src/serdes/schema-registry/index.js'
import type { Serde } from '../../../../src/serdes/serde.js'
import { roundTrip } from '../../round-trip.js'

const registry = new InMemorySchemaRegistry()

describe('jsonSchema', () => {
  it('writes and reads with a schema that is registered', async () => {
    const serde = jsonSchema({
      registry,
      register: 'at-start',
      schema: { type: 'object', properties: { origin: { type: 'string' } }, required: ['origin'] },
    })
    await serde.open!([{ topic: 'flights', part: 'value', access: 'write' }], {})
    assert.deepEqual(roundTrip(serde, { origin: 'SFO' }), { origin: 'SFO' })
    const [version] = await registry.versions('flights-value')
    assert.equal(version?.type, 'JSON')
  })

  it('knows the type of its values by a schema in the code', () => {
    const flight: Serde<{ readonly origin: string; readonly via?: readonly string[] }> = jsonSchema({
      registry,
      schema: {
        type: 'object',
        properties: { origin: { type: 'string' }, via: { type: 'array', items: { type: 'string' } } },
        required: ['origin'],
      },
    })
    // @ts-expect-error a delay is a number
    const wrong: Serde<string> = jsonSchema({ registry, schema: { type: 'integer' } })
    assert.ok(flight.name === wrong.name)
  })

  it('is told the type of its values where the schema is elsewhere', () => {
    interface Flight {
      readonly origin: string
    }
    const latest: Serde<Flight> = jsonSchema<Flight>({ registry, schema: 'latest' })
    const text: Serde<Flight> = jsonSchema<Flight>({ registry, schema: '{"type":"object"}' })
    const any: Serde<JsonValue> = jsonSchema({ registry, schema: 'latest' })
    assert.ok(latest.name === text.name && text.name === any.name)
  })
})
