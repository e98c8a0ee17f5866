import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { avro, InMemorySchemaRegistry } from '../../src/serdes/schema-registry/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { type Flight, flightSchema, flightsOf, lateFlights } from './avro-example.js'
import { prices } from './avro-money-example.js'

const fromRoot = (path: string): Promise<string> =>
  readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')

describe('docs/avro.md', () => {
  test('has its examples as they are type-checked and run here', async () => {
    const page = await fromRoot('docs/avro.md')
    const blocks = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code)
    assert.deepEqual(blocks, [
      await fromRoot('test/docs/avro-example.ts'),
      await fromRoot('test/docs/avro-money-example.ts'),
    ])
  })

  test('has an example that reads and writes Avro', async () => {
    const registry = new InMemorySchemaRegistry({ registersOnLookup: true })
    await using driver = new TopologyTestDriver(lateFlights(registry))
    const serdes = {
      key: avro({ registry, schema: 'string' }),
      value: avro({ registry, schema: flightSchema }),
    }
    const input = driver.createInputTopic('flights', serdes)
    const late: Flight = { date: 1_000, origin: 'SFO', delay: 20, status: 'LATE' }
    input.pipe('UA1', late)
    input.pipe('UA2', { date: 2_000, origin: 'JFK', delay: null, status: 'ON_TIME' })
    const output = driver.createOutputTopic('late-flights', serdes)
    assert.deepEqual(output.readKeyValues(), [['SFO', late]])
  })

  test('has examples of a file and of a conversion', () => {
    const registry = new InMemorySchemaRegistry({ registersOnLookup: true })
    const file = new URL('../../../test/serdes/schema-registry/avro/flight.avsc', import.meta.url)
    assert.equal(flightsOf(registry, file).name, 'avro')
    assert.equal(prices(registry).name, 'avro')
  })
})
