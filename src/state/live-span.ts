import type { Bucket } from './bucket.js'
import type { Row } from './row.js'
import type { SpanEntry } from './store.js'

/**
 * A span as an operator sees it: what its bucket has of it when it is read. One object serves for many spans, one
 * after the other.
 */
export class LiveSpan<K, V> implements SpanEntry<K, V> {
  windowStart = -1
  windowEnd = -1
  value: V | undefined = undefined
  timestamp = -1
  /** Its index in the bucket, unless spans have come before it since. */
  index = -1

  /** @param row the row of its bucket */
  constructor(public row: Row<K, unknown>) {}

  get key(): K {
    return this.row.key
  }

  /** Shows a span of a bucket. */
  show(row: Row<K, unknown>, bucket: Bucket<V>, index: number): void {
    this.row = row
    this.index = index
    bucket.show(index, this)
  }

  /** Shows a span that its bucket does not have. */
  showNone(row: Row<K, unknown>, start: number, end: number): void {
    this.row = row
    this.index = -1
    this.windowStart = start
    this.windowEnd = end
    this.value = undefined
    this.timestamp = -1
  }
}
