import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { KafkaStreams, StreamsBuilder, string } from '../../../src/index.js'
import type { PageDescription } from '../../../src/observe/dashboard/page-description.js'
import type { Status } from '../../../src/observe/dashboard/status.js'
import { EventStream } from '../../../src/observe/feed-client/event-stream.js'
import {
  type DashboardOptions,
  dashboardRoutes,
  type HttpServer,
  httpServer,
} from '../../../src/observe/index.js'

function streamsOf(): KafkaStreams {
  const builder = new StreamsBuilder()
  builder.stream('lines', { key: string(), value: string() }).to('copy')
  return new KafkaStreams(builder.build(), { applicationId: 'app', brokers: ['127.0.0.1:1'] })
}

const serve = (options: DashboardOptions): Promise<HttpServer> =>
  httpServer({ port: 0, routes: dashboardRoutes(streamsOf(), options) })

const results = {
  title: 'Busiest',
  row: 'airport',
  columns: [{ title: 'flights', field: 'flights', combine: 'sum' as const }],
}

const descriptionIn = (html: string): PageDescription =>
  JSON.parse(/<script type="application\/json" id="description">(.*?)<\/script>/.exec(html)![1]!)

/** Asks for a path as it is: `fetch` would take `..` out of it. */
const statusOf = (server: HttpServer, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    request({ host: server.host, port: server.port, path }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
      .on('error', reject)
      .end()
  })

describe('the page of an application', () => {
  let server: HttpServer
  before(async () => {
    server = await serve({ results: { ...results, from: { store: 'de/lays' } } })
  })
  after(() => server.close())

  const pageText = async (): Promise<string> => (await fetch(server.url)).text()

  test('is headed by the id of the application, and knows topology and feed', async () => {
    const html = await pageText()
    assert.match(html, /<h1>app<\/h1>/)
    const { title, topology, results } = descriptionIn(html)
    assert.equal(title, 'app')
    assert.equal(topology.subTopologies.length, 1)
    assert.equal(results!.feed, '/feed/de%2Flays')
  })

  test('may load and run only what is ours', async () => {
    const policy = (await fetch(server.url)).headers.get('content-security-policy')!
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'/)
    assert.doesNotMatch(policy, /unsafe|http|\*/)
    const html = await pageText()
    assert.doesNotMatch(html, / style=| on\w+=|https?:/)
  })

  test('has all modules that it imports, and its style', async () => {
    const html = await pageText()
    const links = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, link]) => link!)
    assert.ok(links.length > 5)
    for (const link of links) {
      const response = await fetch(server.url + link)
      assert.equal(response.status, 200)
      const type = link.endsWith('.css') ? /^text\/css/ : /^text\/javascript/
      assert.match(response.headers.get('content-type')!, type)
      for (const [, relative] of (await response.text()).matchAll(/from '(\.[^']+)'/g)) {
        assert.ok(links.includes(new URL(relative!, `http://x${link}`).pathname), relative)
      }
    }
  })

  test('gives away no other file', async () => {
    for (const path of ['dashboard/status-stream.js', 'index.js', '../index.js', '..%2findex.js', '']) {
      assert.equal(await statusOf(server, `/assets/${path}`), 404, path)
    }
  })

  test('tells how the client is at once, and on and on', async () => {
    const response = await fetch(`${server.url}/status`)
    assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8')
    const events = new EventStream()
    const told: Status[] = []
    const decoder = new TextDecoder()
    for await (const bytes of response.body!) {
      for (const { data } of events.read(decoder.decode(bytes))) told.push(JSON.parse(data))
      if (told.length === 2) break
    }
    for (const { state, fingerprint } of told) {
      assert.equal(state, 'created')
      assert.equal(fingerprint, descriptionIn(await pageText()).topology.fingerprint)
    }
  })
})

test('results that come from no feed are told with the status', async () => {
  const rows = [{ name: 'ATL', figures: [3] }]
  await using server = await serve({ results: { ...results, from: () => ({ rows }) } })
  const html = await (await fetch(server.url)).text()
  assert.equal(descriptionIn(html).results!.feed, undefined)
  const response = await fetch(`${server.url}/status`)
  const { value } = await response.body!.getReader().read()
  assert.match(new TextDecoder().decode(value), /"results":\{"rows":\[\{"name":"ATL","figures":\[3\]\}\]\}/)
})

test('what an application calls itself is text, whatever it is', async () => {
  const title = '</script><b>"&'
  await using server = await serve({ title, results: { ...results, title, from: () => ({ rows: [] }) } })
  const html = await (await fetch(server.url)).text()
  assert.doesNotMatch(html, /<b>/)
  assert.match(html, /<h1>&lt;\/script&gt;&lt;b&gt;&quot;&amp;<\/h1>/)
  assert.equal(descriptionIn(html).title, title)
})
