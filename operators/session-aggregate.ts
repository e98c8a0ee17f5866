import type { RecordHeaders } from '../src/serdes/record-headers.js'
import type { CacheFlushListener, FinalStore, SpanEntry, SpanStore } from '../src/state/store.js'
import type { EventClock } from '../src/time/event-clock.js'
import type { SessionWindows } from '../src/windows/session-windows.js'
import type { Windowed } from '../src/windows/window.js'
import type { Change } from './change.js'
import { FinalEmission } from './final-emission.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import type { SessionAggregation } from './session-aggregation.js'

class SessionAggregateProcessor<K, V, A>
  implements Processor<K, V, Windowed<K>, Change<A>>, CacheFlushListener<K, A>
{
  private context!: ProcessorContext<Windowed<K>, Change<A>>
  private downstream!: Downstream<Windowed<K>, Change<A>>
  private clock!: EventClock
  private store!: SpanStore<K, A>
  /** Set if rows are handed on when their sessions have closed, not when they change. */
  private emission: FinalEmission<K, A> | undefined
  /** The sessions that the record in hand joins. */
  private readonly joined: SpanEntry<K, A>[] = []

  constructor(
    private readonly windows: SessionWindows,
    private readonly aggregation: SessionAggregation<K, V, A>,
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
    const closedBefore = (closeTime: number): number => closeTime - 1
    return new FinalEmission(context, finals, closedBefore, (row) => {
      const { key, windowStart, windowEnd, value } = row as SpanEntry<K, A>
      this.forward(key, windowStart, windowEnd, value, undefined)
    })
  }

  process(key: K, value: V, timestamp: number): void {
    const { context } = this
    if (key === null || key === undefined) {
      context.dropped('null-key')
      return
    }
    const closeTime = this.clock.observe(timestamp) - this.windows.retention
    this.add(key, value, timestamp, closeTime)
    if (this.emission !== undefined) this.emission.look(closeTime)
  }

  private add(key: K, value: V, timestamp: number, closeTime: number): void {
    const { context, joined } = this
    this.join(key, timestamp)
    let start = timestamp
    let end = timestamp
    for (let index = 0; index < joined.length; index++) {
      start = Math.min(start, joined[index]!.windowStart)
      end = Math.max(end, joined[index]!.windowEnd)
    }
    if (end < closeTime) {
      context.dropped('late')
      return
    }
    const newValue = this.combined(key, value)
    // The one session that stays as it is gets its new value without being taken away before.
    if (start !== end) for (let index = 0; index < joined.length; index++) this.takeAway(key, joined[index]!)
    this.put(key, start, end, newValue)
  }

  /** Finds the sessions that end and start within the gap of a timestamp. */
  private join(key: K, timestamp: number): void {
    const { joined } = this
    const { gap } = this.windows
    joined.length = 0
    const found = this.store.range(key, timestamp - gap, Number.MAX_SAFE_INTEGER)
    for (let index = 0; index < found.length; index++) {
      if (found[index]!.windowStart <= timestamp + gap) joined.push(found[index]!)
    }
  }

  /** The aggregate of all joined sessions, in order, and the record. */
  private combined(key: K, value: V): A | undefined {
    const { aggregation, joined } = this
    try {
      let aggregate = aggregation.initial?.()
      for (let index = 0; index < joined.length; index++) {
        aggregate = aggregation.merge(key, aggregate, joined[index]!.value!)
      }
      return aggregation.add(key, value, aggregate)
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }

  private takeAway(key: K, session: SpanEntry<K, A>): void {
    const { store, context } = this
    const { value: oldValue, windowStart, windowEnd } = session
    store.write(session, undefined, windowEnd, context.record.headers)
    if (!store.cached && this.emission === undefined)
      this.forward(key, windowStart, windowEnd, undefined, oldValue)
  }

  private put(key: K, start: number, end: number, newValue: A | undefined): void {
    const { store, context } = this
    const entry = store.span(key, start, end)
    const oldValue = entry?.value
    if (entry !== undefined) store.write(entry, newValue, end, context.record.headers)
    if (this.emission !== undefined) this.emission.wrote(end)
    else if (entry === undefined || !store.cached) this.forward(key, start, end, newValue, oldValue)
  }

  flushed(entry: SpanEntry<K, A>, oldValue: A | undefined, headers: RecordHeaders): void {
    const { record } = this.context
    const interrupted = record.headers
    record.headers = headers
    this.forward(entry.key, entry.windowStart, entry.windowEnd, entry.value, oldValue)
    record.headers = interrupted
  }

  private forward(
    key: K,
    start: number,
    end: number,
    newValue: A | undefined,
    oldValue: A | undefined,
  ): void {
    const change = { newValue: newValue ?? null, oldValue: oldValue ?? null }
    this.downstream.process({ key, window: { start, end } }, change, end)
  }
}

/**
 * Keeps an aggregate per key and session in a session store and hands on each change of it, at the session's end. A
 * record joins all sessions that are within the gap of it: they are taken away, in order of their end, and the one
 * that they make with the record is put. As in Kafka Streams: a record is late, and dropped, if that session's end
 * is before event time minus grace and gap; records without key are dropped; those without value are aggregated.
 */
export const sessionAggregate =
  <K, V, A>(
    windows: SessionWindows,
    aggregation: SessionAggregation<K, V, A>,
    store: string,
  ): ProcessorSupplier<K, V, Windowed<K>, Change<A>> =>
  () =>
    new SessionAggregateProcessor(windows, aggregation, store)
