import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { WebSocket, WebSocketServer } from 'ws'
import { EventStreamSink } from '../../../src/observe/feed/event-stream-sink.js'
import type { SinkListener } from '../../../src/observe/feed/feed-sink.js'
import { WebSocketSink } from '../../../src/observe/feed/web-socket-sink.js'
import { EventStream } from '../../../src/observe/feed-client/event-stream.js'
import { FeedRows } from '../../../src/observe/feed-client/feed-rows.js'
import { until } from '../../support/until.js'
import { ServedStore } from './served-store.js'

const ROWS = 4_000
/** All of them together are more than what lies in the buffers of a connection. */
const ROUNDS = 15
const PADDING = 'x'.repeat(400)
/** More than a connection may have waiting on this side: two batches and the frames around the messages. */
const MOST_WAITING_BYTES = 300_000

const roundOf = (round: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: ROWS }, (_, row) => [`${PADDING}${row}`, round]))

/** Serves a store to sockets that read nothing until they are resumed. */
class SlowServer implements AsyncDisposable {
  readonly responses: ServerResponse[] = []
  readonly webSockets: WebSocket[] = []
  private readonly server = createServer()
  private readonly sockets: { destroy(): void }[] = []

  constructor(served: ServedStore) {
    const upgrades = new WebSocketServer({ noServer: true, perMessageDeflate: false })
    this.server.on('request', (_, response) => {
      this.responses.push(response)
      served.feed.subscribe(served.request(new EventStreamSink(response)))
    })
    this.server.on('upgrade', (request, socket, head) => {
      upgrades.handleUpgrade(request, socket, head, (webSocket) => {
        this.webSockets.push(webSocket)
        served.feed.subscribe(served.request(new WebSocketSink(webSocket)))
      })
    })
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    return (this.server.address() as AddressInfo).port
  }

  /** A connection that has asked for the events and reads nothing. */
  async slowEvents(port: number): Promise<Socket> {
    const socket = connect(port, '127.0.0.1')
    this.sockets.push(socket)
    socket.pause()
    socket.write('GET / HTTP/1.0\r\n\r\n')
    await until('it is served', () => this.responses.length === 1)
    return socket
  }

  /** A WebSocket that reads nothing. */
  async slowWebSocket(port: number): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`)
    this.sockets.push({ destroy: () => socket.terminate() })
    await once(socket, 'open')
    socket.pause()
    await until('it is served', () => this.webSockets.length === 1)
    return socket
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }
}

/** Changes all rows again and again, and waits each time until a quick subscriber has had them. */
async function rewrite(served: ServedStore, look: () => void): Promise<void> {
  for (let round = 1; round <= ROUNDS; round++) {
    served.write(roundOf(round))
    const quick = new CountingSink()
    served.feed.subscribe(served.request(quick))
    await until('a quick one has everything', () => quick.upToDate)
    quick.leave()
    look()
  }
}

class CountingSink {
  upToDate = false
  leave: () => void = () => {}

  listen({ closed }: SinkListener): void {
    this.leave = closed
  }

  send(messages: readonly string[]): boolean {
    this.upToDate ||= messages.some((message) => message.startsWith('{"type":"up-to-date"'))
    return true
  }
  beat(): void {}
  end(): void {}
  cut(): void {}
}

describe('a subscriber that does not read', () => {
  test('costs no memory, holds nobody up, and has everything once it reads', async () => {
    const served = new ServedStore()
    await using server = new SlowServer(served)
    const port = await server.listen()
    const socket = await server.slowEvents(port)
    served.ready()
    await rewrite(served, () => assert.ok(server.responses[0]!.writableLength < MOST_WAITING_BYTES))

    const rows = new FeedRows<string, number>()
    const events = new EventStream()
    let head = true
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      for (const { data } of events.read(head ? text.slice(text.indexOf('\r\n\r\n') + 4) : text)) {
        if (data !== '') rows.apply(JSON.parse(data))
      }
      head = false
    })
    socket.resume()
    await until(
      'it has everything',
      () => [...rows.rows.values()].filter(({ value }) => value === ROUNDS).length === ROWS,
    )
    // Counted where it goes on: before, nobody knows what it will not be sent.
    assert.ok(served.feed.counts.conflated > ROWS)
  })

  test('over WebSocket neither', async () => {
    const served = new ServedStore()
    await using server = new SlowServer(served)
    const port = await server.listen()
    const socket = await server.slowWebSocket(port)
    served.ready()
    await rewrite(served, () => assert.ok(server.webSockets[0]!.bufferedAmount < MOST_WAITING_BYTES))
    const rows = new FeedRows<string, number>()
    socket.on('message', (data) => rows.apply(JSON.parse(String(data))))
    socket.resume()
    await until(
      'it has everything',
      () => [...rows.rows.values()].filter(({ value }) => value === ROUNDS).length === ROWS,
    )
  })
})
