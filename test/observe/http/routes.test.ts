import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StreamsBuilder, string } from '../../../src/index.js'
import {
  healthRoutes,
  httpServer,
  metricsRoute,
  prometheusMetrics,
  topologyRoute,
} from '../../../src/observe/index.js'
import { FakeClient, threadMetrics } from '../../support/thread-metrics.js'

const topology = (() => {
  const builder = new StreamsBuilder()
  builder.stream('words', { key: string(), value: string() }).groupByKey().count({ store: 'counts' })
  return builder.build()
})()

describe('/metrics', () => {
  test('is what Prometheus scrapes, as of now', async () => {
    const client = new FakeClient([threadMetrics({ commits: 3 })])
    await using server = await httpServer({ port: 0, routes: [metricsRoute(prometheusMetrics(client))] })
    const scrape = async (): Promise<string> => {
      const response = await fetch(`${server.url}/metrics`)
      assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
      return response.text()
    }
    assert.match(await scrape(), /^millrace_thread_commits_total\{thread="0"\} 3$/m)
    client.threads = [threadMetrics({ commits: 4 })]
    assert.match(await scrape(), /^millrace_thread_commits_total\{thread="0"\} 4$/m)
  })
})

describe('/healthz and /readyz', () => {
  const ask = async (client: FakeClient, path: string): Promise<[status: number, body: unknown]> => {
    await using server = await httpServer({ port: 0, routes: healthRoutes(client) })
    const response = await fetch(server.url + path)
    return [response.status, await response.json()]
  }

  test('are 200 with what they go by', async () => {
    const client = new FakeClient([threadMetrics({ state: 'running', tasks: ['0_0'] })])
    const threads = [{ thread: 0, state: 'running', tasks: ['0_0'] }]
    const [health] = await ask(client, '/healthz')
    assert.equal(health, 200)
    const readiness = { ready: true, state: 'running', threads, awaitingSchemas: [] }
    assert.deepEqual(await ask(client, '/readyz'), [200, readiness])
  })

  test('are 503 where the client has ended', async () => {
    const client = new FakeClient([threadMetrics({ state: 'failed' })])
    client.state = 'error'
    const [health, body] = await ask(client, '/healthz')
    assert.equal(health, 503)
    assert.deepEqual((body as { threads: unknown }).threads, [
      { thread: 0, state: 'failed', tasks: [], alive: true },
    ])
    const [readiness] = await ask(client, '/readyz')
    assert.equal(readiness, 503)
  })
})

describe('/topology', () => {
  const ask = async (query: string): Promise<Response> => {
    await using server = await httpServer({ port: 0, routes: [topologyRoute({ topology })] })
    const response = await fetch(`${server.url}/topology${query}`)
    return new Response(await response.text(), response)
  }

  test('is the text of Kafka Streams', async () => {
    assert.equal(await (await ask('')).text(), topology.describe())
  })

  test('is data where JSON is asked for', async () => {
    const response = await ask('?format=json')
    assert.equal(response.headers.get('content-type'), 'application/json')
    const { fingerprint } = (await response.json()) as { fingerprint: string }
    assert.equal(fingerprint, topology.fingerprint)
  })

  test('is a diagram where Mermaid is asked for', async () => {
    assert.match(await (await ask('?format=mermaid')).text(), /^flowchart TD\n/)
  })

  test('says which formats there are', async () => {
    const response = await ask('?format=xml')
    assert.equal(response.status, 400)
    assert.equal(await response.text(), 'format xml is none of text, json, mermaid\n')
  })
})
