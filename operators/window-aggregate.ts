import type { RecordHeaders } from '../src/serdes/record-headers.js'
import type { CacheFlushListener, StoreEntry, WindowStore } from '../src/state/store.js'
import type { EventClock } from '../src/time/event-clock.js'
import type { TumblingWindows } from '../src/windows/tumbling-windows.js'
import { type Windowed, windowEnd } from '../src/windows/window.js'
import type { Aggregation } from './aggregation.js'
import type { Change } from './change.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'

class WindowAggregateProcessor<K, V, A>
  implements Processor<K, V, Windowed<K>, Change<A>>, CacheFlushListener<K, A>
{
  private context!: ProcessorContext<Windowed<K>, Change<A>>
  private downstream!: Downstream<Windowed<K>, Change<A>>
  private clock!: EventClock
  private store!: WindowStore<K, A>

  constructor(
    private readonly windows: TumblingWindows,
    private readonly aggregation: Aggregation<K, V, A>,
    private readonly storeName: string,
  ) {}

  init(context: ProcessorContext<Windowed<K>, Change<A>>): void {
    this.context = context
    this.downstream = context.downstream
    this.clock = context.clock
    this.store = context.store(this.storeName)
    if (this.store.cached) this.store.onFlush(this)
  }

  process(key: K, value: V, timestamp: number): void {
    const { context, windows } = this
    if (key === null || key === undefined) {
      context.dropped('null-key')
      return
    }
    const now = this.clock.observe(timestamp)
    const start = windows.startOf(timestamp)
    if (windowEnd(start, windows.size) <= now - windows.graceMs) {
      context.dropped('late')
      return
    }
    const entry = this.store.entry(key, start)
    if (entry === undefined) context.dropped('expired')
    else this.update(entry, key, value, timestamp)
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
    if (!store.cached) this.forward(key, windowStart, newValue, oldValue, latest)
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
 * Keeps an aggregate per key and tumbling window in a window store and hands on each change of it, with the greatest
 * timestamp of the records in it. As in Kafka Streams: a record is late, and dropped, if its window's end is not
 * after event time minus grace; records without key are dropped; records without value are aggregated.
 */
export const windowAggregate =
  <K, V, A>(
    windows: TumblingWindows,
    aggregation: Aggregation<K, V, A>,
    store: string,
  ): ProcessorSupplier<K, V, Windowed<K>, Change<A>> =>
  () =>
    new WindowAggregateProcessor(windows, aggregation, store)
