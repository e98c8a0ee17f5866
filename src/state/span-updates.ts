import type { RecordHeaders } from '../serdes/record-headers.js'
import { type Bucket, NO_TURN } from './bucket.js'
import { LiveSpan } from './live-span.js'
import { missingListener, type RecordCache, UPDATE_OVERHEAD } from './record-cache.js'
import type { Row } from './row.js'
import { ROWS_PER_STEP, type Steps } from './steps.js'
import type { CacheFlushListener } from './store.js'

/** So many holes in the list are left at least. */
const MIN_HOLES = 1024

/**
 * The part of the record cache that belongs to a store of spans: the updates that wait, the least recently written
 * first. They lie in lists; the place of an update there is the turn of its span. One that is written again leaves a
 * hole and goes to the end. There is no object for an update, since a record changes many spans.
 */
export class SpanUpdates<K, V> {
  listener: CacheFlushListener<K, V> | undefined
  /** The rows of the buckets; undefined: a hole. */
  private readonly rows: (Row<K, unknown> | undefined)[] = []
  private readonly positions: number[] = []
  /** What the spans held when downstream last heard of them. */
  private readonly oldValues: (V | undefined)[] = []
  private readonly headers: (RecordHeaders | undefined)[] = []
  /** Where the first update lies at the earliest, and where the next one goes. */
  private first = 0
  private end = 0
  private waiting = 0
  /** What those that wait count for. */
  private bytes = 0
  /** What the listener sees. */
  private span: LiveSpan<K, V> | undefined

  constructor(
    private readonly store: string,
    private readonly cache: RecordCache,
  ) {}

  /** What downstream knows of a span that held a value before it was written just now. */
  known(bucket: Bucket<V>, index: number, before: V | undefined): V | undefined {
    const turn = bucket.turn(index)
    return turn === NO_TURN ? before : this.oldValues[turn]
  }

  /**
   * Takes an update that the bucket has already. When the cache is over its bytes, this store lets go of its oldest
   * updates, as in Kafka Streams: the one that writes pays.
   *
   * @param known what downstream knows of the span
   */
  put(
    row: Row<K, unknown>,
    bucket: Bucket<V>,
    index: number,
    known: V | undefined,
    headers: RecordHeaders,
    spanBytes: number,
  ): void {
    const { cache } = this
    const present = bucket.turn(index)
    if (present !== NO_TURN) this.leave(present)
    else {
      const bytes = spanBytes + UPDATE_OVERHEAD
      this.bytes += bytes
      cache.usedBytes += bytes
      this.waiting++
    }
    if (this.end - this.waiting > this.waiting + MIN_HOLES) this.close()
    const turn = this.end++
    this.rows[turn] = row
    this.positions[turn] = bucket.position(index)
    this.oldValues[turn] = known
    this.headers[turn] = headers
    bucket.setTurn(index, turn)
    while (cache.usedBytes > cache.maxBytes && this.waiting > 0) this.release()
  }

  /** Forgets the update of a span, if one waits. */
  cancel(bucket: Bucket<V>, index: number): void {
    const turn = bucket.turn(index)
    if (turn === NO_TURN) return
    bucket.setTurn(index, NO_TURN)
    this.leave(turn)
    this.discount()
  }

  /** Lets go of every update. @returns whether there were any */
  *flush(): Steps<boolean> {
    if (this.waiting === 0) return false
    for (let released = 1; this.waiting > 0; released++) {
      this.release()
      if (released % ROWS_PER_STEP === 0) yield
    }
    return true
  }

  /** Forgets every update. */
  discard(): void {
    this.cache.usedBytes -= this.bytes
    this.bytes = 0
    this.waiting = 0
    this.first = 0
    this.end = 0
    this.rows.length = 0
    this.oldValues.length = 0
    this.headers.length = 0
  }

  /** Lets go of the first update. */
  private release(): void {
    const { listener, rows } = this
    if (listener === undefined) throw missingListener(this.store)
    while (rows[this.first] === undefined) this.first++
    const turn = this.first++
    const row = rows[turn]!
    const bucket = row.value as Bucket<V>
    const index = bucket.findTurn(this.positions[turn]!, turn)
    const known = this.oldValues[turn]
    const headers = this.headers[turn]!
    // Gone from the cache before the listener runs: what that writes comes in anew.
    this.leave(turn)
    this.discount()
    if (index < 0) return
    this.span ??= new LiveSpan<K, V>(row)
    const { span } = this
    const changedAt = bucket.changedAt(index)
    span.show(row, bucket, index)
    bucket.setTurn(index, NO_TURN)
    bucket.forgetIfGone(index)
    listener.flushed(span, known, headers, changedAt)
  }

  /** Makes a place a hole. */
  private leave(turn: number): void {
    this.rows[turn] = undefined
    this.oldValues[turn] = undefined
    this.headers[turn] = undefined
  }

  /** One fewer waits. */
  private discount(): void {
    const bytes = Math.floor(this.bytes / this.waiting--)
    this.bytes -= bytes
    this.cache.usedBytes -= bytes
    if (this.waiting > 0) return
    this.cache.usedBytes -= this.bytes
    this.bytes = 0
    this.first = 0
    this.end = 0
  }

  /** Closes the holes. */
  private close(): void {
    const { rows, positions, oldValues, headers, end } = this
    let to = 0
    for (let from = this.first; from < end; from++) {
      const row = rows[from]
      if (row === undefined) continue
      const bucket = row.value as Bucket<V>
      const index = bucket.findTurn(positions[from]!, from)
      if (index >= 0) bucket.setTurn(index, to)
      rows[to] = row
      positions[to] = positions[from]!
      oldValues[to] = oldValues[from]
      headers[to] = headers[from]
      if (to++ !== from) this.leave(from)
    }
    this.first = 0
    this.end = to
  }
}
