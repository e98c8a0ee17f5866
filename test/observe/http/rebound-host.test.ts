import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { describe, test } from 'node:test'
import { isRebound } from '../../../src/observe/http/rebound-host.js'
import { httpServer } from '../../../src/observe/index.js'

const rebound = (host: string | undefined, listensOn: string): boolean =>
  isRebound({ headers: host === undefined ? {} : { host } }, listensOn)

describe('a request to a server on loopback', () => {
  for (const host of [
    'localhost:8080',
    '127.0.0.1:8080',
    '[::1]:8080',
    'app.localhost',
    '10.0.0.7',
    undefined,
  ]) {
    test(`is taken by ${host}`, () => assert.equal(rebound(host, '127.0.0.1'), false))
  }

  for (const host of [
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'a b',
  ]) {
    test(`is refused by ${host}`, () => {
      for (const address of ['127.0.0.1', '::1', 'localhost']) assert.equal(rebound(host, address), true)
    })
  }

  test('is answered with 421 where it is refused', async () => {
    await using server = await httpServer({ port: 0, routes: [] })
    const asked = request(server.url, { headers: { host: 'evil.example' } }).end()
    const [response] = (await once(asked, 'response')) as [import('node:http').IncomingMessage]
    response.resume()
    assert.equal(response.statusCode, 421)
  })
})

test('a server that others reach has names that it does not know', () => {
  assert.equal(rebound('workers.example', '0.0.0.0'), false)
})
