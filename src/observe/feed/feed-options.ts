import type { IncomingMessage } from 'node:http'
import type { Registry } from 'prom-client'
import { ConfigError } from '../../runtime/streams-error.js'
import { type Duration, parseDuration } from '../../time/duration.js'

/** How a store is served. */
export interface FeedStoreOptions {
  /**
   * What a value is shown as, which must be JSON: to show a part of it, or to make JSON of what is none. Default: the value
   * itself, its bigints as strings and its bytes as base64.
   */
  show?(value: unknown, key: unknown): unknown
}

/** Whoever asks for the feed of a store. */
export interface FeedAccess {
  readonly store: string
  /** What is asked for, with the parameters of the filter. */
  readonly url: URL
  readonly request: IncomingMessage
}

export interface FeedOptions {
  /** The stores that are served; default: all that can be. */
  readonly stores?: Readonly<Record<string, FeedStoreOptions>>
  /** Who may read: called before each answer; false is answered with 401. Default: everybody who reaches the server. */
  readonly authorize?: (access: FeedAccess) => boolean | Promise<boolean>
  /**
   * Pages of which other origins may read, such as `https://shop.example`; `*`: all. Default: none. Holds for WebSockets
   * too, which browsers do not check.
   */
  readonly origins?: readonly string[] | '*'
  /** Subscribers of all stores at the same time; who comes then is answered with 503. Default 1000. */
  readonly maxSubscribers?: number
  /** What the rows of one store may take in memory, about; it is not served if it takes more. Default 128 MiB. */
  readonly maxBytes?: number
  /** How often each connection shows that it lives; default 15 s. Clients wait for three times as long (`silenceMs`). */
  readonly heartbeat?: Duration
  /** For how long a store is read on when its last subscriber has left; default 1 minute. */
  readonly linger?: Duration
  /** A connection that takes nothing for so long is cut; default 1 minute. */
  readonly stuckAfter?: Duration
  /** Where the feed's metrics are registered; default: nowhere. */
  readonly registry?: Registry
}

/** Options with their defaults, checked. */
export interface FeedSettings {
  readonly stores: Readonly<Record<string, FeedStoreOptions>> | undefined
  readonly authorize: (access: FeedAccess) => boolean | Promise<boolean>
  readonly origins: readonly string[] | '*'
  readonly maxSubscribers: number
  readonly maxBytes: number
  readonly heartbeatMs: number
  readonly lingerMs: number
  readonly stuckAfterMs: number
}

const MIB = 1024 * 1024

/** @throws {ConfigError} naming the option */
export function compileFeedOptions(options: FeedOptions): FeedSettings {
  const { maxSubscribers = 1000, maxBytes = 128 * MIB } = options
  return {
    stores: options.stores,
    authorize: options.authorize ?? (() => true),
    origins: checkedOrigins(options.origins ?? []),
    maxSubscribers: atLeast('maxSubscribers', maxSubscribers, 1),
    maxBytes: atLeast('maxBytes', maxBytes, MIB),
    heartbeatMs: parseDuration('heartbeat', options.heartbeat ?? '15s', { min: 1 }),
    lingerMs: parseDuration('linger', options.linger ?? '1m'),
    stuckAfterMs: parseDuration('stuckAfter', options.stuckAfter ?? '1m', { min: 1 }),
  }
}

function atLeast(option: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new ConfigError(option, `${value} must be a whole number, at least ${least}`)
}

function checkedOrigins(origins: readonly string[] | '*'): readonly string[] | '*' {
  if (origins === '*') return origins
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue
    throw new ConfigError('origins', `'${origin}' is no origin such as https://shop.example`)
  }
  return origins
}
