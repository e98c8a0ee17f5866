/** The only place that knows the API client of @kafkajs/confluent-schema-registry, which its package keeps to itself. */
import type { Agent } from 'node:http'
import apiClient from '@kafkajs/confluent-schema-registry/dist/api/index.js'
import type { MaybePromise } from '../../settle.js'

type Client = Record<string, Record<string, (parameters: object, context: object) => Promise<unknown>>>
type Middleware = NonNullable<Parameters<typeof apiClient.default>[0]['middlewares']>[number]

/** What is asked of a registry: a method of a resource in the package, and its parameters. */
export interface ApiRequest {
  /** For people: `GET /schemas/ids/5`. */
  readonly shown: string
  readonly resource: 'Schema' | 'Subject'
  readonly method: string
  readonly parameters: object
}

/** What came back over HTTP, whatever the status. */
export interface ApiAnswer {
  readonly status: number
  readonly body: string
}

/** Neither consent nor a refusal: no connection, no TLS, none in time. */
export interface NoAnswer {
  readonly problem: string
  readonly cause: unknown
}

export interface ApiClientOptions {
  /** Without credentials and without a slash at its end. */
  readonly url: string
  readonly clientId: string
  readonly timeoutMs: number
  readonly agent: Agent | undefined
  /** The header Authorization; undefined: none. */
  readonly authorization: (() => MaybePromise<string>) | undefined
}

/** Where the answer to a call is kept for its caller, and what came instead of one. */
interface Held {
  answer?: ApiAnswer
  failure?: Error
}

/** The response of mappersmith, as far as it is read here. */
interface Response {
  status(): number
  rawData(): unknown
  error(): Error | null
  enhance(changes: { readonly status: number }): Response
}

interface Request {
  context(): { readonly held: Held }
  enhance(changes: { readonly headers: Readonly<Record<string, string>> }): Request
}

const SUCCESS = 200

/**
 * Keeps the answer as it came. The middlewares of the package see a success: they would ask again by themselves, keep
 * the registry's error codes back, and never end where the body of an error is `null`.
 */
const holdAnswer = () => ({
  response: async (next: () => Promise<Response>, _renew: unknown, request: Request): Promise<Response> => {
    const response = await next().catch((refused: Response) => refused)
    const { held } = request.context()
    const failure = response.error()
    if (failure === null) held.answer = { status: response.status(), body: String(response.rawData() ?? '') }
    else held.failure = failure
    return response.enhance({ status: SUCCESS })
  },
})

const authorize = (authorization: () => MaybePromise<string>) => () => ({
  prepareRequest: async (next: () => Promise<Request>): Promise<Request> => {
    const request = await next()
    return request.enhance({ headers: { Authorization: await authorization() } })
  },
})

/** Asks the registry at one address. */
export class ApiClient {
  private readonly client: Client

  constructor(private readonly options: ApiClientOptions) {
    const { url, clientId, agent, authorization } = options
    const client = apiClient.default({
      host: url,
      clientId,
      ...(agent && { agent }),
      middlewares: authorization === undefined ? [] : [authorize(authorization) as unknown as Middleware],
    })
    // What can be given as an option comes behind those of the package.
    const { _manifest } = client as unknown as { readonly _manifest: { readonly middleware: unknown[] } }
    _manifest.middleware.unshift(holdAnswer)
    this.client = client as unknown as Client
  }

  /** What comes back, whatever it says; does not reject. */
  async ask({ resource, method, parameters }: ApiRequest): Promise<ApiAnswer | NoAnswer> {
    const { timeoutMs } = this.options
    const held: Held = {}
    const late = new AbortController()
    let timer: NodeJS.Timeout | undefined
    // Not the client's own: that begins anew with every byte, and ends when the connection breaks in mid-answer.
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        held.failure ??= new Error(`no answer within ${timeoutMs} ms`)
        resolve()
        late.abort()
      }, timeoutMs)
    })
    try {
      const asked = this.client[resource]![method]!({ ...parameters, signal: late.signal }, { held })
      await Promise.race([asked, deadline])
    } catch (error) {
      // Before anything was sent: a token could not be had.
      held.failure = error as Error
    } finally {
      clearTimeout(timer)
    }
    return held.answer ?? { problem: reasonOf(held.failure), cause: held.failure }
  }
}

/** An `AggregateError` of all addresses of a host has no message of its own. */
const reasonOf = (failure: (Error & { readonly code?: string }) | undefined): string =>
  failure?.message || failure?.code || 'no answer'
