/** A span of event time, epoch milliseconds: from `start`, before `end`. */
export interface FeedWindow {
  readonly start: number
  readonly end: number
}

/** A row is this now. */
export interface UpsertMessage<K, V> {
  readonly type: 'upsert'
  readonly key: K
  /** The window of the row; absent in stores without. */
  readonly window?: FeedWindow
  readonly value: V
  /** Event time of the change, epoch milliseconds. */
  readonly timestamp: number
}

/** A row is gone; it may be one that was never told of. */
export interface DeleteMessage<K> {
  readonly type: 'delete'
  readonly key: K
  readonly window?: FeedWindow
}

/** What a feed says, one after the other. */
export type FeedMessage<K, V> =
  | UpsertMessage<K, V>
  | DeleteMessage<K>
  /** The rows that follow, up to `up-to-date`, are all that there are. */
  | { readonly type: 'snapshot' }
  /** All changes are told that there were when the snapshot, or the connection, began. */
  | { readonly type: 'up-to-date'; readonly id: string }
  /** Changes are lost: a snapshot follows. */
  | { readonly type: 'must-refetch'; readonly reason: string }
  /** How far the changes have been told; over WebSocket, which has no event ids. */
  | { readonly type: 'position'; readonly id: string }
  /** The feed ends. */
  | { readonly type: 'error'; readonly code: string; readonly message: string }
