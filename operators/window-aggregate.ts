import type { StoreEntry, WindowStore } from '../src/state/store.js'
import type { TimeWindows } from '../src/windows/time-windows.js'
import { type Windowed, windowEnd } from '../src/windows/window.js'
import type { Aggregation } from './aggregation.js'
import type { Change } from './change.js'
import type { ProcessorSupplier } from './processor.js'
import { CLOSED_FOR_GOOD, type WindowClosing, WindowedAggregate } from './windowed-aggregate.js'

class WindowAggregateProcessor<K, V, A> extends WindowedAggregate<
  K,
  V,
  A,
  StoreEntry<K, A>,
  WindowStore<K, A>
> {
  constructor(
    private readonly windows: TimeWindows,
    aggregation: Aggregation<K, V, A>,
    store: string,
    closing: WindowClosing,
  ) {
    super(aggregation, store, windows.graceMs, closing)
  }

  protected override take(key: K, value: V, timestamp: number): void {
    const { windows } = this
    const start = windows.firstStart(timestamp)
    if (start > timestamp) return
    if (windowEnd(start, windows.size) <= this.closeTime) {
      this.dropLate()
      return
    }
    const row = this.store.entry(key, start)
    if (row !== undefined) {
      this.write(row, this.add(key, value, row.value), Math.max(row.timestamp, timestamp))
      return
    }
    const end = windowEnd(start, windows.size)
    this.forwardUnkept(key, start, end, this.add(key, value, undefined), timestamp)
  }

  protected override closedBefore(closeTime: number): number {
    return closeTime - this.windows.size
  }

  protected override positionOf({ windowStart }: StoreEntry<K, A>): number {
    return windowStart
  }

  protected override endOf({ windowStart }: StoreEntry<K, A>): number {
    return windowEnd(windowStart, this.windows.size)
  }
}

/**
 * Keeps an aggregate per key and window in a window store and hands on each change of it, with the greatest timestamp
 * of the records in it. A record is in one window at most. As in Kafka Streams: it is late, and dropped, if the window's
 * end is not after event time minus grace; records without key are dropped; records without value are aggregated.
 */
export const windowAggregate =
  <K, V, A>(
    windows: TimeWindows,
    aggregation: Aggregation<K, V, A>,
    store: string,
    closing: WindowClosing = CLOSED_FOR_GOOD,
  ): ProcessorSupplier<K, V, Windowed<K>, Change<A>> =>
  () =>
    new WindowAggregateProcessor(windows, aggregation, store, closing)
