import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StreamsBuilder } from '../../../../src/index.js'
import {
  avro,
  InMemorySchemaRegistry,
  type SchemaRegistry,
} from '../../../../src/serdes/schema-registry/index.js'
import type { Serde } from '../../../../src/serdes/serde.js'
import { SerdeError } from '../../../../src/serdes/serde-error.js'
import { TopologyTestDriver } from '../../../../src/testing/index.js'
import { bytesOf, readFrom } from '../../round-trip.js'

const flight = {
  type: 'record',
  name: 'flights.Flight',
  fields: [
    { name: 'origin', type: 'string' },
    { name: 'delay', type: 'int' },
  ],
} as const

/** What flights became: a field was widened, and one came with a default. */
const newFlight = {
  type: 'record',
  name: 'flights.Flight',
  fields: [
    { name: 'origin', type: 'string' },
    { name: 'delay', type: 'long' },
    { name: 'cancelled', type: 'boolean', default: false },
  ],
} as const

function opened<T>(serde: Serde<T>, access: 'read' | 'write' = 'write'): Serde<T> {
  assert.equal(serde.open?.([{ topic: 'flights', part: 'value', access }], {}), undefined)
  return serde
}

const options = (registry: SchemaRegistry) => ({ registry, register: 'at-start' }) as const

describe('an Avro serde', () => {
  it('writes the id of its schema, and the value', () => {
    const registry = new InMemorySchemaRegistry()
    const serde = opened(avro({ ...options(registry), schema: flight }))
    assert.equal(registry.versions('flights-value')[0]!.id, 1)
    assert.equal(bytesOf(serde, { origin: 'SFO', delay: 7 }).toString('hex'), '00000000010653464f0e')
    assert.deepEqual(readFrom(serde, Buffer.from('00000000010653464f0e', 'hex')), { origin: 'SFO', delay: 7 })
  })

  it('reads what older and newer schemas have written, record by record', () => {
    const registry = new InMemorySchemaRegistry()
    const before = opened(avro({ ...options(registry), schema: flight }))
    const after = opened(avro({ ...options(registry), schema: newFlight }))
    const old = bytesOf(before, { origin: 'SFO', delay: 7 })
    const young = bytesOf(after, { origin: 'JFK', delay: 9, cancelled: true })
    for (let round = 0; round < 2; round++) {
      assert.deepEqual(readFrom(after, old), { origin: 'SFO', delay: 7, cancelled: false })
      assert.deepEqual(readFrom(after, young), { origin: 'JFK', delay: 9, cancelled: true })
    }
    assert.throws(() => readFrom(before, young), {
      code: 'SCHEMA_RESOLUTION',
      message:
        'schema 2 of schema registry in memory: field delay: long was written, which cannot be read as int',
    })
  })

  it('has subjects by the name of its record', () => {
    const registry = new InMemorySchemaRegistry()
    opened(avro({ ...options(registry), schema: flight, subject: 'record-name' }))
    assert.equal(registry.versions('flights.Flight').length, 1)
  })

  it('takes the latest schema, and reads by it', () => {
    const registry = new InMemorySchemaRegistry()
    const writer = opened(avro({ ...options(registry), schema: flight }))
    registry.register('flights-value', { type: 'AVRO', schema: JSON.stringify(newFlight) })
    const latest = opened(avro({ registry, schema: 'latest' }), 'read')
    assert.deepEqual(readFrom(latest, bytesOf(writer, { origin: 'SFO', delay: 7 })), {
      origin: 'SFO',
      delay: 7,
      cancelled: false,
    })
  })

  it('refuses values and bytes as every serde does', () => {
    const serde = opened(avro({ ...options(new InMemorySchemaRegistry()), schema: flight }))
    assert.throws(() => bytesOf(serde as Serde<unknown>, { origin: 'SFO' }), SerdeError)
    assert.throws(() => readFrom(serde, Buffer.from('00000000010653', 'hex')), SerdeError)
  })

  it('serves keys, values and stores of a topology', async () => {
    const registry = new InMemorySchemaRegistry({ registersOnLookup: true })
    const serdes = {
      key: avro({ registry, schema: { type: 'map', values: 'string' } }),
      value: avro({ registry, schema: flight }),
    }
    const sums = avro({ registry, schema: 'long', long: 'bigint' })
    const builder = new StreamsBuilder()
    builder
      .stream('flights', serdes)
      .groupByKey()
      .aggregate(
        () => 0n,
        (_, { delay }, sum) => sum + BigInt(delay),
        { store: 'delays', value: sums },
      )
      .toStream()
      .to('delays')
    await using driver = new TopologyTestDriver(builder.build())
    const input = driver.createInputTopic('flights', serdes)
    input.pipe({ city: 'Paris', code: 'CDG' }, { origin: 'CDG', delay: 7 })
    input.pipe({ code: 'CDG', city: 'Paris' }, { origin: 'CDG', delay: 9 })
    const output = driver.createOutputTopic('delays', { key: serdes.key, value: sums })
    const values = output.readKeyValues().map(([, sum]) => sum)
    assert.deepEqual(values, [7n, 16n], 'the order of properties makes no other key')
  })
})
