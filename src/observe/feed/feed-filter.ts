import { crc32 } from '@node-rs/crc32'
import { StreamsError } from '../../runtime/streams-error.js'
import { feedJson } from './feed-json.js'
import type { RowFormat } from './row-format.js'

/** With so many keys it is better not to filter. */
const MAX_KEYS = 1000

/** What a request says about the rows that it wants. */
export interface FeedQuery {
  /** Keys, as JSON, or as they are where they are text. */
  readonly keys: readonly string[]
  /** How a key begins, as text; of keys that are no text, their JSON. */
  readonly prefix: string | undefined
  /** The least and the greatest start of a window (end of a session), epoch milliseconds. */
  readonly from: number | undefined
  readonly to: number | undefined
}

/**
 * Reads the parameters `key` (several times: any of them), `prefix`, `from` and `to`.
 *
 * @throws {StreamsError} `FEED_FILTER`
 */
export function readQuery(parameters: URLSearchParams): FeedQuery {
  return {
    keys: parameters.getAll('key'),
    prefix: parameters.get('prefix') ?? undefined,
    from: readTime(parameters, 'from'),
    to: readTime(parameters, 'to'),
  }
}

function readTime(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name)
  if (text === null) return undefined
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isSafeInteger(time)) return time
  throw refused(`${name}=${text} is no time: epoch milliseconds, or a date such as 2001-02-03T04:05:06Z`)
}

/** Which rows of a store a subscriber is told of. */
export class FeedFilter {
  /** The keys asked for, as bytes (latin1), without windows; undefined: all. */
  readonly keyIds: ReadonlySet<string> | undefined
  /** Stands for what is asked: a position of one filter is none of another. 0: everything. */
  readonly hash: number

  /** @throws {StreamsError} `FEED_FILTER` naming what is wrong */
  constructor(
    private readonly format: RowFormat,
    private readonly query: FeedQuery,
  ) {
    const { keys, prefix, from, to } = query
    if (!format.windowed && (from !== undefined || to !== undefined)) {
      throw refused('from and to are for stores with windows, which this one has not')
    }
    if (keys.length > MAX_KEYS) throw refused(`${keys.length} keys are too many: at most ${MAX_KEYS}`)
    this.keyIds = keys.length === 0 ? undefined : new Set(keys.map((text) => keyIdOf(format, text)))
    const asked = { keys: this.keyIds && [...this.keyIds].sort(), prefix, from, to }
    const text = JSON.stringify(asked)
    this.hash = text === '{}' ? 0 : crc32(text)
  }

  /** Whether all that is asked for is some keys of a store without windows: then they are looked up. */
  get onlyKeys(): boolean {
    return this.keyIds !== undefined && !this.format.windowed && this.query.prefix === undefined
  }

  /** Whether a subscriber is told of a row. */
  matches(id: string): boolean {
    const { format, keyIds } = this
    if (keyIds !== undefined && !keyIds.has(format.innerId(id))) return false
    return this.hasPrefix(id) && this.isInRange(id)
  }

  private hasPrefix(id: string): boolean {
    const { prefix } = this.query
    if (prefix === undefined) return true
    const key = this.format.keyOf(id)
    return (typeof key === 'string' ? key : feedJson(key)).startsWith(prefix)
  }

  private isInRange(id: string): boolean {
    const { from, to } = this.query
    if (from === undefined && to === undefined) return true
    const position = this.format.positionOf(id)
    return position >= (from ?? 0) && position <= (to ?? Number.MAX_SAFE_INTEGER)
  }
}

/** The bytes of a key that a request names: JSON where the store takes it as a key, else text. */
function keyIdOf(format: RowFormat, text: string): string {
  try {
    return format.idOfKey(JSON.parse(text))
  } catch {
    // It is no JSON, or none of a key.
  }
  try {
    return format.idOfKey(text)
  } catch (cause) {
    throw refused(`key ${text} is none of this store`, cause)
  }
}

const refused = (problem: string, cause?: unknown): StreamsError =>
  new StreamsError('FEED_FILTER', `the filter of the feed: ${problem}`, { cause })
