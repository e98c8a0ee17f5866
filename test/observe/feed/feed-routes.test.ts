import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Registry } from 'prom-client'
import { WebSocket } from 'ws'
import { KafkaStreams, StreamsBuilder, string } from '../../../src/index.js'
import { type FeedOptions, feedRoutes, type HttpServer, httpServer } from '../../../src/observe/index.js'

const texts = { key: string(), value: string() }

const clients: KafkaStreams[] = []
after(() => Promise.all(clients.map((streams) => streams.close())))

/** A client that is not started: no broker is asked for anything that is refused before. */
function streamsOf(): KafkaStreams {
  const builder = new StreamsBuilder()
  builder.stream('input', texts).groupByKey().count({ store: 'counts' })
  builder.globalTable('airports', { ...texts, store: 'airports' })
  builder.stream('events', texts).groupByKey().count({ store: 'unlogged', logging: false })
  const streams = new KafkaStreams(builder.build(), { applicationId: 'app', brokers: ['127.0.0.1:1'] })
  clients.push(streams)
  return streams
}

const serving = (options: FeedOptions = {}): Promise<HttpServer> =>
  httpServer({ port: 0, routes: feedRoutes(streamsOf(), options) })

interface Answer {
  readonly status: number
  readonly code: string | undefined
  readonly headers: Headers
}

async function ask(server: HttpServer, path: string, init: RequestInit = {}): Promise<Answer> {
  const ending = new AbortController()
  const response = await fetch(server.url + path, { ...init, signal: ending.signal })
  const { status, headers } = response
  const refused = headers.get('content-type') === 'application/json'
  const code = refused ? ((await response.json()) as { code: string }).code : undefined
  ending.abort()
  return { status, code, headers }
}

/** The status of the answer to a WebSocket that is refused. */
async function refusedWebSocket(server: HttpServer, path: string, headers = {}): Promise<number> {
  const socket = new WebSocket(server.url.replace('http', 'ws') + path, { headers })
  const [, response] = await once(socket, 'unexpected-response')
  response.resume()
  return response.statusCode
}

describe('the address of a feed', () => {
  let server: HttpServer
  before(async () => {
    server = await serving()
  })
  after(() => server.close())

  for (const [path, status, code] of [
    ['/feed/nothing', 404, 'UNKNOWN_STORE'],
    ['/feed/', 404, 'UNKNOWN_STORE'],
    ['/feed/%', 404, 'UNKNOWN_STORE'],
    ['/feed/unlogged', 404, 'FEED_STORE'],
    ['/feed/airports', 404, 'FEED_STORE'],
    ['/feed/counts?from=1', 400, 'FEED_FILTER'],
    ['/feed/counts?to=soon', 400, 'FEED_FILTER'],
  ] as const) {
    test(`${path} is answered with ${status}, and why`, async () => {
      const answer = await ask(server, path)
      assert.deepEqual([answer.status, answer.code], [status, code])
      assert.equal(await refusedWebSocket(server, path), status)
    })
  }

  test('is answered at once, whatever is to be read before', async () => {
    const { status, headers } = await ask(server, '/feed/counts')
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'text/event-stream')
    assert.equal(headers.get('cache-control'), 'no-store, no-transform')
    assert.equal(headers.get('x-accel-buffering'), 'no')
  })

  test('is answered to HEAD without a feed', async () => {
    const { status } = await ask(server, '/feed/counts', { method: 'HEAD' })
    assert.equal(status, 200)
  })
})

describe('the options of feeds', () => {
  test('say which stores are served', async () => {
    await using server = await serving({ stores: {} })
    const { status, code } = await ask(server, '/feed/counts')
    assert.deepEqual([status, code], [404, 'UNKNOWN_STORE'])
    for (const [store, expected] of [
      ['nothing', 'UNKNOWN_STORE'],
      ['unlogged', 'FEED_STORE'],
    ] as const) {
      assert.throws(() => feedRoutes(streamsOf(), { stores: { [store]: {} } }), { code: expected })
    }
  })

  test('say who may read', async () => {
    await using server = await serving({
      authorize: async ({ store, url, request }) =>
        store === 'counts' && (url.searchParams.get('token') ?? request.headers.authorization) === 'secret',
    })
    assert.equal((await ask(server, '/feed/counts')).status, 401)
    assert.equal((await ask(server, '/feed/nothing?token=secret')).status, 401)
    assert.equal((await ask(server, '/feed/counts?token=secret')).status, 200)
    assert.equal((await ask(server, '/feed/counts', { headers: { authorization: 'secret' } })).status, 200)
    assert.equal(await refusedWebSocket(server, '/feed/counts'), 401)
  })

  test('do not let in whom the hook fails for', async () => {
    await using server = await serving({
      authorize: () => {
        throw new Error('the hook is broken')
      },
    })
    assert.equal((await ask(server, '/feed/counts')).status, 500)
    assert.equal(await refusedWebSocket(server, '/feed/counts'), 500)
  })

  test('keep nobody who has left before the hook lets them in', async () => {
    const registry = new Registry()
    const hook = new EventEmitter()
    await using server = await serving({
      registry,
      stores: { counts: {} },
      authorize: async ({ request }) => {
        hook.emit('asked')
        await once(request.socket, 'close')
        hook.emit('left')
        return true
      },
    })
    const ending = new AbortController()
    const asked = once(hook, 'asked')
    const left = once(hook, 'left')
    const refused = assert.rejects(fetch(`${server.url}/feed/counts`, { signal: ending.signal }))
    await asked
    ending.abort()
    await Promise.all([left, refused])
    await turn()
    assert.match(await registry.metrics(), /^millrace_feed_subscribers\{store="counts"\} 0$/m)
  })

  test('serve nobody once the client has ended', async () => {
    const streams = streamsOf()
    await using server = await httpServer({ port: 0, routes: feedRoutes(streams) })
    await streams.close()
    await using late = await httpServer({ port: 0, routes: feedRoutes(streams) })
    for (const each of [server, late]) {
      const { status, code } = await ask(each, '/feed/counts')
      assert.deepEqual([status, code], [503, 'FEED_CLOSED'])
    }
  })

  test('bound the number of subscribers', async () => {
    await using server = await serving({ maxSubscribers: 1 })
    const ending = new AbortController()
    await fetch(`${server.url}/feed/counts`, { signal: ending.signal })
    const { status, code, headers } = await ask(server, '/feed/counts')
    assert.deepEqual([status, code], [503, 'FEED_SUBSCRIBERS'])
    assert.equal(headers.get('retry-after'), '5')
    ending.abort()
  })

  test('are checked', () => {
    for (const [options, message] of [
      [{ maxSubscribers: 0 }, 'option maxSubscribers: 0 must be a whole number, at least 1'],
      [{ maxBytes: 5 }, 'option maxBytes: 5 must be a whole number, at least 1048576'],
      [
        { origins: ['shop.example'] },
        "option origins: 'shop.example' is no origin such as https://shop.example",
      ],
    ] as const) {
      assert.throws(() => feedRoutes(streamsOf(), options), { code: 'INVALID_OPTION', message })
    }
    assert.throws(() => feedRoutes(streamsOf(), { heartbeat: '0s' }), { code: 'INVALID_DURATION' })
  })

  test('say where metrics are registered', async () => {
    const registry = new Registry()
    await using server = await serving({ registry, stores: { counts: {} } })
    const subscribers = async (): Promise<number> => {
      const text = await registry.metrics()
      return Number(/^millrace_feed_subscribers\{store="counts"\} (\d+)$/m.exec(text)?.[1])
    }
    assert.equal(await subscribers(), 0)
    const ending = new AbortController()
    await fetch(`${server.url}/feed/counts`, { signal: ending.signal })
    assert.equal(await subscribers(), 1)
    ending.abort()
  })
})

describe('pages of other origins', () => {
  const shop = { origin: 'https://shop.example' }

  test('may not read feeds', async () => {
    await using server = await serving()
    const { status, code, headers } = await ask(server, '/feed/counts', { headers: shop })
    assert.deepEqual([status, code], [403, 'FEED_ORIGIN'])
    assert.equal(headers.get('access-control-allow-origin'), null)
    assert.equal(await refusedWebSocket(server, '/feed/counts', shop), 403)
    const preflight = await ask(server, '/feed/counts', { method: 'OPTIONS', headers: shop })
    assert.equal(preflight.headers.get('access-control-allow-origin'), null)
  })

  test('may if the options say so', async () => {
    await using server = await serving({ origins: ['https://shop.example'] })
    const { status, headers } = await ask(server, '/feed/counts', { headers: shop })
    assert.equal(status, 200)
    assert.equal(headers.get('access-control-allow-origin'), 'https://shop.example')
    assert.equal(headers.get('access-control-allow-credentials'), 'true')
    assert.equal(headers.get('vary'), 'origin')
    const asked = { ...shop, 'access-control-request-headers': 'authorization' }
    const preflight = await ask(server, '/feed/counts', { method: 'OPTIONS', headers: asked })
    assert.equal(preflight.status, 204)
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'authorization')
    const other = await ask(server, '/feed/counts', { headers: { origin: 'https://other.example' } })
    assert.equal(other.status, 403)
  })

  test('are told why they are refused', async () => {
    await using server = await serving({ origins: ['https://shop.example'] })
    const { status, headers } = await ask(server, '/feed/nothing', { headers: shop })
    assert.equal(status, 404)
    assert.equal(headers.get('access-control-allow-origin'), 'https://shop.example')
  })

  test('may all, but without cookies, where that is said', async () => {
    await using server = await serving({ origins: '*' })
    const { status, headers } = await ask(server, '/feed/counts', { headers: shop })
    assert.equal(status, 200)
    assert.equal(headers.get('access-control-allow-credentials'), null)
  })

  test('are none where a page is of this server, whatever it is called behind a proxy', async () => {
    await using server = await serving()
    for (const headers of [
      { origin: server.url },
      { origin: 'https://public.example', 'sec-fetch-site': 'same-origin' },
    ]) {
      assert.equal((await ask(server, '/feed/counts', { headers })).status, 200)
    }
  })
})
