import type { OrderedStore, StoreEntry } from '../src/state/store.js'
import type { TimeListener } from '../src/time/event-clock.js'
import type { JoinBounds } from '../src/windows/join-windows.js'
import type { ProcessorContext } from './processor.js'
import { RowByRow, type WaitingRows } from './steps.js'
import { type JoinSide, LEFT, RIGHT, type UnmatchedKey, type UnmatchedValues } from './unmatched-key.js'

export type UnmatchedStore<K, V> = OrderedStore<UnmatchedKey<K>, UnmatchedValues<V>>

type Row<K, V> = StoreEntry<UnmatchedKey<K>, UnmatchedValues<V>>

/** Behind all times. */
const LAST = Number.MAX_SAFE_INTEGER

/**
 * The records of an outer join that have met no other yet. They are handed on without one when none can come any more:
 * when event time is past their window and grace. Both sides of the join look for them, at most once in an interval of
 * wall time, and share event time and progress.
 *
 * As in Kafka Streams, a look that ends goes on from the record that it saw last: what waits longer than that is looked
 * for again when event time is past the window of that record. With watermarks each is handed on as soon as event time is
 * past its window and grace.
 */
export class UnmatchedRows<K, V> implements TimeListener, WaitingRows {
  private readonly handingOn: RowByRow

  /** @param forward hands one record on */
  constructor(
    private readonly context: ProcessorContext<unknown, unknown>,
    private readonly store: UnmatchedStore<K, V>,
    private readonly windows: JoinBounds,
    private readonly forward: (side: JoinSide, key: K, value: V, timestamp: number) => void,
  ) {
    this.handingOn = new RowByRow(context, this)
  }

  /** Goes on with what was begun before a restart. */
  resume(): void {
    if (this.pending) this.handingOn.begin()
  }

  /** Has a record wait. */
  keep(side: JoinSide, key: K, value: V, timestamp: number): void {
    const { store, context } = this
    this.noteWaiting(side, timestamp)
    const row = store.entry({ side, timestamp, key })
    const values = row.value === undefined ? [value] : [...row.value.values, value]
    store.write(row, { side, values }, timestamp, context.record.headers)
  }

  private noteWaiting(side: JoinSide, timestamp: number): void {
    const { clock, progress } = this.context
    const since = clock.follows === 'watermarks' ? Math.max(0, this.closesAt(side, timestamp)) : timestamp
    if (progress.waitingSince < 0 || since < progress.waitingSince) this.setWaitingSince(since)
  }

  /** The time up to which one of the other side may come for a record. */
  private closesAt(side: JoinSide, timestamp: number): number {
    const { beforeMs, afterMs, graceMs } = this.windows
    return timestamp + (side === LEFT ? afterMs : beforeMs) + graceMs
  }

  /** Takes off the records of a side, key and timestamp: they have met one of the other side. */
  matched(side: JoinSide, key: K, timestamp: number): void {
    const { store } = this
    if (store.count === 0) return
    const row = store.get({ side, timestamp, key })
    if (row !== undefined) store.write(row, undefined, timestamp, this.context.record.headers)
  }

  /** Ends what an earlier record began, where the next one comes before its steps: in the middle of another's. */
  finish(): void {
    this.handingOn.finish()
  }

  /**
   * Hands on what can meet no record any more, before the record in hand.
   *
   * @param after how much later than a record of the side that looks one of the other side may be
   */
  look(after: number): void {
    const { progress, clock, emitInterval, systemTime } = this.context
    const { waitingSince } = progress
    const open = after + this.windows.graceMs
    // As in Kafka Streams a look counts though nothing waits: the first one is at the first record.
    if (waitingSince < 0 ? open <= 0 : waitingSince + open >= clock.now) return
    // A clock that was set back does not count.
    if (systemTime < progress.nextLook && systemTime >= progress.nextLook - emitInterval) return
    progress.nextLook = systemTime + emitInterval
    this.setWaitingSince(-1)
    if (this.store.count === 0) return
    this.begin(clock.now)
  }

  timeAdvanced(now: number): void {
    this.finish()
    const { waitingSince } = this.context.progress
    if (waitingSince < 0 || waitingSince >= now) return
    this.begin(now)
  }

  private begin(closeTime: number): void {
    this.context.progress.handingOn = { closeTime, count: 0 }
    this.handingOn.begin()
  }

  /** Of both sides of the join: either ends what the other began. */
  get pending(): boolean {
    return this.context.progress.handingOn !== undefined
  }

  /** Hands on the records of the first row of both sides whose window has closed. */
  handOn(): boolean {
    const progress = this.context.progress.handingOn!
    const left = this.closed(LEFT, progress.closeTime)
    const right = this.closed(RIGHT, progress.closeTime)
    const isLeft = right === undefined || (left !== undefined && left.key.timestamp < right.key.timestamp)
    const row = isLeft ? left : right
    if (row === undefined) return false
    progress.lastSeen = row.key.timestamp
    progress.count++
    this.emit(row)
    return true
  }

  /** The first row of a side, if its window has closed. */
  private closed(side: JoinSide, closeTime: number): Row<K, V> | undefined {
    const row = this.store.range({ side, timestamp: 0 }, { side, timestamp: LAST }).next().value
    return row !== undefined && this.closesAt(side, row.key.timestamp) < closeTime ? row : undefined
  }

  /** Hands on the records of a row; each is taken off before, so that none comes twice where a joiner fails. */
  private emit({ key: place, value }: Row<K, V>): void {
    const { store, context } = this
    const { side, key, timestamp } = place
    const { values } = value!
    for (let index = 0; index < values.length; index++) {
      const left = index + 1 < values.length ? { side, values: values.slice(index + 1) } : undefined
      // The row may have been forgotten since it was read, and be another one now.
      store.write(store.entry(place), left, timestamp, context.record.headers)
      this.forward(side, key as K, values[index]!, timestamp)
    }
  }

  over(): void {
    const { progress } = this.context
    const { closeTime, lastSeen = -1 } = progress.handingOn!
    progress.closeTime = closeTime
    progress.handingOn = undefined
    if (this.context.clock.follows === 'watermarks') {
      const next = Math.min(this.firstClosing(LEFT), this.firstClosing(RIGHT))
      this.setWaitingSince(next === LAST ? -1 : Math.max(0, next))
      return
    }
    const seen = Math.max(lastSeen, this.lastLookedAt())
    if (seen >= 0 && (progress.waitingSince < 0 || seen < progress.waitingSince)) this.setWaitingSince(seen)
  }

  /**
   * The time of the row at which Kafka Streams ends its look, which goes through the rows of both sides in order of
   * time: at the one behind the first row of each side whose window is open, or at the last one of all. -1: no row.
   */
  private lastLookedAt(): number {
    const left = this.firstFrom(LEFT, 0)
    const right = this.firstFrom(RIGHT, 0)
    if (left === undefined || right === undefined) return Math.max(this.lastOf(LEFT), this.lastOf(RIGHT))
    const leftIsLater = left.timestamp >= right.timestamp
    const later = leftIsLater ? left : right
    const next = this.firstFrom(later.side, later.timestamp, later)
    const other = leftIsLater
      ? this.firstFrom(RIGHT, later.timestamp + 1)
      : this.firstFrom(LEFT, later.timestamp)
    const nextTime = Math.min(next?.timestamp ?? LAST, other?.timestamp ?? LAST)
    return nextTime === LAST ? later.timestamp : nextTime
  }

  /** When the first row of a side is to be handed on. */
  private firstClosing(side: JoinSide): number {
    const first = this.firstFrom(side, 0)
    return first === undefined ? LAST : this.closesAt(side, first.timestamp)
  }

  /** The first row of a side at a time or later; `after`: behind that one, which is there. */
  private firstFrom(side: JoinSide, timestamp: number, after?: UnmatchedKey<K>): UnmatchedKey<K> | undefined {
    const rows = this.store.range(after ?? { side, timestamp }, { side, timestamp: LAST })
    if (after !== undefined) rows.next()
    return rows.next().value?.key
  }

  /** The time of the last row of a side; -1: it has none. */
  private lastOf(side: JoinSide): number {
    const rows = this.store.range({ side, timestamp: 0 }, { side, timestamp: LAST }, true)
    return rows.next().value?.key.timestamp ?? -1
  }

  private setWaitingSince(timestamp: number): void {
    const { progress } = this.context
    if (progress.waitingSince === timestamp) return
    progress.waitingSince = timestamp
    progress.waitingChanges++
  }
}
