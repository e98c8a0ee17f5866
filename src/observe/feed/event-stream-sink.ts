import type { ServerResponse } from 'node:http'
import type { FeedSink, SinkListener } from './feed-sink.js'

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): one message is the data of one event. */
export class EventStreamSink implements FeedSink {
  constructor(private readonly response: ServerResponse) {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      // Proxies are not to keep it, to compress it or to wait until there is enough of it.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    response.flushHeaders()
  }

  listen({ drained, closed }: SinkListener): void {
    const { response } = this
    response.on('drain', drained)
    response.on('close', closed)
  }

  send(messages: readonly string[], id: string | undefined): boolean {
    let text = ''
    for (const [at, message] of messages.entries()) {
      if (id !== undefined && at === messages.length - 1) text += `id: ${id}\n`
      text += `data: ${message}\n\n`
    }
    return this.response.write(text)
  }

  beat(id: string | undefined): void {
    // Without data nothing is told to the page, but the id is what it says when it connects again.
    this.response.write(id === undefined ? ':\n\n' : `:\nid: ${id}\n\n`)
  }

  end(): void {
    this.response.end()
  }

  cut(): void {
    this.response.destroy()
  }
}
