import type { DeleteMessage, FeedMessage, FeedWindow, UpsertMessage } from './feed-message.js'

/** A row of a store. */
export type FeedRow<K, V> = Omit<UpsertMessage<K, V>, 'type'>

/** What changed: rows that were put or deleted; or all, in one go, by a snapshot. */
export type FeedChange<K, V> = UpsertMessage<K, V> | DeleteMessage<K> | { readonly type: 'snapshot' }

/** Names a row in the map of rows: the JSON of its key, and its window. */
export const rowId = (key: unknown, window?: FeedWindow): string =>
  JSON.stringify(key) + (window ? `@${window.start}-${window.end}` : '')

/** The rows that a feed has told of. A snapshot takes their place when it is complete. */
export class FeedRows<K, V> {
  rows: Map<string, FeedRow<K, V>> = new Map()
  private incoming: Map<string, FeedRow<K, V>> | undefined

  /** Takes in a message; gives what it changed of `rows`. */
  apply(message: FeedMessage<K, V>): FeedChange<K, V> | undefined {
    switch (message.type) {
      case 'snapshot':
        this.incoming = new Map()
        return undefined
      case 'upsert': {
        const { type: _, ...row } = message
        ;(this.incoming ?? this.rows).set(rowId(message.key, message.window), row)
        return this.incoming ? undefined : message
      }
      case 'delete':
        return (this.incoming ?? this.rows).delete(rowId(message.key, message.window)) && !this.incoming
          ? message
          : undefined
      case 'up-to-date':
        if (!this.incoming) return undefined
        this.rows = this.incoming
        this.incoming = undefined
        return { type: 'snapshot' }
      default:
        return undefined
    }
  }
}
