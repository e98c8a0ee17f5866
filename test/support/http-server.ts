import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { SecureContextOptions } from 'node:tls'

export interface HttpRequest {
  readonly method: string
  /** With the query, as it was sent. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/**
 * What a server does with a request: an answer, or what is none. `close`: ends the connection; `half`: ends it in the
 * middle of an answer; `silence`: never answers.
 */
export type HttpAnswer =
  | { readonly status?: number; readonly type?: string; readonly body: string }
  | 'close'
  | 'half'
  | 'silence'

type Behaviour = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>

/** A server of HTTP or HTTPS on loopback that does what a test tells it. */
export class TestHttpServer implements AsyncDisposable {
  readonly requests: HttpRequest[] = []

  private constructor(
    private readonly server: ReturnType<typeof createServer | typeof createSecureServer>,
    private readonly scheme: 'http' | 'https',
    /** May be changed at any time. */
    public behave: Behaviour,
  ) {}

  /** @param tls its key and certificate; absent: it speaks HTTP without TLS */
  static async start(behave: Behaviour, tls?: SecureContextOptions): Promise<TestHttpServer> {
    const server = tls ? createSecureServer(tls) : createServer()
    const started = new TestHttpServer(server, tls ? 'https' : 'http', behave)
    server.on('request', (request, response) => started.answer(request, response))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return started
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  private async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = incoming
    const request = { method, path, headers, body: await text(incoming) }
    this.requests.push(request)
    const answer = await this.behave(request)
    if (answer === 'silence') return
    if (answer === 'close') {
      incoming.socket.destroy()
      return
    }
    if (answer === 'half') {
      response.writeHead(200, { 'content-length': 100 })
      response.write('{"id":', () => incoming.socket.destroy())
      return
    }
    response.writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'application/json' })
    response.end(answer.body)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }
}

/** Answers as a server at another address does. */
export const forwardTo =
  (target: string): Behaviour =>
  async ({ method, path, headers, body }) => {
    const response = await fetch(`${target}${path}`, {
      method,
      headers: { 'content-type': String(headers['content-type']) },
      ...(body !== '' && { body }),
    })
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      body: await response.text(),
    }
  }
