import { Row } from './row.js'

/** A live row of one span of time of a key: a session, or a window that begins at a record. */
export class SpanRow<K, V> extends Row<K, V> {
  /** Changed since its bucket was last staged. */
  dirty = false

  constructor(
    key: K,
    windowStart: number,
    readonly windowEnd: number,
    /** The row of the bucket that it lies in. */
    readonly holder: Row<K, unknown>,
    /** Whether the changelog may have it: then its removal is told there. */
    public logged: boolean,
  ) {
    super(key, '', windowStart)
  }
}
