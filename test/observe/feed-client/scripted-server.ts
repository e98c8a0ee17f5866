import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server does with one request. */
export type Act = (response: ServerResponse, request: IncomingMessage) => void

/** A server that does with each request what the test says, in turn; the last act is for all that follow. */
export class ScriptedServer implements AsyncDisposable {
  /** Addresses that were asked for. */
  readonly asked: URL[] = []
  private readonly server = createServer()

  private constructor(private readonly acts: Act[]) {
    this.server.on('request', (request, response) => {
      this.asked.push(new URL(request.url!, 'http://localhost'))
      const act = this.acts.length > 1 ? this.acts.shift()! : this.acts[0]!
      act(response, request)
    })
  }

  static async start(...acts: Act[]): Promise<ScriptedServer> {
    const scripted = new ScriptedServer(acts)
    scripted.server.listen(0, '127.0.0.1')
    await once(scripted.server, 'listening')
    return scripted
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/feed/rows`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }
}

const encoded = (message: unknown): string => `data: ${JSON.stringify(message)}\n\n`

/** Tells messages, and leaves the connection open. */
export const telling =
  (messages: readonly unknown[], id?: string): Act =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(messages.map(encoded).join('') + (id === undefined ? '' : `id: ${id}\n\n`))
  }

/** Tells messages, and cuts the connection behind them. */
export const tellingThenCut =
  (messages: readonly unknown[], id?: string): Act =>
  (response, request) => {
    telling(messages, id)(response, request)
    response.write(':\n\n', () => response.destroy())
  }

export const refusing =
  (status: number, body: string): Act =>
  (response) =>
    void response.writeHead(status).end(body)
