import assert from 'node:assert/strict'
import { test } from 'node:test'
import { string } from 'millrace'
import { avro, InMemorySchemaRegistry } from 'millrace/schema-registry'
import { TopologyTestDriver } from 'millrace/testing'
import { worstFlights } from './schema-registry-example.js'

test('a flight that is less late than the one before changes nothing', async () => {
  const registry = new InMemorySchemaRegistry({ registersOnLookup: true })
  await using driver = new TopologyTestDriver(worstFlights(registry))
  const flight = avro<{ origin: string; delay: number }>({
    registry,
    schema: `{ "type": "record", "name": "Flight", "fields": [
      { "name": "origin", "type": "string" }, { "name": "delay", "type": "int" }] }`,
  })
  const input = driver.createInputTopic('flights', { key: string(), value: flight })
  input.pipe('UA1', { origin: 'SFO', delay: 20 })
  input.pipe('UA2', { origin: 'SFO', delay: 5 })
  const output = driver.createOutputTopic('worst-flights', { key: string(), value: flight })
  assert.deepEqual(output.readKeyValues(), [
    ['SFO', { origin: 'SFO', delay: 20 }],
    ['SFO', { origin: 'SFO', delay: 20 }],
  ])
})
