import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { describe, test } from 'node:test'
import { UsageError } from '../../src/cli/usage-error.js'
import { type DemoDescription, loadDemo } from '../../src/demo/demo.js'
import { checkPort, servePage } from '../../src/demo/page-server.js'
import { KafkaStreams } from '../../src/index.js'
import type { HttpServer } from '../../src/observe/index.js'
import { loadTopology } from '../../src/runtime/load-topology.js'

/** Keeps a port from others, whoever has it. */
async function taken(port: number): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.once('error', () => resolve())
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async [Symbol.asyncDispose]() {
      server.close()
    },
  }
}

async function serve(name: string, port?: number): Promise<HttpServer> {
  const demo = await loadDemo(name)
  const topology = await loadTopology(demo.module)
  const options = { applicationId: demo.applicationId, brokers: ['127.0.0.1:1'] }
  return servePage(new KafkaStreams(topology, options), demo, () => ({ rows: [] }), port)
}

describe('the page of npm start', () => {
  test('is at a port that is free where the usual one is taken', async () => {
    await using other = await taken(8080)
    await using server = await serve('word-count')
    assert.notEqual(server.port, other.port)
    assert.equal((await fetch(server.url)).status, 200)
  })

  test('is at the port that was asked for, or nowhere: one sentence says so', async () => {
    await using other = await taken(0)
    const refused = (error: unknown): boolean =>
      error instanceof UsageError &&
      /^the page cannot be served at port \d+: .*; give another --port, 0 for a free one, or --no-page$/.test(
        error.message,
      )
    await assert.rejects(checkPort(other.port), refused)
    await assert.rejects(serve('word-count', other.port), refused)
    await checkPort(0)
    await checkPort(undefined)
  })

  test('is there for every topology that says what to show, with what else there is to see', async () => {
    for (const name of ['airport-delays', 'rate-limits', 'recommendations', 'flight-watermarks']) {
      const { feed, results }: DemoDescription = await loadDemo(name)
      await using server = await serve(name, 0)
      const html = await (await fetch(server.url)).text()
      assert.ok(html.includes(`<h2 id="results-title">${results.title}</h2>`))
      assert.equal(html.includes('"feed":'), feed !== undefined)
      for (const path of ['/metrics', '/topology', '/healthz']) {
        const { status } = await fetch(server.url + path, { method: 'HEAD' })
        assert.ok(status === 200 || status === 503, path)
      }
    }
  })
})
