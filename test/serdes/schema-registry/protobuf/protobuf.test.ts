import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InMemorySchemaRegistry, protobuf } from '../../../../src/serdes/schema-registry/index.js'
import { hex, readFrom, roundTrip } from '../../round-trip.js'

interface Flight {
  readonly origin: string
  readonly code?: { readonly iata: string }
}

const FLIGHT = 'syntax = "proto3"; package travel; message Flight { string origin = 1; }'

describe('protobuf', () => {
  it('writes and reads with a schema that is registered, in the wire format of Confluent', async () => {
    const registry = new InMemorySchemaRegistry()
    const serde = protobuf<Flight>({ registry, register: 'at-start', schema: FLIGHT })
    await serde.open!([{ topic: 'flights', part: 'value', access: 'write' }], {})
    assert.equal(hex(serde, { origin: 'SFO' }), '00' + '00000001' + '00' + '0a0353464f')
    assert.deepEqual(roundTrip(serde, { origin: 'SFO' }), { origin: 'SFO' })
  })

  it('names subjects by its message', async () => {
    const registry = new InMemorySchemaRegistry()
    const serde = protobuf<Flight>({ registry, register: 'at-start', schema: FLIGHT, subject: 'record-name' })
    await serde.open!([{ topic: 'flights', part: 'value', access: 'write' }], {})
    assert.equal((await registry.versions('travel.Flight')).length, 1)
  })

  it('reads what an older schema has written, with files that it refers to', async () => {
    const registry = new InMemorySchemaRegistry()
    const uses = [{ topic: 'flights', part: 'value', access: 'write' }] as const
    const older = protobuf<Flight>({ registry, register: 'at-start', schema: FLIGHT })
    await older.open!(uses, {})
    await registry.register('code', {
      type: 'PROTOBUF',
      schema: 'syntax = "proto3"; package travel; message Code { string iata = 1; }',
    })
    const newer = protobuf<Flight>({
      registry,
      register: 'at-start',
      schema:
        'syntax = "proto3"; package travel; import "code.proto"; message Flight { string origin = 1; Code code = 2; }',
      references: [{ name: 'code.proto', subject: 'code', version: 1 }],
    })
    await newer.open!(uses, {})
    const bytes = Buffer.from(hex(older, { origin: 'SFO' }), 'hex')
    assert.deepEqual(readFrom(newer, bytes), { origin: 'SFO' })
    assert.deepEqual(roundTrip(newer, { origin: 'SFO', code: { iata: 'SEA' } }), {
      origin: 'SFO',
      code: { iata: 'SEA' },
    })
  })
})
