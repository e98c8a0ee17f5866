import type { SpanEntry } from '../src/state/store.js'
import type { SessionWindows } from '../src/windows/session-windows.js'
import type { Windowed } from '../src/windows/window.js'
import type { Change } from './change.js'
import type { ProcessorSupplier } from './processor.js'
import type { SessionAggregation } from './session-aggregation.js'
import { CLOSED_FOR_GOOD, SpanAggregate, type WindowClosing } from './windowed-aggregate.js'

class SessionAggregateProcessor<K, V, A> extends SpanAggregate<K, V, A> {
  /** The sessions that the record in hand joins. */
  private readonly joined: SpanEntry<K, A>[] = []

  constructor(
    private readonly windows: SessionWindows,
    private readonly sessions: SessionAggregation<K, V, A>,
    store: string,
    closing: WindowClosing,
  ) {
    super(sessions, store, windows.retention, closing)
  }

  protected override take(key: K, value: V, timestamp: number): void {
    const { joined } = this
    this.expire()
    this.join(key, timestamp)
    let start = timestamp
    let end = timestamp
    for (let index = 0; index < joined.length; index++) {
      start = Math.min(start, joined[index]!.windowStart)
      end = Math.max(end, joined[index]!.windowEnd)
    }
    if (end < this.closeTime) {
      this.dropLate()
      return
    }
    const newValue = this.add(key, value, this.merged(key))
    // The one session that stays as it is gets its new value without being taken away before.
    if (start !== end) for (let index = 0; index < joined.length; index++) this.takeAway(joined[index]!)
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

  /** The aggregate of all joined sessions, in order. */
  private merged(key: K): A | undefined {
    const { sessions, joined } = this
    try {
      let aggregate = sessions.initial?.()
      for (let index = 0; index < joined.length; index++) {
        aggregate = sessions.merge(key, aggregate, joined[index]!.value!)
      }
      return aggregate
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }

  private takeAway(session: SpanEntry<K, A>): void {
    this.write(session, undefined, session.windowEnd)
  }

  private put(key: K, start: number, end: number, newValue: A | undefined): void {
    const row = this.store.span(key, start, end)
    if (row !== undefined) this.write(row, newValue, end)
    else this.forwardUnkept(key, start, end, newValue, end)
  }

  protected override closedBefore(closeTime: number): number {
    return closeTime - 1
  }

  protected override positionOf({ windowEnd }: SpanEntry<K, A>): number {
    return windowEnd
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
    closing: WindowClosing = CLOSED_FOR_GOOD,
  ): ProcessorSupplier<K, V, Windowed<K>, Change<A>> =>
  () =>
    new SessionAggregateProcessor(windows, aggregation, store, closing)
