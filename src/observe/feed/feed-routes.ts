import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { KafkaStreams } from '../../runtime/kafka-streams.js'
import { StreamsError } from '../../runtime/streams-error.js'
import { userError } from '../../runtime/user-error.js'
import type { Route } from '../http/route.js'
import { EventStreamSink } from './event-stream-sink.js'
import { corsHeaders, isAllowedOrigin } from './feed-access.js'
import { FeedFilter, readQuery } from './feed-filter.js'
import { registerFeedMetrics } from './feed-metrics.js'
import { compileFeedOptions, type FeedOptions, type FeedSettings } from './feed-options.js'
import { decodePosition } from './feed-position.js'
import type { FeedSink } from './feed-sink.js'
import { FeedStores } from './feed-stores.js'
import type { StoreFeed } from './store-feed.js'
import type { FeedStart } from './subscriber.js'
import { WebSocketSink } from './web-socket-sink.js'

const PATH = '/feed/'
/** Subscribers say nothing. */
const MAX_SAID_BYTES = 1024
/** How long a client is to wait that is not served now, seconds. */
const RETRY_AFTER_S = 5

/** Status of the answer to what is refused; of all else 500. */
const STATUS: Readonly<Record<string, number>> = {
  UNKNOWN_STORE: 404,
  FEED_STORE: 404,
  FEED_FILTER: 400,
  FEED_UNAUTHORIZED: 401,
  FEED_ORIGIN: 403,
  FEED_SUBSCRIBERS: 503,
  FEED_CLOSED: 503,
  FEED_TOO_LARGE: 507,
}

/** What a request is served with. */
interface Granted {
  readonly feed: StoreFeed
  readonly filter: FeedFilter
  readonly from: FeedStart
}

/**
 * Serves the stores of an application as live feeds: `GET /feed/STORE`, as server-sent events or, to whoever asks for it, over
 * WebSocket. Each subscriber gets the rows of the whole store, whichever instance has its tasks, and then each committed
 * change. A feed lives as long as the client; `docs/feed.md` has the protocol.
 *
 * @throws {ConfigError} if an option is not allowed
 * @throws {StreamsError} `UNKNOWN_STORE`, `FEED_STORE` for an option `stores` that names what cannot be served
 * @example
 * ```ts
 * const server = await httpServer({ port: 9464, routes: feedRoutes(streams, { stores: { delays: {} } }) })
 * ```
 */
export function feedRoutes(streams: KafkaStreams, options: FeedOptions = {}): Route[] {
  const settings = compileFeedOptions(options)
  const stores = new FeedStores(streams, settings)
  for (const store of Object.keys(settings.stores ?? {})) stores.feed(store)
  if (options.registry !== undefined) registerFeedMetrics(options.registry, stores)
  const server = new FeedServer(stores, settings)
  const route = { path: `${PATH}*` }
  return [
    {
      ...route,
      method: 'GET',
      handle: (request, response, url) => server.answer(request, response, url),
      upgrade: (request, socket, head) => void server.upgrade(request, socket, head),
    },
    { ...route, method: 'OPTIONS', handle: (request, response) => server.preflight(request, response) },
  ]
}

class FeedServer {
  private readonly sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_SAID_BYTES,
  })

  constructor(
    private readonly stores: FeedStores,
    private readonly settings: FeedSettings,
  ) {}

  /** Server-sent events. */
  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    for (const [name, value] of Object.entries(corsHeaders(request, this.settings.origins) ?? {})) {
      response.setHeader(name, value)
    }
    try {
      const granted = await this.grant(request, url)
      // Who has left while it was found out who may read is told nothing, and would not be seen to leave.
      if (response.destroyed) return
      if (request.method === 'HEAD') response.end()
      else this.serve(granted, () => new EventStreamSink(response))
    } catch (error) {
      const refused = refusal(error)
      if (refused === undefined) throw error
      response.writeHead(refused.status, refused.headers).end(refused.body)
    }
  }

  /** A browser asks whether a page of another origin may send headers with its request. */
  preflight(request: IncomingMessage, response: ServerResponse): void {
    const cors = corsHeaders(request, this.settings.origins)
    const asked = request.headers['access-control-request-headers']
    response.writeHead(204, {
      ...cors,
      ...(cors !== undefined && { 'access-control-allow-methods': 'GET', 'access-control-max-age': '600' }),
      ...(cors !== undefined && asked !== undefined && { 'access-control-allow-headers': asked }),
    })
    response.end()
  }

  /** WebSocket. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    try {
      const granted = await this.grant(request, new URL(request.url ?? '/', 'http://localhost'))
      if (socket.destroyed) return
      this.sockets.handleUpgrade(request, socket, head, (webSocket) =>
        this.serve(granted, () => new WebSocketSink(webSocket)),
      )
    } catch (error) {
      const refused = refusal(error)
      if (refused === undefined) this.stores.warn(error)
      socket.end(refused === undefined ? FAILED : httpText(refused))
    }
  }

  private serve({ feed, filter, from }: Granted, open: () => FeedSink): void {
    feed.subscribe({ filter, from, sink: open() })
  }

  /** @throws {CodedError} why a request is not served */
  private async grant(request: IncomingMessage, url: URL): Promise<Granted> {
    const { stores, settings } = this
    const store = storeIn(url)
    if (!isAllowedOrigin(request, settings.origins)) {
      throw new StreamsError(
        'FEED_ORIGIN',
        `pages of ${request.headers.origin} may not read feeds (option origins)`,
      )
    }
    if (!(await settings.authorize({ store, url, request }))) {
      throw new StreamsError('FEED_UNAUTHORIZED', `whoever asks may not read the feed of store '${store}'`)
    }
    const feed = stores.feed(store)
    if (stores.subscriberCount >= settings.maxSubscribers) {
      throw new StreamsError('FEED_SUBSCRIBERS', `there are ${settings.maxSubscribers} subscribers already`)
    }
    const filter = new FeedFilter(feed.source.format, readQuery(url.searchParams))
    return { feed, filter, from: startOf(request, url) }
  }
}

function storeIn({ pathname }: URL): string {
  const name = pathname.slice(PATH.length)
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** Where a client stands: browsers say it in a header when they connect again; elsewhere it is a parameter. */
function startOf({ headers }: IncomingMessage, url: URL): FeedStart {
  const header = headers['last-event-id']
  const id = typeof header === 'string' && header !== '' ? header : url.searchParams.get('lastEventId')
  return id === null || id === '' ? undefined : (decodePosition(id) ?? 'unknown-position')
}

/** An answer that says why a request is not served. */
interface Refusal {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What to answer with; undefined: the error is none of whoever asks. */
function refusal(cause: unknown): Refusal | undefined {
  const { code, message } = userError(cause)
  const status = STATUS[code]
  if (status === undefined) return undefined
  const body = `${JSON.stringify({ type: 'error', code, message })}\n`
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'cache-control': 'no-store',
      ...(status >= 500 && { 'retry-after': String(RETRY_AFTER_S) }),
    },
    body,
  }
}

/** An answer as it is written to a connection that no response was made for. */
function httpText({ status, headers, body }: Refusal): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}connection: close\r\n\r\n${body}`
}

const FAILED = httpText({ status: 500, headers: { 'content-length': '0' }, body: '' })
