import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { ConfigError, StreamsError } from '../../runtime/streams-error.js'
import { answerText } from './answer.js'
import type { Authorize } from './bearer-token.js'
import { isRebound } from './rebound-host.js'
import { type Route, type RouteMethod, routesAt } from './route.js'

export interface HttpServerOptions {
  /** The address to listen on; default 127.0.0.1: nobody from outside gets in. */
  readonly host?: string
  /** 0: one that is free. */
  readonly port: number
  readonly routes: readonly Route[]
  /** Whom to let change something; default: nobody. */
  readonly authorize?: Authorize
  /** Told what went wrong where a request was answered with 500. */
  readonly onError?: (error: unknown, request: IncomingMessage) => void
}

/** The server cannot listen where it is to. */
export class HttpListenError extends StreamsError {
  override readonly name = 'HttpListenError'

  constructor(host: string, port: number, cause: Error) {
    super('HTTP_LISTEN', `no server can listen on ${host}, port ${port}: ${cause.message}`, { cause })
  }
}

/** A server that listens. */
export interface HttpServer extends AsyncDisposable {
  readonly host: string
  readonly port: number
  /** Its address: `http://127.0.0.1:9464`. */
  readonly url: string
  /** Takes no more requests and cuts what is open; resolves when the port is free. */
  close(): Promise<void>
}

/**
 * Serves routes over HTTP, on one port: `/metrics` and the like. What is not there is 404, another method than a route has
 * 405, an error 500 without its text, which is told to `onError`. On loopback, requests by the name of another host are
 * refused with 421, so that no page in a browser reads what is here (DNS rebinding).
 *
 * @throws {ConfigError} if two routes have the same method and path
 * @throws {HttpListenError} if the port is taken, or the address is none of this machine
 */
export async function httpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host = '127.0.0.1', port } = options
  const server = createServer()
  const running = new RunningServer(server, options)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new HttpListenError(host, port, error)))
    server.listen({ host, port, exclusive: true }, resolve)
  })
  return running
}

/** For who comes by the name of another host to a server on loopback. */
const MISDIRECTED =
  'this server is for its own machine: come by localhost or 127.0.0.1, or have it listen on another address\n'

/** Methods that change nothing. */
const READING: ReadonlySet<RouteMethod> = new Set<RouteMethod>(['GET', 'OPTIONS'])

class RunningServer implements HttpServer {
  /** Connections that speak another protocol by now: the server no longer knows of them. */
  private readonly upgraded = new Set<Duplex>()
  private closed: Promise<void> | undefined

  constructor(
    private readonly server: Server,
    private readonly options: HttpServerOptions,
  ) {
    checkRoutes(options.routes)
    server.on('request', (request, response) => void this.serve(request, response))
    server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head))
  }

  private get address(): AddressInfo {
    return this.server.address() as AddressInfo
  }

  get host(): string {
    return this.options.host ?? '127.0.0.1'
  }

  get port(): number {
    return this.address.port
  }

  get url(): string {
    return `http://${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`
  }

  close(): Promise<void> {
    this.closed ??= new Promise((resolve) => {
      this.server.close(() => resolve())
      this.server.closeAllConnections()
      for (const socket of this.upgraded) socket.destroy()
    })
    return this.closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.dispatch(request, response)
    } catch (error) {
      this.options.onError?.(error, request)
      // An answer that has begun can only be cut off: else it would pass for whole.
      if (response.headersSent) response.destroy()
      else answerText(response, 500, 'internal error\n')
    }
  }

  private async dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (isRebound(request, this.host)) return answerText(response, 421, MISDIRECTED)
    const url = urlOf(request)
    if (url === undefined) return answerText(response, 400, 'no valid address\n')
    const routes = routesAt(this.options.routes, url.pathname)
    if (routes.length === 0) return answerText(response, 404, `there is nothing at ${url.pathname}\n`)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const route = routes.find((each) => each.method === method)
    if (route === undefined) {
      response.setHeader('allow', allowed(routes))
      return answerText(response, 405, `${url.pathname} takes ${allowed(routes)}\n`)
    }
    if (!READING.has(route.method) && !(await this.authorized(request, response))) return
    await route.handle(request, response, url)
  }

  /** Whether the request may change something; if not, it is answered. */
  private async authorized(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { authorize } = this.options
    if (authorize === undefined) {
      answerText(response, 403, 'nobody may change anything here: no token is configured\n')
      return false
    }
    if (await authorize(request)) return true
    response.setHeader('www-authenticate', 'Bearer')
    answerText(response, 401, 'this needs the token: Authorization: Bearer TOKEN\n')
    return false
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Whoever leaves is no error of ours.
    socket.on('error', () => socket.destroy())
    this.upgraded.add(socket)
    socket.once('close', () => this.upgraded.delete(socket))
    const url = isRebound(request, this.host) ? undefined : urlOf(request)
    const routes = url === undefined ? [] : routesAt(this.options.routes, url.pathname)
    const route = routes.find((each) => each.upgrade !== undefined)
    if (route?.upgrade === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    try {
      route.upgrade(request, socket, head)
    } catch (error) {
      this.options.onError?.(error, request)
      socket.destroy()
    }
  }
}

function checkRoutes(routes: readonly Route[]): void {
  const seen = new Set<string>()
  for (const { method, path } of routes) {
    const key = `${method} ${path}`
    if (seen.has(key)) throw new ConfigError('routes', `${key} is there twice`)
    seen.add(key)
  }
}

const allowed = (routes: readonly Route[]): string =>
  routes.map(({ method }) => (method === 'GET' ? 'GET, HEAD' : method)).join(', ')

function urlOf(request: IncomingMessage): URL | undefined {
  try {
    return new URL(request.url ?? '/', 'http://localhost')
  } catch {
    return undefined
  }
}
