import type { ConnectionOptions as TlsOptions } from 'node:tls'
import { type Duration, parseDuration } from '../../../time/duration.js'
import { InvalidRegistryOptionError } from '../registry-errors.js'
import type { RegistryAuth } from './registry-auth.js'

/** How to reach a registry that speaks as Confluent's does. */
export interface ConfluentSchemaRegistryOptions {
  /**
   * Address of the registry, path included (Apicurio Registry: `.../apis/ccompat/v7`); or those of several servers of
   * one registry: the next is asked where one is not available.
   */
  readonly url: string | readonly string[]
  /** Default: those in the address, if any. They are shown nowhere. */
  readonly auth?: RegistryAuth
  /** How long an answer may take, the connection included. Default `'10s'`. */
  readonly requestTimeout?: Duration
  /** Shown in the logs of the registry. Default `millrace`. */
  readonly clientId?: string
  /** Options of `node:tls`, such as `ca`, `cert` and `key`, for addresses with `https`. */
  readonly ssl?: TlsOptions
}

/** The options, complete. */
export interface RegistryConfig {
  /** Without credentials, without a slash at the end. */
  readonly urls: readonly string[]
  readonly auth: RegistryAuth | undefined
  readonly timeoutMs: number
  readonly clientId: string
  readonly ssl: TlsOptions | undefined
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

const parseUrl = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const usable = url !== undefined && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === ''
  if (usable) return url
  // Not the text: a mistyped address may have a password in it.
  throw new InvalidRegistryOptionError('url', 'an address is not of the form http(s)://host:port/path')
}

const credentialsIn = ({ username, password }: URL): RegistryAuth | undefined =>
  username === ''
    ? undefined
    : { username: decodeURIComponent(username), password: decodeURIComponent(password) }

const withoutCredentials = ({ protocol, host, pathname }: URL): string =>
  `${protocol}//${host}${pathname.replace(/\/+$/, '')}`

const isAuth = (auth: RegistryAuth): boolean => {
  if ('token' in auth) return typeof auth.token === 'string' || typeof auth.token === 'function'
  return typeof auth.username === 'string' && typeof auth.password === 'string'
}

/** @throws {InvalidRegistryOptionError} */
export const completeOptions = (options: ConfluentSchemaRegistryOptions): RegistryConfig => {
  const urls = [options.url ?? []].flat().map(parseUrl)
  if (urls.length === 0) throw new InvalidRegistryOptionError('url', 'there is no address')
  const { clientId = 'millrace' } = options
  if (!/^[ -~]+$/.test(clientId)) {
    throw new InvalidRegistryOptionError('clientId', 'only printable ASCII goes into a header of HTTP')
  }
  if (options.auth !== undefined && !isAuth(options.auth)) {
    throw new InvalidRegistryOptionError('auth', 'it is neither { username, password } nor { token }')
  }
  const timeoutMs = parseDuration('requestTimeout', options.requestTimeout ?? '10s', { min: 1 })
  return {
    urls: urls.map(withoutCredentials),
    auth: options.auth ?? urls.map(credentialsIn).find((auth) => auth !== undefined),
    timeoutMs: Math.min(timeoutMs, LONGEST_TIMER_MS),
    clientId,
    ssl: options.ssl,
  }
}
