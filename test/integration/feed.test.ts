import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { WebSocket } from 'ws'
import { type KafkaStreams, StreamsBuilder, string, TumblingWindows } from '../../src/index.js'
import { Producer } from '../../src/kafka/producer/producer.js'
import { RecordBatchBuilder } from '../../src/kafka/records/record-batch-builder.js'
import { decodePosition } from '../../src/observe/feed/feed-position.js'
import { EventStream } from '../../src/observe/feed-client/event-stream.js'
import type { FeedMessage } from '../../src/observe/feed-client/feed-message.js'
import { FeedRows } from '../../src/observe/feed-client/feed-rows.js'
import { subscribe } from '../../src/observe/feed-client/index.js'
import { type FeedOptions, feedRoutes, type HttpServer, httpServer } from '../../src/observe/index.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { numbered } from '../support/counting.js'
import { TestApplication, warningsOf } from '../support/test-application.js'
import { uniqueName } from '../support/unique-name.js'
import { until } from '../support/until.js'

const texts = { key: string(), value: string() }

/** Counts by key, and by key and second; a table as its topic has it. */
function topologyOf(input: string, table: string) {
  const builder = new StreamsBuilder()
  const records = builder.stream(input, texts).groupByKey()
  records.count({ store: 'counts' })
  records.windowedBy(TumblingWindows.of('1s').grace('1s')).count({ store: 'seconds' })
  builder.table(table, { ...texts, store: 'rows' })
  return builder.build()
}

type Message = FeedMessage<string, number>

/** A connection to a feed, and what it has told. */
class Listener implements AsyncDisposable {
  readonly messages: Message[] = []
  id: string | undefined
  private readonly ending = new AbortController()

  private constructor(private readonly events: EventStream) {}

  static async open(server: HttpServer, path: string, lastEventId?: string): Promise<Listener> {
    const listener = new Listener(new EventStream())
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
    const response = await fetch(`${server.url}/feed/${path}`, { headers, signal: listener.ending.signal })
    assert.equal(response.status, 200, await (response.ok ? '' : response.text()))
    void listener.read(response.body!)
    return listener
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    try {
      for await (const bytes of body) {
        for (const { data, id } of this.events.read(decoder.decode(bytes, { stream: true }))) {
          if (data !== '') this.messages.push(JSON.parse(data))
          if (id !== undefined) this.id = id
        }
      }
    } catch (error) {
      if (!this.ending.signal.aborted) throw error
    }
  }

  get types(): readonly string[] {
    return this.messages.map(({ type }) => type)
  }

  get rows(): ReadonlyMap<string, number> {
    const rows = new FeedRows<string, number>()
    for (const message of this.messages) rows.apply(message)
    return new Map([...rows.rows].map(([id, { value }]) => [id, value]))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ending.abort()
  }
}

const countsOf = (records: number, keys: number): Map<string, number> =>
  new Map(Array.from({ length: keys }, (_, key) => [`"key${key}"`, records / keys]))

const sorted = <V>(rows: ReadonlyMap<string, V>): [string, V][] =>
  [...rows].sort(([a], [b]) => (a < b ? -1 : 1))

describe('the feeds of an application with two workers', () => {
  let app: TestApplication
  let input: string
  let table: string
  let workers: readonly KafkaStreams[]
  let servers: readonly HttpServer[]

  const serve = (worker: KafkaStreams, options: FeedOptions = {}): Promise<HttpServer> =>
    httpServer({ port: 0, routes: feedRoutes(worker, options) })

  before(async () => {
    app = await TestApplication.create()
    input = await app.topic('input', 4)
    table = await app.topic('table', 2, { 'cleanup.policy': 'compact' })
    const topology = topologyOf(input, table)
    workers = [await app.started(topology, {}, 'one'), await app.started(topology, {}, 'two')]
    await app.until('both have tasks', () =>
      workers.every((worker) => worker.state === 'running' && worker.metrics().threads[0]!.tasks.length > 0),
    )
    servers = await Promise.all(workers.map((worker) => serve(worker)))
  })

  after(async () => {
    await Promise.all(servers.map((server) => server.close()))
    await app[Symbol.asyncDispose]()
  })

  test('have the whole store at each of them, and each change of it', async () => {
    await app.client.write(input, numbered(200, { keys: 20 }))
    await app.committed(input)
    await using one = await Listener.open(servers[0]!, 'counts')
    await using two = await Listener.open(servers[1]!, 'counts')
    for (const listener of [one, two]) {
      await app.until('it is up to date', () => listener.types.includes('up-to-date'))
      assert.equal(listener.types[0], 'snapshot')
      assert.deepEqual(sorted(listener.rows), sorted(countsOf(200, 20)))
    }
    await app.client.write(input, numbered(200, { keys: 20 }))
    for (const listener of [one, two]) {
      await app.until(
        'it has the changes',
        () => listener.rows.get('"key19"') === 20 && listener.id !== undefined,
      )
      await app.until('it has all', () => [...listener.rows.values()].every((count) => count === 20))
      assert.equal(listener.types.filter((type) => type === 'snapshot').length, 1)
    }
    const [message] = one.messages.filter(({ type }) => type === 'upsert')
    assert.deepEqual(Object.keys(message!), ['type', 'key', 'value', 'timestamp'])
  })

  test('are gone on with at the other one, with what has changed meanwhile and nothing else', async () => {
    const rows = new FeedRows<string, number>()
    const first = await Listener.open(servers[0]!, 'counts')
    await app.until('it is up to date', () => first.types.includes('up-to-date'))
    await first[Symbol.asyncDispose]()
    for (const message of first.messages) rows.apply(message)
    await app.client.write(input, [{ key: 'key3', value: 'x', timestamp: 1 }])
    await app.committed(input)
    const id = first.messages.findLast((message) => message.type === 'up-to-date')!.id
    await using second = await Listener.open(servers[1]!, 'counts', id)
    await app.until('it has the change', () => second.types.includes('upsert'))
    await app.until('it is up to date', () => second.types.includes('up-to-date'))
    const told = second.messages.filter((message) => message.type !== 'up-to-date')
    assert.deepEqual(
      told.map((message) => 'key' in message && message.key),
      ['key3'],
    )
    for (const message of second.messages) rows.apply(message)
    assert.equal(rows.rows.get('"key3"')!.value, 21)
    assert.equal(rows.rows.size, 20)
  })

  test('begin anew from a position that is none, or of another feed', async () => {
    await using other = await Listener.open(servers[0]!, 'rows')
    await app.until('it is up to date', () => other.types.includes('up-to-date'))
    for (const [id, reason] of [
      ['nonsense', 'unknown-position'],
      [other.messages.findLast((message) => message.type === 'up-to-date')!.id, 'other-topic'],
    ] as const) {
      await using listener = await Listener.open(servers[0]!, 'counts', id)
      await app.until('it is up to date', () => listener.types.includes('up-to-date'))
      assert.deepEqual(listener.messages.slice(0, 2), [
        { type: 'must-refetch', reason },
        { type: 'snapshot' },
      ])
    }
  })

  test('never show what was aborted', async () => {
    const changelog = app.internalTopic('rows-changelog')
    await using listener = await Listener.open(servers[0]!, 'rows')
    await app.until('it is up to date', () => listener.types.includes('up-to-date'))
    const producer = new Producer(app.client.transport, { transactionalId: uniqueName('feed') })
    await producer.init()
    const builder = new RecordBatchBuilder()
    const key = Buffer.from('aborted')
    builder.append(1, key, 0, key.length, 'v', string(), NO_HEADERS)
    await producer.produce([{ topic: changelog, partition: 0, builder }])
    await producer.abort()
    producer.close()
    // What is committed behind it comes, so it was read past.
    const before = listener.messages.length
    await app.client.write(
      table,
      Array.from({ length: 8 }, (_, at) => ({ key: `k${at}`, value: 'v', timestamp: 1 })),
    )
    await app.until('the committed ones are there', () => listener.rows.size === 8)
    assert.ok(
      listener.messages.slice(before).every((message) => 'key' in message && /^k\d$/.test(message.key)),
    )
  })

  test('tell what is deleted', async () => {
    await using listener = await Listener.open(servers[1]!, 'rows?key=k1&key=k2')
    await app.until('it is up to date', () => listener.types.includes('up-to-date'))
    assert.deepEqual([...listener.rows.keys()].sort(), ['"k1"', '"k2"'])
    await app.client.write(table, [{ key: 'k1', value: null, timestamp: 2 }])
    await app.until('it is gone', () => listener.types.includes('delete'))
    assert.deepEqual(listener.messages.at(-1), { type: 'delete', key: 'k1' })
  })

  test('have windows, that leave when they have expired', async () => {
    await using listener = await Listener.open(servers[0]!, 'seconds?prefix=w')
    await app.until('it is up to date', () => listener.types.includes('up-to-date'))
    await app.client.write(input, [{ key: 'w', value: 'x', timestamp: 100_500 }])
    await app.until('the window is there', () => listener.rows.size === 1)
    const window = { start: 100_000, end: 101_000 }
    const told = { type: 'upsert', key: 'w', window, value: 1, timestamp: 100_500 }
    assert.deepEqual(listener.messages.at(-1), told)
    await app.client.write(input, [{ key: 'w', value: 'x', timestamp: 9_000_000 }])
    await app.until('it has expired', () => listener.types.includes('delete'))
    assert.deepEqual([...listener.rows.keys()], ['"w"@9000000-9001000'])
  })

  test('tell how far they are while there is nothing to be told', async () => {
    await using server = await serve(workers[0]!, { heartbeat: 20 })
    await using listener = await Listener.open(server, 'counts?key=nobody')
    await app.until('it is up to date', () => listener.types.includes('up-to-date'))
    const before = decodePosition(listener.id!)!.offsets
    await app.client.write(input, numbered(20, { keys: 20 }))
    await app.until('it is further', () =>
      decodePosition(listener.id!)!.offsets.every((offset, partition) => offset > before[partition]!),
    )
    assert.deepEqual(listener.types, ['snapshot', 'up-to-date'])
  })

  test('say the same over WebSocket', async () => {
    const address = `${servers[0]!.url.replace('http', 'ws')}/feed/counts?key=key1`
    const messages: Message[] = []
    const socket = new WebSocket(address)
    socket.on('message', (data) => messages.push(JSON.parse(String(data))))
    await until('it is up to date', () => messages.some(({ type }) => type === 'position'))
    assert.deepEqual(
      messages.map(({ type }) => type),
      ['snapshot', 'upsert', 'up-to-date', 'position'],
    )
    await app.client.write(input, [{ key: 'key1', value: 'x', timestamp: 1 }])
    await until('it has the change', () => messages.at(-1)!.type === 'position' && messages.length > 4)
    assert.deepEqual(messages.at(-2), { type: 'upsert', key: 'key1', value: 22, timestamp: 1181 })
    socket.close()
  })

  test('are read on by the client where its worker goes away, at another one', async (context) => {
    const first = await serve(workers[0]!)
    const { port } = first
    const changes: string[] = []
    const feed = subscribe<string, number>(`${first.url}/feed/counts`, {
      onChange: (all) => changes.push(...all.map(({ type }) => type)),
      maxRetryMs: 50,
    })
    context.after(() => feed.close())
    await app.until('it is live', () => feed.state === 'live')
    await first.close()
    await app.until('it is not', () => feed.state === 'connecting')
    await app.client.write(input, [{ key: 'key7', value: 'x', timestamp: 1 }])
    await app.committed(input)
    await using second = await httpServer({ port, routes: feedRoutes(workers[1]!) })
    await app.until('it has the change', () => feed.get('key7')?.value === 22)
    assert.deepEqual(changes, ['snapshot', 'upsert'])
    assert.equal(second.port, port)
  })

  test('begin anew when their topic is made anew', async () => {
    const topic = await app.topic('names', 1, { 'cleanup.policy': 'compact' })
    const builder = new StreamsBuilder()
    builder.table(topic, { ...texts, store: 'names' })
    await app.client.write(topic, [{ key: 'a', value: '1', timestamp: 1 }])
    // Not started: what is read is the topic, and nobody else reads it.
    const streams = app.streams(builder.build({ optimization: ['reuse-source-topics'] }), {}, 'reader')
    await using server = await serve(streams)
    await using listener = await Listener.open(server, 'names')
    await app.until('it is up to date', () => listener.types.includes('up-to-date'))
    await app.client.admin.deleteTopics([topic])
    await app.client.create(topic, 2, { 'cleanup.policy': 'compact' })
    await app.client.write(topic, [{ key: 'b', value: '2', timestamp: 1 }])
    await app.until('it has begun anew', () => listener.rows.has('"b"'))
    assert.deepEqual(listener.types.slice(0, 3), ['snapshot', 'upsert', 'up-to-date'])
    const again = listener.types.indexOf('must-refetch')
    assert.equal(listener.types[again + 1], 'snapshot')
    assert.deepEqual([...listener.rows.keys()], ['"b"'])
    await streams.close()
    await app.until('it is told of the end', () => listener.types.at(-1) === 'error')
    assert.deepEqual(listener.messages.at(-1), {
      type: 'error',
      code: 'FEED_CLOSED',
      message: 'the feed is closed: the application ends',
    })
  })

  test('are refused where the store is too large, or has no topic yet', async () => {
    const topic = await app.topic('large', 1)
    const builder = new StreamsBuilder()
    builder.table(topic, { ...texts, store: 'large' })
    builder.table(await app.topic('small', 1), { ...texts, store: 'unborn' })
    const large = Array.from({ length: 3000 }, (_, key) => ({
      key: `${key}`,
      value: 'x'.repeat(100),
      timestamp: 1,
    }))
    await app.client.write(topic, large)
    const streams = app.streams(builder.build({ optimization: ['reuse-source-topics'] }), {}, 'large')
    const warnings = warningsOf(streams)
    await using server = await serve(streams, { maxBytes: 1024 * 1024 })
    await using listener = await Listener.open(server, 'large')
    await app.until('it is told', () => listener.types.includes('error'))
    assert.deepEqual(listener.messages, [
      {
        type: 'error',
        code: 'FEED_TOO_LARGE',
        message: "the rows of store 'large' take more than 1048576 bytes: raise maxBytes of the feed",
      },
    ])
    assert.equal((await fetch(`${server.url}/feed/large`)).status, 507)
    assert.deepEqual(warnings, ['FeedTooLargeError'])
    await streams.close()
  })
})
