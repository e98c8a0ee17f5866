import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { KafkaStreams } from '../../src/index.js'
import airportDelays from '../../topologies/airport-delays.js'
import { servePage } from './dashboard-example.js'

const fromRoot = (path: string): Promise<string> =>
  readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')

describe('docs/dashboard.md', () => {
  test('has test/docs/dashboard-example.ts, which is type-checked with the project', async () => {
    const [, code] = /^```ts\n([\s\S]*?)^```/m.exec(await fromRoot('docs/dashboard.md'))!
    assert.equal(code, await fromRoot('test/docs/dashboard-example.ts'))
  })

  test('serves the page of airport-delays', async () => {
    const options = { applicationId: 'app', brokers: ['127.0.0.1:1'] }
    await using streams = new KafkaStreams(airportDelays, options)
    await using server = await servePage(streams, 0)
    const html = await (await fetch(server.url)).text()
    assert.match(html, /Busiest airports/)
    assert.match(html, /"feed":"\/feed\/departures"/)
  })
})
