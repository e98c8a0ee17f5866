import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { ConfigError } from '../../../src/index.js'
import {
  bearerToken,
  HttpListenError,
  type HttpServer,
  type HttpServerOptions,
  httpServer,
  type Route,
} from '../../../src/observe/index.js'

const serving = (routes: readonly Route[], options: Partial<HttpServerOptions> = {}): Promise<HttpServer> =>
  httpServer({ port: 0, routes, ...options })

/** A route that answers with its own path. */
const echo = (path: string, method: Route['method'] = 'GET'): Route => ({
  method,
  path,
  handle: (_, response) => void response.end(path),
})

const textOf = async (server: HttpServer, path: string, init: RequestInit = {}): Promise<string> =>
  (await fetch(server.url + path, init)).text()

describe('the HTTP server', () => {
  test('listens on loopback unless told otherwise', async () => {
    await using server = await serving([])
    assert.equal(server.host, '127.0.0.1')
    assert.equal(server.url, `http://127.0.0.1:${server.port}`)
  })

  test('gives a path to its own route before one for its beginning, the longest beginning first', async () => {
    await using server = await serving([echo('/a/*'), echo('/a/b'), echo('/a/b/*'), echo('/')])
    assert.equal(await textOf(server, '/a/b'), '/a/b')
    assert.equal(await textOf(server, '/a/c?d=e'), '/a/*')
    assert.equal(await textOf(server, '/a/b/c'), '/a/b/*')
    assert.equal(await textOf(server, '/'), '/')
  })

  test('answers 404 where there is nothing, and 405 with what there is for another method', async () => {
    await using server = await serving([echo('/a'), echo('/a', 'POST')])
    assert.equal((await fetch(`${server.url}/b`)).status, 404)
    assert.equal((await fetch(`${server.url}/a/`)).status, 404)
    const refused = await fetch(`${server.url}/a`, { method: 'DELETE' })
    assert.equal(refused.status, 405)
    assert.equal(refused.headers.get('allow'), 'GET, HEAD, POST')
  })

  test('answers HEAD where it answers GET', async () => {
    await using server = await serving([echo('/a')])
    const head = await fetch(`${server.url}/a`, { method: 'HEAD' })
    assert.equal(head.status, 200)
    assert.equal(await head.text(), '')
  })

  for (const [kind, handle] of [
    ['thrown', () => assert.fail('a secret')],
    ['rejected with', () => Promise.reject(new Error('a secret'))],
  ] as const) {
    test(`answers an error that was ${kind} with 500 and none of its text, and tells of it`, async () => {
      const told: unknown[] = []
      const route: Route = { method: 'GET', path: '/a', handle }
      await using server = await serving([route], { onError: (error) => told.push(error) })
      const response = await fetch(`${server.url}/a`)
      assert.equal(response.status, 500)
      assert.equal(await response.text(), 'internal error\n')
      assert.match(String(told[0]), /a secret/)
    })
  }

  test('cuts an answer off that fails after it has begun', async () => {
    const route: Route = {
      method: 'GET',
      path: '/a',
      handle: (_, response) => {
        response.write('half of it')
        throw new Error('it broke')
      },
    }
    await using server = await serving([route])
    await assert.rejects(fetch(`${server.url}/a`).then((response) => response.text()))
  })

  test('lets nobody change anything where no token is configured', async () => {
    await using server = await serving([echo('/a', 'POST')])
    assert.equal((await fetch(`${server.url}/a`, { method: 'POST' })).status, 403)
  })

  test('lets those change something who have the token, and everybody read', async () => {
    const routes = [echo('/a'), echo('/a', 'POST')]
    await using server = await serving(routes, { authorize: bearerToken('open sesame') })
    const post = async (authorization?: string): Promise<number> => {
      const headers = authorization === undefined ? {} : { authorization }
      return (await fetch(`${server.url}/a`, { method: 'POST', headers })).status
    }
    assert.equal(await post(), 401)
    assert.equal(await post('Bearer open'), 401)
    assert.equal(await post('Basic open sesame'), 401)
    assert.equal(await post('Bearer open sesame'), 200)
    assert.equal(await textOf(server, '/a'), '/a')
  })

  test('hands a connection on to a route with another protocol, and refuses it elsewhere', async () => {
    const route: Route = {
      ...echo('/a/*'),
      upgrade: (_, socket) => void socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\nhello'),
    }
    await using server = await serving([route, echo('/b')])
    const ask = async (path: string): Promise<string> => {
      const socket = connect(server.port, server.host)
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      )
      let answer = ''
      for await (const chunk of socket) answer += String(chunk)
      return answer
    }
    assert.match(await ask('/a/b'), /^HTTP\/1\.1 101 [\s\S]*hello$/)
    assert.match(await ask('/b'), /^HTTP\/1\.1 404 /)
  })

  test('cuts what is open when it closes, other protocols too', async () => {
    let begin = (): void => {}
    const began = new Promise<void>((resolve) => {
      begin = resolve
    })
    const hanging: Route = {
      method: 'GET',
      path: '/a',
      handle: (_, response) => {
        response.write('begun')
        begin()
      },
      upgrade: (_, socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    }
    const server = await serving([hanging])
    const open = fetch(`${server.url}/a`).then((response) => response.text())
    const socket = connect(server.port, server.host)
    socket.write('GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    await new Promise((resolve) => socket.once('data', resolve))
    await began
    const ended = new Promise((resolve) => socket.once('close', resolve))
    await server.close()
    await assert.rejects(open)
    await ended
  })

  test('says where it cannot listen', async () => {
    await using server = await serving([])
    await assert.rejects(
      httpServer({ port: server.port, routes: [] }),
      (error) =>
        error instanceof HttpListenError &&
        error.message.startsWith(`no server can listen on 127.0.0.1, port ${server.port}: `),
    )
  })

  test('refuses two routes for the same', async () => {
    await assert.rejects(
      serving([echo('/a'), echo('/a')]),
      (error) => error instanceof ConfigError && /option routes: GET \/a is there twice/.test(error.message),
    )
  })
})
