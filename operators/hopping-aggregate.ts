import type { SpanEntry } from '../src/state/store.js'
import type { TimeWindows } from '../src/windows/time-windows.js'
import { type Windowed, windowEnd } from '../src/windows/window.js'
import type { Aggregation } from './aggregation.js'
import type { Change } from './change.js'
import type { ProcessorSupplier } from './processor.js'
import { CLOSED_FOR_GOOD, SpanAggregate, type WindowClosing } from './windowed-aggregate.js'

class HoppingAggregateProcessor<K, V, A> extends SpanAggregate<K, V, A> {
  constructor(
    private readonly windows: TimeWindows,
    aggregation: Aggregation<K, V, A>,
    store: string,
    closing: WindowClosing,
  ) {
    super(aggregation, store, windows.graceMs, closing)
  }

  protected override take(key: K, value: V, timestamp: number): void {
    const { windows, closeTime } = this
    const { advance, size } = windows
    const first = windows.firstStart(timestamp)
    const present = this.store.range(key, first, timestamp)
    let at = 0
    for (let start = first; start <= timestamp; start += advance) {
      const found = at < present.length && present[at]!.windowStart === start ? present[at++] : undefined
      if (windowEnd(start, size) <= closeTime) this.dropLate()
      else this.update(found ?? this.store.span(key, start, start + size), start, key, value, timestamp)
    }
  }

  private update(row: SpanEntry<K, A> | undefined, start: number, key: K, value: V, timestamp: number): void {
    if (row !== undefined) {
      this.write(row, this.add(key, value, row.value), Math.max(row.timestamp, timestamp))
      return
    }
    const end = windowEnd(start, this.windows.size)
    this.forwardUnkept(key, start, end, this.add(key, value, undefined), timestamp)
  }

  protected override closedBefore(closeTime: number): number {
    return closeTime - this.windows.size
  }

  protected override positionOf({ windowStart }: SpanEntry<K, A>): number {
    return windowStart
  }
}

/**
 * Keeps an aggregate per key and window of a grid whose windows overlap, and hands on each change of it, with the
 * greatest timestamp of the records in it. The windows of a record change in the order of their start; it is late for
 * those, and dropped there, whose end is not after event time minus grace. All that a key has in a stretch of time is
 * read, and written, as one row: a record is in many windows.
 */
export const hoppingAggregate =
  <K, V, A>(
    windows: TimeWindows,
    aggregation: Aggregation<K, V, A>,
    store: string,
    closing: WindowClosing = CLOSED_FOR_GOOD,
  ): ProcessorSupplier<K, V, Windowed<K>, Change<A>> =>
  () =>
    new HoppingAggregateProcessor(windows, aggregation, store, closing)
