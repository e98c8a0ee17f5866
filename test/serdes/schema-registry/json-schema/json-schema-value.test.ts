import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonValue } from '../../../../src/serdes/json-value.js'
import type { JsonSchemaValue } from '../../../../src/serdes/schema-registry/json-schema/json-schema-value.js'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

describe('the type of the values of a JSON Schema', () => {
  it('is told by a schema that is written as const', () => {
    const schema = {
      type: 'object',
      properties: {
        origin: { type: 'string' },
        delay: { type: ['integer', 'null'] },
        status: { enum: ['early', 'late'] },
        kind: { const: 'flight' },
        via: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
        gate: { type: 'string', nullable: true },
        tags: { type: 'object', additionalProperties: { type: 'boolean' } },
        rest: { $ref: 'rest.json' },
      },
      required: ['origin', 'delay', 'status', 'kind'],
    } as const
    interface Flight {
      readonly origin: string
      readonly delay: number | null
      readonly status: 'early' | 'late'
      readonly kind: 'flight'
      readonly via?: readonly (string | number)[]
      readonly gate?: string | null
      readonly tags?: { readonly [key: string]: boolean }
      readonly rest?: JsonValue
    }
    const flight: Flight = {
      origin: 'SFO',
      delay: null,
      status: 'late',
      kind: 'flight',
      tags: { full: true },
    }
    const there: JsonSchemaValue<typeof schema> = flight
    const back: Flight = there
    assert.equal(back, flight)
  })

  it('is any JSON where the schema says nothing', () => {
    const same: Same<JsonSchemaValue<{ readonly title: 'Any' }>, JsonValue> = true
    assert.ok(same)
  })
})
