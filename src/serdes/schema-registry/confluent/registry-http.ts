import { Agent } from 'node:https'
import { RegistryAccessError, RegistryAnswerError, RegistryUnavailableError } from '../registry-errors.js'
import { type ApiAnswer, ApiClient, type ApiRequest, type NoAnswer } from './api-client.js'
import { authorizationOf } from './registry-auth.js'
import type { RegistryConfig } from './registry-options.js'

/** The registry says no, in its own words and numbers. */
export interface Refusal {
  readonly refused: true
  /** HTTP's, and that of the registry, which begins with it: `404` and `40401`. */
  readonly status: number
  readonly code: number
  readonly message: string
}

/** The registry does as asked. */
export interface Consent {
  readonly refused: false
  readonly body: unknown
}

export type Reply = (Refusal | Consent) & {
  /** Who it comes from, and what it answers, for errors. */
  readonly registry: string
  readonly request: string
}

const MAX_SHOWN = 200
const REQUEST_TIMEOUT = 408
const TOO_MANY_REQUESTS = 429
const UNAUTHORIZED = 401
const FORBIDDEN = 403

const registryName = (urls: readonly string[]): string => `schema registry ${urls.join(', ')}`

/** On one line, and not longer than that. */
const excerpt = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}...` : line
}

const parseJson = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** The error that a registry has in its body, where it is one. */
const errorIn = (body: string): { readonly code: number; readonly message: string } | undefined => {
  const error = parseJson(body)?.value
  if (!isObject(error)) return undefined
  const { error_code: code, message } = error
  if (typeof code !== 'number') return undefined
  return { code, message: typeof message === 'string' ? message : '' }
}

/** What a body says to people. */
const saying = (body: string): string => {
  const said = excerpt(errorIn(body)?.message ?? body)
  return said === '' ? '' : `: ${said}`
}

const problemOf = (answer: ApiAnswer | NoAnswer): string =>
  'problem' in answer ? answer.problem : `HTTP status ${answer.status}${saying(answer.body)}`

const isAvailable = ({ status }: ApiAnswer): boolean =>
  status < 500 && status !== TOO_MANY_REQUESTS && status !== REQUEST_TIMEOUT

/** A registry over HTTP: all servers of it, and what their answers mean whatever they are to. */
export class RegistryHttp {
  readonly name: string
  private readonly clients: readonly { readonly name: string; readonly client: ApiClient }[]
  /** The server that answered last. */
  private current = 0

  constructor({ urls, auth, timeoutMs, clientId, ssl }: RegistryConfig) {
    this.name = registryName(urls)
    const authorization = auth && authorizationOf(auth)
    const secure = ssl && new Agent({ keepAlive: true, ...ssl })
    this.clients = urls.map((url) => {
      const agent = url.startsWith('https:') ? secure : undefined
      return {
        name: registryName([url]),
        client: new ApiClient({ url, clientId, timeoutMs, agent, authorization }),
      }
    })
  }

  /**
   * @throws {RegistryUnavailableError} if none of the servers is available
   * @throws {RegistryAccessError} if the credentials are refused, or there are none
   * @throws {RegistryAnswerError} if the answer is not that of a registry
   */
  async ask(request: ApiRequest): Promise<Reply> {
    const { clients, current } = this
    const problems: string[] = []
    let cause: unknown
    for (let tried = 0; tried < clients.length; tried++) {
      const index = (current + tried) % clients.length
      const { name, client } = clients[index]!
      const answer = await client.ask(request)
      if ('status' in answer && isAvailable(answer)) {
        this.current = index
        return replyOf(name, request.shown, answer)
      }
      if ('problem' in answer) cause = answer.cause
      problems.push(clients.length === 1 ? problemOf(answer) : `${name}: ${problemOf(answer)}`)
    }
    throw new RegistryUnavailableError(this.name, `${request.shown}: ${problems.join('; ')}`, { cause })
  }
}

const replyOf = (registry: string, request: string, { status, body }: ApiAnswer): Reply => {
  if (status === UNAUTHORIZED || status === FORBIDDEN) {
    throw new RegistryAccessError(registry, `${request}: HTTP status ${status}${saying(body)}`)
  }
  if (status >= 200 && status < 300) {
    const parsed = parseJson(body)
    if (parsed !== undefined) return { refused: false, body: parsed.value, registry, request }
    throw new RegistryAnswerError(registry, `${request} with what is no JSON${saying(body)}`)
  }
  const error = errorIn(body)
  if (error !== undefined) return { refused: true, status, ...error, registry, request }
  throw new RegistryAnswerError(registry, `${request} with HTTP status ${status}${saying(body)}`)
}

/** For an answer that is one of a registry, but not to what was asked. */
export const unexpected = (reply: Reply): RegistryAnswerError => {
  const { registry, request } = reply
  const answer = reply.refused
    ? `error ${reply.code} (HTTP status ${reply.status}): ${excerpt(reply.message)}`
    : `what was not expected: ${excerpt(JSON.stringify(reply.body))}`
  return new RegistryAnswerError(registry, `${request} with ${answer}`)
}
