import type { RecordHeaders } from '../src/serdes/record-headers.js'
import type { CacheFlushListener, FinalStore, StoreEntry, WindowStore } from '../src/state/store.js'
import type { EventClock } from '../src/time/event-clock.js'
import type { TimeWindows } from '../src/windows/time-windows.js'
import { type Windowed, windowEnd } from '../src/windows/window.js'
import type { Aggregation } from './aggregation.js'
import type { Change } from './change.js'
import { FinalEmission } from './final-emission.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'

class WindowAggregateProcessor<K, V, A>
  implements Processor<K, V, Windowed<K>, Change<A>>, CacheFlushListener<K, A>
{
  private context!: ProcessorContext<Windowed<K>, Change<A>>
  private downstream!: Downstream<Windowed<K>, Change<A>>
  private clock!: EventClock
  private store!: WindowStore<K, A>
  /** Set if rows are handed on when their windows have closed, not when they change. */
  private emission: FinalEmission<K, A> | undefined

  constructor(
    private readonly windows: TimeWindows,
    private readonly aggregation: Aggregation<K, V, A>,
    private readonly storeName: string,
  ) {}

  init(context: ProcessorContext<Windowed<K>, Change<A>>): void {
    this.context = context
    this.downstream = context.downstream
    this.clock = context.clock
    this.store = context.store(this.storeName)
    if (this.store.cached) this.store.onFlush(this)
    const { finals } = this.store
    if (finals !== undefined) this.emission = this.emissionOf(context, finals)
  }

  private emissionOf(
    context: ProcessorContext<Windowed<K>, Change<A>>,
    finals: FinalStore<K, A>,
  ): FinalEmission<K, A> {
    const { size } = this.windows
    const closedBefore = (closeTime: number): number => closeTime - size
    return new FinalEmission(context, finals, closedBefore, ({ key, windowStart, value, timestamp }) =>
      this.forward(key, windowStart, value, undefined, timestamp),
    )
  }

  process(key: K, value: V, timestamp: number): void {
    const { context, windows } = this
    if (key === null || key === undefined) {
      context.dropped('null-key')
      return
    }
    const closeTime = this.clock.observe(timestamp) - windows.graceMs
    const { advance, size } = windows
    for (let start = windows.firstStart(timestamp); start <= timestamp; start += advance) {
      if (windowEnd(start, size) <= closeTime) context.dropped('late')
      else this.updateWindow(start, key, value, timestamp)
    }
    if (this.emission !== undefined) this.emission.look(closeTime)
  }

  private updateWindow(start: number, key: K, value: V, timestamp: number): void {
    const entry = this.store.entry(key, start)
    if (entry === undefined) this.updateExpired(start, key, value, timestamp)
    else this.update(entry, key, value, timestamp)
  }

  /**
   * A window that is open by this operator's time, and gone from a store that another one writes (cogroup): it begins
   * anew, and is not kept.
   */
  private updateExpired(start: number, key: K, value: V, timestamp: number): void {
    let newValue: A | undefined
    try {
      newValue = this.aggregation.add(key, value, undefined)
    } catch (cause) {
      throw this.context.userError(cause)
    }
    this.forward(key, start, newValue, undefined, timestamp)
  }

  private update(entry: StoreEntry<K, A>, key: K, value: V, timestamp: number): void {
    const { context, store } = this
    const oldValue = entry.value
    const latest = Math.max(entry.timestamp, timestamp)
    let newValue: A | undefined
    try {
      newValue = this.aggregation.add(key, value, oldValue)
    } catch (cause) {
      throw context.userError(cause)
    }
    const { windowStart } = entry
    store.write(entry, newValue, latest, context.record.headers)
    if (this.emission !== undefined) this.emission.wrote(windowStart)
    else if (!store.cached) this.forward(key, windowStart, newValue, oldValue, latest)
  }

  flushed(entry: StoreEntry<K, A>, oldValue: A | undefined, headers: RecordHeaders, timestamp: number): void {
    const { record } = this.context
    const interrupted = record.headers
    record.headers = headers
    this.forward(entry.key, entry.windowStart, entry.value, oldValue, timestamp)
    record.headers = interrupted
  }

  private forward(
    key: K,
    start: number,
    newValue: A | undefined,
    oldValue: A | undefined,
    timestamp: number,
  ): void {
    const window = { start, end: windowEnd(start, this.windows.size) }
    const change = { newValue: newValue ?? null, oldValue: oldValue ?? null }
    this.downstream.process({ key, window }, change, timestamp)
  }
}

/**
 * Keeps an aggregate per key and window of a grid in a window store and hands on each change of it, with the greatest
 * timestamp of the records in it. As in Kafka Streams: a record is late for a window, and dropped there, if the
 * window's end is not after event time minus grace; the windows of a record change in the order of their start;
 * records without key are dropped; records without value are aggregated.
 */
export const windowAggregate =
  <K, V, A>(
    windows: TimeWindows,
    aggregation: Aggregation<K, V, A>,
    store: string,
  ): ProcessorSupplier<K, V, Windowed<K>, Change<A>> =>
  () =>
    new WindowAggregateProcessor(windows, aggregation, store)
