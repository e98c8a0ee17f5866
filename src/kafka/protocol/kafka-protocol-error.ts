import { errorNameOf, isRetriable } from './error-codes.js'

/** What a failed request was about, for the message: topic, partition, group, ... */
export type ErrorContext = Readonly<Record<string, string | number>>

const describe = (context: ErrorContext): string =>
  Object.entries(context)
    .map(([key, value]) => ` ${key}=${value}`)
    .join('')

/** A broker answered a request, or one partition of it, with an error code. */
export class KafkaProtocolError extends Error {
  override readonly name = 'KafkaProtocolError'
  /** The code's name, such as `NOT_LEADER_OR_FOLLOWER`. */
  readonly type: string
  /** Whether the same request may succeed later. */
  readonly retriable: boolean

  constructor(
    readonly code: number,
    /** The API that was called, such as `Fetch`. */
    readonly api: string,
    readonly context: ErrorContext = {},
    /** The broker's own words, where the API has a field for them. */
    detail: string | null = null,
  ) {
    const type = errorNameOf(code)
    super(`${api}${describe(context)}: ${type} (${code})${detail ? `: ${detail}` : ''}`)
    this.type = type
    this.retriable = isRetriable(code)
  }
}
