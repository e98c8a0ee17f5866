import type { SpanEntry } from '../src/state/store.js'
import type { SlidingWindows } from '../src/windows/sliding-windows.js'
import { type Windowed, windowEnd } from '../src/windows/window.js'
import type { Aggregation } from './aggregation.js'
import type { Change } from './change.js'
import type { ProcessorSupplier } from './processor.js'
import { CLOSED_FOR_GOOD, SpanAggregate, type WindowClosing } from './windowed-aggregate.js'

class SlidingAggregateProcessor<K, V, A> extends SpanAggregate<K, V, A> {
  /** The windows around the record in hand, in order of their start. */
  private readonly around: SpanEntry<K, A>[] = []

  /** What the windows around the record in hand tell; see {@link look}. */
  private previous = -1
  private right: A | undefined
  private rightTime = -1
  private hasRight = false

  constructor(
    private readonly windows: SlidingWindows,
    aggregation: Aggregation<K, V, A>,
    store: string,
    closing: WindowClosing,
  ) {
    super(aggregation, store, windows.graceMs, closing)
  }

  override process(key: K, value: V, timestamp: number): void {
    const keyless = key === null || key === undefined
    if (!keyless && (value === null || value === undefined)) this.context.dropped('null-value')
    else super.process(key, value, timestamp)
  }

  protected override take(key: K, value: V, timestamp: number): void {
    const { timeDifference } = this.windows
    if (timestamp + 1 + timeDifference <= this.closeTime) {
      this.dropLate()
      return
    }
    this.expire()
    this.look(key, timestamp)
    if (timestamp < timeDifference) this.processEarly(key, value, timestamp)
    else this.processOrdinary(key, value, timestamp)
  }

  /** A window's end is part of it. */
  protected override closedBefore(closeTime: number): number {
    return closeTime - this.windows.timeDifference - 1
  }

  protected override positionOf({ windowStart }: SpanEntry<K, A>): number {
    return windowStart
  }

  /** Reads the windows that the record can be in, or whose records can be in its windows. */
  private look(key: K, timestamp: number): void {
    const { around } = this
    around.length = 0
    this.previous = -1
    this.right = undefined
    this.rightTime = -1
    this.hasRight = false
    const found = this.store.range(key, timestamp - 2 * this.windows.timeDifference, timestamp + 1)
    for (let index = 0; index < found.length; index++) around.push(found[index]!)
  }

  /** From the latest window to the earliest: those that hold the record take it. */
  private processOrdinary(key: K, value: V, timestamp: number): void {
    const { around } = this
    const { timeDifference } = this.windows
    let left: A | undefined
    let hasLeft = false
    for (let index = around.length - 1; index >= 0; index--) {
      const window = around[index]!
      const { windowStart: start, timestamp: latest } = window
      const end = start + timeDifference
      if (start === timestamp + 1) this.hasRight = true
      else if (end > timestamp) {
        if (this.right === undefined) this.note(window)
        this.addTo(window, key, value, timestamp)
      } else if (end === timestamp) {
        hasLeft = true
        if (latest < timestamp) this.previous = latest
        this.update(key, value, timestamp, start, window.value, latest)
        break
      } else {
        left = window.value
        this.previous = latest
        break
      }
    }
    this.addRightOfPrevious(key, value, timestamp)
    if (!hasLeft) {
      const start = timestamp - timeDifference
      const before = this.previous >= start ? left : undefined
      this.update(key, value, timestamp, start, before, timestamp)
    }
    this.addRight(key, timestamp)
  }

  /**
   * A window cannot begin before the epoch, so the records before the end of the first one share it as their left
   * window.
   */
  private processEarly(key: K, value: V, timestamp: number): void {
    const { around } = this
    let first: SpanEntry<K, A> | undefined
    for (let index = 0; index < around.length; index++) {
      const window = around[index]!
      if (window.windowStart === 0) {
        first = window
        if (window.timestamp < timestamp) this.previous = window.timestamp
      } else if (window.windowStart <= timestamp) {
        this.note(window)
        this.addTo(window, key, value, timestamp)
      } else this.hasRight = true
    }
    if (first === undefined) {
      this.addRight(key, timestamp)
      this.update(key, value, timestamp, 0, undefined, -1)
      return
    }
    if (this.right === undefined) this.note(first)
    this.addRight(key, timestamp)
    this.addRightOfPrevious(key, value, timestamp)
    this.update(key, value, timestamp, 0, first.value, first.timestamp)
  }

  /** Notes a window that holds the record: the one with the latest start has just the records after it, if any. */
  private note({ value, timestamp }: SpanEntry<K, A>): void {
    this.right = value
    this.rightTime = timestamp
  }

  private addTo(window: SpanEntry<K, A>, key: K, value: V, timestamp: number): void {
    this.update(key, value, timestamp, window.windowStart, window.value, window.timestamp)
  }

  /** The window that begins after the record before this one: this record is the first that makes it. */
  private addRightOfPrevious(key: K, value: V, timestamp: number): void {
    const { previous } = this
    if (previous < 0 || this.isAround(previous + 1)) return
    if (previous + 1 + this.windows.timeDifference < timestamp) return
    this.update(key, value, timestamp, previous + 1, undefined, -1)
  }

  /** The window that begins after this record, if there are records in it: it has those that `right` has. */
  private addRight(key: K, timestamp: number): void {
    const { right, rightTime } = this
    if (this.hasRight || right === undefined || rightTime <= timestamp) return
    this.put(key, timestamp + 1, right, rightTime)
  }

  private isAround(start: number): boolean {
    for (let index = 0; index < this.around.length; index++) {
      if (this.around[index]!.windowStart === start) return true
    }
    return false
  }

  /** Adds the record to a window that has an aggregate before it, or to a new one. */
  private update(
    key: K,
    value: V,
    timestamp: number,
    start: number,
    aggregate: A | undefined,
    latest: number,
  ): void {
    if (this.closed(start)) return
    this.set(key, start, this.add(key, value, aggregate), Math.max(latest, timestamp))
  }

  private put(key: K, start: number, value: A, timestamp: number): void {
    if (!this.closed(start)) this.set(key, start, value, timestamp)
  }

  private closed(start: number): boolean {
    if (start + this.windows.timeDifference >= this.closeTime) return false
    this.dropLate()
    return true
  }

  private set(key: K, start: number, newValue: A | undefined, timestamp: number): void {
    const end = windowEnd(start, this.windows.size)
    const row = this.store.span(key, start, end)
    if (row !== undefined) this.write(row, newValue, timestamp)
    else this.forwardUnkept(key, start, end, newValue, timestamp)
  }
}

/**
 * Keeps an aggregate per key and sliding window and hands on each change of it, with the greatest timestamp of the
 * records in it. A record makes up to three windows that are new: the one that ends with it, the one that begins
 * after it, and the one that begins after the record before it; and it changes all windows that it falls into. The
 * order is that of Kafka Streams. Records without key or value are dropped, and so is a record that is late for the
 * window that begins after it.
 */
export const slidingAggregate =
  <K, V, A>(
    windows: SlidingWindows,
    aggregation: Aggregation<K, V, A>,
    store: string,
    closing: WindowClosing = CLOSED_FOR_GOOD,
  ): ProcessorSupplier<K, V, Windowed<K>, Change<A>> =>
  () =>
    new SlidingAggregateProcessor(windows, aggregation, store, closing)
