import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { SchemaPendingError } from '../../src/serdes/schema-pending-error.js'
import { confluentSchemaRegistry, jsonSchema, protobuf } from '../../src/serdes/schema-registry/index.js'
import type { Serde } from '../../src/serdes/serde.js'
import type { SerdeUse } from '../../src/serdes/serde-use.js'
import { roundTrip } from '../serdes/round-trip.js'
import { testRegistry } from '../support/registry.js'

/** protoc's FileDescriptorProto of `syntax = "proto3"; package t; message M { string a = 1; }`, as clients in Python register it. */
const DESCRIPTOR = 'CgdtLnByb3RvEgF0Ig4KAU0SCQoBYRgBIAEoCWIGcHJvdG8z'

const useOf = (topic: string): SerdeUse => ({ topic, part: 'value', access: 'write' })

/** What is read is fetched first. */
async function comesBack<T>(serde: Serde<T>, value: T): Promise<T> {
  try {
    return roundTrip(serde, value)
  } catch (error) {
    if (!(error instanceof SchemaPendingError)) throw error
    await error.ready
    return roundTrip(serde, value)
  }
}

describe('schemas of a real registry', async () => {
  const registry = confluentSchemaRegistry({ url: await testRegistry() })
  const topicOf = (name: string): string => `${name}-${randomUUID()}`

  it('are Protobuf, with what it imports', async () => {
    const topic = topicOf('flights')
    const code = topicOf('code')
    await registry.register(code, {
      type: 'PROTOBUF',
      schema: 'syntax = "proto3"; package travel; message Code { string iata = 1; }',
    })
    const schema = `syntax = "proto3"; package travel; import "code.proto"; import "google/protobuf/timestamp.proto";
      message Flight { Code origin = 1; google.protobuf.Timestamp at = 2; map<string, int64> counts = 3; }`
    const references = [{ name: 'code.proto', subject: code, version: 1 }]
    const written = protobuf({ registry, register: 'at-start', schema, references })
    await written.open?.([useOf(topic)], {})
    const flight = { origin: { iata: 'SFO' }, at: { seconds: 1, nanos: 2 }, counts: { a: 1, b: 2 } }
    assert.deepEqual(await comesBack(written, flight), flight)
    const latest = protobuf({ registry, schema: 'latest' })
    await latest.open?.([useOf(topic)], {})
    assert.deepEqual(await comesBack(latest, flight), flight)
  })

  it('are Protobuf that was registered as a descriptor', async () => {
    const topic = topicOf('descriptor')
    await registry.register(`${topic}-value`, { type: 'PROTOBUF', schema: DESCRIPTOR })
    const latest = protobuf({ registry, schema: 'latest', message: 't.M' })
    await latest.open?.([useOf(topic)], {})
    assert.deepEqual(await comesBack(latest, { a: 'x' }), { a: 'x' })
  })

  for (const draft of [
    'http://json-schema.org/draft-04/schema#',
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2020-12/schema',
  ]) {
    it(`are JSON Schema of ${draft}`, async () => {
      const topic = topicOf('json')
      const schema = {
        $schema: draft,
        type: 'object',
        properties: { a: { type: 'string' } },
        required: ['a'],
      }
      const written = jsonSchema<{ a: string }>({
        registry,
        register: 'at-start',
        schema: JSON.stringify(schema),
      })
      await written.open?.([useOf(topic)], {})
      const latest = jsonSchema<{ a: string }>({ registry, schema: 'latest' })
      await latest.open?.([useOf(topic)], {})
      assert.deepEqual(await comesBack(latest, { a: 'x' }), { a: 'x' })
    })
  }
})
