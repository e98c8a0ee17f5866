import type { WebSocket } from 'ws'
import type { FeedSink, SinkListener } from './feed-sink.js'

/** So many bytes may wait to be written. */
const MOST_WAITING = 64 * 1024
const GOING_AWAY = 1001

/** One message is one text frame. There are no event ids, so positions are messages. */
export class WebSocketSink implements FeedSink {
  private listener: SinkListener | undefined
  private blocked = false

  constructor(private readonly socket: WebSocket) {
    // Followed by `close`.
    socket.on('error', () => socket.terminate())
  }

  listen(listener: SinkListener): void {
    this.listener = listener
    this.socket.on('close', listener.closed)
  }

  send(messages: readonly string[], id: string | undefined): boolean {
    const { socket } = this
    const last = id === undefined ? messages.at(-1) : positionMessage(id)
    const before = id === undefined ? messages.slice(0, -1) : messages
    for (const message of before) socket.send(message)
    if (last === undefined) return true
    socket.send(last, () => this.written())
    this.blocked = socket.bufferedAmount > MOST_WAITING
    return !this.blocked
  }

  private written(): void {
    if (!this.blocked || this.socket.bufferedAmount > MOST_WAITING) return
    this.blocked = false
    this.listener?.drained()
  }

  beat(id: string | undefined): void {
    if (id !== undefined) this.socket.send(positionMessage(id))
    else this.socket.ping()
  }

  end(): void {
    this.socket.close(GOING_AWAY)
  }

  cut(): void {
    this.socket.terminate()
  }
}

const positionMessage = (id: string): string => `{"type":"position","id":"${id}"}`
