import { EventStream } from './event-stream.js'
import type { FeedMessage, FeedWindow } from './feed-message.js'
import { type FeedChange, type FeedRow, FeedRows, rowId } from './feed-rows.js'

/**
 * - `connecting`: for the first time, or again; the rows are those that were last told.
 * - `live`: the rows are those of the store.
 * - `closed`: for good.
 */
export type FeedState = 'connecting' | 'live' | 'closed'

/** What keeps a feed from being read. */
export class FeedError extends Error {
  override readonly name = 'FeedError'

  constructor(
    message: string,
    /** The server's, such as `UNKNOWN_STORE`; undefined where it said none. */
    readonly code?: string,
    /** Of the answer; undefined where there was none. */
    readonly status?: number,
  ) {
    super(message)
  }
}

export interface SubscribeOptions<K, V> {
  /** Only rows of these keys. */
  readonly keys?: readonly K[]
  /** Only rows whose key, as text, begins so. */
  readonly prefix?: string
  /** Only rows of windows that start (sessions: end) from this time, epoch milliseconds. */
  readonly from?: number
  /** Only rows of windows that start (sessions: end) up to this time, epoch milliseconds. */
  readonly to?: number
  /** Sent with each request: `() => ({ authorization: ... })`. */
  readonly headers?: () => Record<string, string> | Promise<Record<string, string>>
  /** Whether cookies go along; default `same-origin`. */
  readonly credentials?: 'omit' | 'same-origin' | 'include'
  /** Ends the feed. */
  readonly signal?: AbortSignal
  /** Told of each change of the rows, once they are complete. */
  readonly onChange?: (changes: readonly FeedChange<K, V>[], rows: ReadonlyMap<string, FeedRow<K, V>>) => void
  readonly onState?: (state: FeedState) => void
  /** Told of what went wrong; the feed connects again, unless its state is `closed`. */
  readonly onError?: (error: unknown) => void
  /** The longest pause before it connects again, milliseconds; default 30,000. */
  readonly maxRetryMs?: number
  /** Without a sign of life for so long it connects again, milliseconds; default 45,000: three heartbeats. */
  readonly silenceMs?: number
}

/** The rows of a store, kept as they are. Waiting for them in a loop and leaving the loop ends the feed. */
export interface Feed<K, V> extends AsyncIterable<ReadonlyMap<string, FeedRow<K, V>>> {
  readonly state: FeedState
  /** The rows by `rowId`; empty until they are complete. A snapshot takes their place by another map. */
  readonly rows: ReadonlyMap<string, FeedRow<K, V>>
  get(key: K, window?: FeedWindow): FeedRow<K, V> | undefined
  close(): void
}

/**
 * Reads a feed until it is closed: connects, and connects again where it broke, from where it stood.
 *
 * @param url of the feed: `/feed/STORE`
 * @example
 * ```ts
 * for await (const rows of subscribe<string, Delay>('/feed/delays')) draw([...rows.values()])
 * ```
 */
export const subscribe = <K, V>(url: string | URL, options: SubscribeOptions<K, V> = {}): Feed<K, V> =>
  new Subscription(url, options)

const FIRST_RETRY_MS = 250

class Subscription<K, V> implements Feed<K, V> {
  state: FeedState = 'connecting'
  private readonly held = new FeedRows<K, V>()
  private readonly ending = new AbortController()
  private id: string | undefined
  private failures = 0
  /** Counts the changes of rows. */
  private version = 0
  private failure: unknown
  private waiting: (() => void)[] = []
  private retry: ReturnType<typeof setTimeout> | undefined
  /** Ends the pause. */
  private goOn: () => void = () => {}

  constructor(
    private readonly url: string | URL,
    private readonly options: SubscribeOptions<K, V>,
  ) {
    const { signal } = options
    if (signal?.aborted) this.close()
    signal?.addEventListener('abort', () => this.close(), { once: true })
    void this.run()
  }

  get rows(): ReadonlyMap<string, FeedRow<K, V>> {
    return this.held.rows
  }

  get(key: K, window?: FeedWindow): FeedRow<K, V> | undefined {
    return this.rows.get(rowId(key, window))
  }

  close(): void {
    this.ending.abort()
    clearTimeout(this.retry)
    this.goOn()
    this.enter('closed')
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ReadonlyMap<string, FeedRow<K, V>>> {
    try {
      for (let seen = 0; ; ) {
        if (seen !== this.version) {
          seen = this.version
          yield this.rows
        } else if (this.state !== 'closed') {
          await new Promise<void>((resolve) => this.waiting.push(resolve))
        } else if (this.failure) {
          throw this.failure
        } else return
      }
    } finally {
      this.close()
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.ending
    while (!signal.aborted) {
      try {
        await this.connect()
      } catch (error) {
        if (signal.aborted) return
        if (isFinal(error)) {
          this.failure = error
          this.close()
        }
        this.options.onError?.(error)
      }
      if (signal.aborted) return
      this.enter('connecting')
      await this.pause()
    }
  }

  /** Reads until the connection ends. */
  private async connect(): Promise<void> {
    const { headers, credentials = 'same-origin', silenceMs = 45_000 } = this.options
    const attempt = new AbortController()
    const abort = (): void => attempt.abort()
    this.ending.signal.addEventListener('abort', abort)
    let silence: ReturnType<typeof setTimeout> | undefined
    const heard = (): void => {
      clearTimeout(silence)
      silence = setTimeout(abort, silenceMs)
    }
    try {
      heard()
      const response = await fetch(this.address(), {
        headers: { accept: 'text/event-stream', ...(await headers?.()) },
        credentials,
        signal: attempt.signal,
      })
      if (!response.ok || !response.body) throw await refused(response)
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
      const events = new EventStream()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        heard()
        this.take(events, value)
      }
    } finally {
      clearTimeout(silence)
      this.ending.signal.removeEventListener('abort', abort)
    }
  }

  /** The feed, what is asked for, and where this client stands. A parameter, for a header would need leave of the server. */
  private address(): string {
    const { keys = [], prefix, from, to } = this.options
    const parameters = new URLSearchParams(keys.map((key): [string, string] => ['key', JSON.stringify(key)]))
    for (const [name, value] of Object.entries({ prefix, from, to, lastEventId: this.id })) {
      if (value !== undefined) parameters.set(name, String(value))
    }
    const text = String(this.url)
    return `${text}${text.includes('?') ? '&' : '?'}${parameters}`
  }

  private take(events: EventStream, text: string): void {
    const changes: FeedChange<K, V>[] = []
    for (const { data, id } of events.read(text)) {
      if (data) {
        const message = JSON.parse(data) as FeedMessage<K, V>
        const change = this.hear(message)
        if (change) changes.push(change)
      }
      if (id) this.id = id
    }
    if (changes.length === 0) return
    this.version++
    this.options.onChange?.(changes, this.rows)
    this.wake()
  }

  private hear(message: FeedMessage<K, V>): FeedChange<K, V> | undefined {
    if (message.type === 'error') throw new FeedError(message.message, message.code)
    // What comes now begins from nothing.
    if (message.type === 'snapshot') this.id = undefined
    const change = this.held.apply(message)
    if (message.type === 'up-to-date') {
      this.id = message.id
      this.failures = 0
      this.enter('live')
    }
    return change
  }

  private enter(state: FeedState): void {
    if (this.state === state || this.state === 'closed') return
    this.state = state
    this.options.onState?.(state)
    this.wake()
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve()
  }

  /** Longer after each failure, and not at the same time as all others. */
  private pause(): Promise<void> {
    const { maxRetryMs = 30_000 } = this.options
    const longest = Math.min(maxRetryMs, FIRST_RETRY_MS * 2 ** this.failures++)
    return new Promise((resolve) => {
      this.goOn = resolve
      this.retry = setTimeout(resolve, longest * (0.5 + Math.random() / 2))
    })
  }
}

async function refused(response: Response): Promise<FeedError> {
  const text = await response.text()
  let code: string | undefined
  let message = `${response.status} ${text}`
  try {
    ;({ code, message } = JSON.parse(text))
  } catch {
    // Not from the feed, but from what is in between.
  }
  return new FeedError(message, code, response.status)
}

/** Whether it would be the same another time. */
const isFinal = (error: unknown): boolean =>
  error instanceof FeedError &&
  error.status !== undefined &&
  error.status >= 400 &&
  error.status < 500 &&
  error.status !== 408 &&
  error.status !== 429
