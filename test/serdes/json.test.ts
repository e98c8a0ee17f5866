import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import * as v from 'valibot'
import * as z from 'zod'
import { json } from '../../src/serdes/json.js'
import type { JsonValue } from '../../src/serdes/json-value.js'
import type { Serde } from '../../src/serdes/serde.js'
import { SerdeError } from '../../src/serdes/serde-error.js'
import { bytesOf, readFrom, roundTrip } from './round-trip.js'

interface Flight {
  readonly origin: string
  readonly delay: number
  readonly remark?: string
  readonly legs: { readonly to: string | null }[]
}

describe('json', () => {
  it('is JSON text in UTF-8', () => {
    assert.equal(bytesOf(json<JsonValue>(), { a: [1, 'é', null] }).toString(), '{"a":[1,"é",null]}')
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const written = JSON.parse(JSON.stringify(value)) as JsonValue
        assert.deepEqual(roundTrip(json<JsonValue>(), written), written)
      }),
    )
  })

  it('tells values apart by their text', () => {
    const identity = json().identity!
    assert.equal(identity({ a: 1 }), identity({ a: 1 }))
    assert.notEqual(identity({ a: 1, b: 2 }), identity({ b: 2, a: 1 }))
  })

  it('refuses what JSON cannot say', () => {
    assert.throws(() => bytesOf(json() as Serde<unknown>, undefined), SerdeError)
  })

  it('does not compile for types that do not survive JSON', () => {
    const fits: Serde<Flight> = json<Flight>()
    const union: Serde<Flight | readonly string[]> = json<Flight | readonly string[]>()
    const inferred: Serde<Flight> = json()
    // @ts-expect-error a Date comes back as a string
    json<{ at: Date }>()
    // @ts-expect-error a Map comes back as {}
    json<Map<string, number>>()
    // @ts-expect-error a bigint cannot be written
    json<{ total: bigint }>()
    // @ts-expect-error functions are left out
    json<{ run(): void }>()
    // @ts-expect-error nothing is known of it
    json<unknown>()
    assert.ok(fits && union && inferred)
  })
})

for (const [library, schema] of [
  ['zod', z.object({ origin: z.string(), delay: z.number() })],
  ['valibot', v.object({ origin: v.string(), delay: v.number() })],
] as const) {
  describe(`json with a schema of ${library}`, () => {
    const codec: Serde<{ origin: string; delay: number }> = json(schema)

    it('validates what it reads', () => {
      assert.deepEqual(roundTrip(codec, { origin: 'SFO', delay: 3 }), { origin: 'SFO', delay: 3 })
      assert.throws(
        () => readFrom(codec, Buffer.from('{"origin":"SFO","delay":"3"}')),
        (error: Error) => error instanceof SerdeError && /^serde json: delay: .*number/.test(error.message),
      )
    })

    it('leaves out what the schema does not name', () => {
      assert.deepEqual(readFrom(codec, Buffer.from('{"origin":"SFO","delay":3,"x":1}')), {
        origin: 'SFO',
        delay: 3,
      })
    })
  })
}

describe('json with a schema', () => {
  it('gives the output of the schema, which need not be JSON-typed', () => {
    const codec: Serde<{ at: Date }> = json(z.object({ at: z.coerce.date() }))
    assert.deepEqual(roundTrip(codec, { at: new Date(86_400_000) }), { at: new Date(86_400_000) })
  })

  it('refuses an asynchronous schema', () => {
    const slow = v.pipeAsync(
      v.string(),
      v.checkAsync(() => Promise.reject(new Error('late'))),
    )
    assert.throws(
      () => readFrom(json(slow), Buffer.from('"a"')),
      new SerdeError('json', 'the valibot schema validates asynchronously: use a synchronous schema'),
    )
  })
})
