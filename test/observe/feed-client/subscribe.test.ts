import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import {
  type Feed,
  type FeedError,
  type FeedState,
  type SubscribeOptions,
  subscribe,
} from '../../../src/observe/feed-client/index.js'
import { until } from '../../support/until.js'
import { refusing, ScriptedServer, telling, tellingThenCut } from './scripted-server.js'

const upsert = (key: string, value: number) => ({ type: 'upsert', key, value, timestamp: 1 })
const remove = (key: string) => ({ type: 'delete', key })
const upToDate = (id: string) => ({ type: 'up-to-date', id })
const snapshot = { type: 'snapshot' }

type Rows = ReadonlyMap<string, { readonly key: string; readonly value: number }>
const shown = (rows: Rows): string[] => [...rows.values()].map(({ key, value }) => `${key}=${value}`)

const opened: { close(): void }[] = []
afterEach(() => {
  for (const feed of opened.splice(0)) feed.close()
})

/** A feed that is closed after the test. */
function open<K, V>(url: string, options?: SubscribeOptions<K, V>): Feed<K, V> {
  const feed = subscribe(url, options)
  opened.push(feed)
  return feed
}

describe('a client of a feed', () => {
  test('has the rows when they are complete, and each change of them', async () => {
    await using server = await ScriptedServer.start(
      telling([
        snapshot,
        upsert('a', 1),
        upsert('b', 2),
        upToDate('1'),
        upsert('a', 3),
        remove('b'),
        remove('c'),
      ]),
    )
    const changes: unknown[] = []
    const feed = open<string, number>(server.url, { onChange: (all) => changes.push(...all) })
    await until('all is told', () => changes.length === 3)
    assert.deepEqual(changes, [snapshot, upsert('a', 3), remove('b')])
    assert.deepEqual(shown(feed.rows), ['a=3'])
    assert.equal(feed.get('a')!.value, 3)
    assert.equal(feed.get('b'), undefined)
  })

  test('finds rows of windows by key and window', async () => {
    const window = { start: 0, end: 10 }
    await using server = await ScriptedServer.start(
      telling([
        snapshot,
        { ...upsert('a', 1), window },
        { ...upsert('a', 2), window: { start: 10, end: 20 } },
        upToDate('1'),
      ]),
    )
    const feed = open<string, number>(server.url)
    for await (const rows of feed) {
      assert.equal(rows.size, 2)
      assert.equal(feed.get('a', window)!.value, 1)
      break
    }
  })

  test('goes on from where it stood', async () => {
    await using server = await ScriptedServer.start(
      tellingThenCut([snapshot, upsert('a', 1), upToDate('first'), upsert('b', 2)], 'second'),
      tellingThenCut([upsert('c', 3), upToDate('third')]),
      telling([remove('a'), upToDate('fourth')]),
    )
    const states: FeedState[] = []
    const feed = open<string, number>(server.url, {
      maxRetryMs: 1,
      onState: (state) => states.push(state),
    })
    await until('it has all', () => shown(feed.rows).join() === 'b=2,c=3')
    assert.deepEqual(
      server.asked.map(({ searchParams }) => searchParams.get('lastEventId')),
      [null, 'second', 'third'],
    )
    assert.deepEqual(states, ['live', 'connecting', 'live', 'connecting', 'live'])
    feed.close()
    assert.equal(feed.state, 'closed')
  })

  test('keeps what it has until a new snapshot is complete, and takes all of it in one go', async () => {
    await using server = await ScriptedServer.start(
      tellingThenCut([snapshot, upsert('a', 1), upsert('b', 1), upToDate('first')]),
      tellingThenCut([{ type: 'must-refetch', reason: 'too-old' }, snapshot, upsert('a', 2)]),
      telling([snapshot, upsert('c', 3), upToDate('second')]),
    )
    const seen: string[][] = []
    open<string, number>(server.url, {
      maxRetryMs: 1,
      onChange: (_, rows) => seen.push(shown(rows)),
    })
    await until('the new one is there', () => seen.length === 2)
    assert.deepEqual(seen, [['a=1', 'b=1'], ['c=3']])
    // In the middle of a snapshot there is no place to go on from.
    assert.deepEqual(
      server.asked.map(({ searchParams }) => searchParams.get('lastEventId')),
      [null, 'first', null],
    )
  })

  test('asks for what its options say', async () => {
    await using server = await ScriptedServer.start(telling([snapshot, upToDate('1')]))
    const feed = open<string | { id: number }, number>(`${server.url}?token=t`, {
      keys: ['a', { id: 1 }],
      prefix: 'p',
      from: 1,
      to: 2,
    })
    await until('it is live', () => feed.state === 'live')
    const [{ searchParams }] = server.asked as [URL]
    assert.deepEqual(
      [...searchParams],
      [
        ['token', 't'],
        ['key', '"a"'],
        ['key', '{"id":1}'],
        ['prefix', 'p'],
        ['from', '1'],
        ['to', '2'],
      ],
    )
  })

  test('sends headers that are made for each request', async () => {
    const sent: (string | undefined)[] = []
    await using server = await ScriptedServer.start((response, request) => {
      sent.push(request.headers.authorization)
      tellingThenCut([])(response, request)
    })
    let token = 0
    open(server.url, {
      maxRetryMs: 1,
      headers: async () => ({ authorization: `${token++}` }),
    })
    await until('it has asked twice', () => sent.length >= 2)
    assert.deepEqual(sent.slice(0, 2), ['0', '1'])
  })

  test('connects again when it hears nothing for too long', async () => {
    await using server = await ScriptedServer.start(telling([]))
    open(server.url, { maxRetryMs: 1, silenceMs: 20 })
    await until('it has asked again', () => server.asked.length > 2)
  })

  for (const [status, what] of [
    [503, 'has no room'],
    [429, 'is asked too often'],
    [502, 'cannot be reached through a proxy'],
  ] as const) {
    test(`tries again where the server ${what}`, async () => {
      await using server = await ScriptedServer.start(
        refusing(status, 'later'),
        telling([snapshot, upToDate('1')]),
      )
      const errors: unknown[] = []
      const feed = open(server.url, { maxRetryMs: 1, onError: (error) => errors.push(error) })
      await until('it is live', () => feed.state === 'live')
      assert.deepEqual(
        errors.map((error) => (error as FeedError).status),
        [status],
      )
    })
  }

  test('ends, and says why, where the server will never serve it', async () => {
    const body = JSON.stringify({ type: 'error', code: 'UNKNOWN_STORE', message: 'there is none' })
    await using server = await ScriptedServer.start(refusing(404, body))
    const errors: unknown[] = []
    const feed = open(server.url, { onError: (error) => errors.push(error) })
    const expected = { name: 'FeedError', code: 'UNKNOWN_STORE', message: 'there is none', status: 404 }
    await assert.rejects(feed[Symbol.asyncIterator]().next(), expected)
    assert.equal(feed.state, 'closed')
    assert.equal(errors.length, 1)
    assert.equal(server.asked.length, 1)
  })

  test('connects again where the feed ends', async () => {
    await using server = await ScriptedServer.start(
      tellingThenCut([{ type: 'error', code: 'FEED_CLOSED', message: 'the application ends' }]),
      telling([snapshot, upToDate('1')]),
    )
    const errors: unknown[] = []
    const feed = open(server.url, { maxRetryMs: 1, onError: (error) => errors.push(error) })
    await until('it is live', () => feed.state === 'live')
    assert.deepEqual(
      errors.map((error) => (error as FeedError).code),
      ['FEED_CLOSED'],
    )
  })

  test('ends with the signal', async () => {
    await using server = await ScriptedServer.start(telling([snapshot, upsert('a', 1), upToDate('1')]))
    const ending = new AbortController()
    const feed = open<string, number>(server.url, { signal: ending.signal })
    const seen: string[][] = []
    for await (const rows of feed) {
      seen.push(shown(rows))
      ending.abort()
    }
    assert.deepEqual(seen, [['a=1']])
    assert.equal(feed.state, 'closed')
    assert.equal(open(server.url, { signal: ending.signal }).state, 'closed')
  })
})
