import type { RecordHeaders } from '../src/serdes/record-headers.js'
import type { CacheFlushListener, SpanEntry, SpanStore, StoreEntry, WindowStore } from '../src/state/store.js'
import type { EventClock, TimeListener } from '../src/time/event-clock.js'
import type { Windowed } from '../src/windows/window.js'
import type { Aggregation } from './aggregation.js'
import type { Change } from './change.js'
import { FinalEmission } from './final-emission.js'
import { LateRecords } from './late-records.js'
import type { Downstream, Processor, ProcessorContext } from './processor.js'

/** Rows of windows that take no record any more are let go this many times in the life of one. */
const EXPIRIES = 16

/** What the close of windows is to an aggregation. */
export interface WindowClosing {
  /** How long after its close a window takes records still, each of which hands its result on anew, milliseconds. */
  readonly allowed: number
  /** Name of the child that takes the records that come later still; undefined: they are dropped. */
  readonly lateOutput?: string | undefined
  /**
   * Whether another operator on the same store, which has the same time and progress, hears for this one of event time
   * that advances, and goes on after a restart with what either has begun (cogroup).
   */
  readonly led?: boolean | undefined
}

/** Once it is closed a window takes nothing. */
export const CLOSED_FOR_GOOD: WindowClosing = { allowed: 0 }

/**
 * What aggregations by window have in common, whatever their windows: an aggregate per key and window in a store, each
 * change of which is handed on at once, when the record cache lets go of it, or when its window has closed.
 *
 * @template E a row of the store
 */
export abstract class WindowedAggregate<
  K,
  V,
  A,
  E extends StoreEntry<K, A>,
  S extends WindowStore<K, A> | SpanStore<K, A>,
> implements Processor<K, V, Windowed<K>, Change<A>>, CacheFlushListener<K, A>, TimeListener
{
  protected context!: ProcessorContext<Windowed<K>, Change<A>>
  protected store!: S
  /** Before this time everything is closed, and what comes for it is late. */
  protected closeTime = -1
  private late!: LateRecords<K, V>
  /** Whether the record in hand was late for a window, and whether one took it. */
  private wasLate = false
  private wasTaken = false
  private downstream!: Downstream<Windowed<K>, Change<A>>
  private clock!: EventClock
  /** Set if rows are handed on when their windows have closed, not when they change. */
  private emission: FinalEmission<K, A> | undefined
  /** Until then it need not hear of time. */
  quietUntil = Number.NEGATIVE_INFINITY

  constructor(
    private readonly aggregation: Aggregation<K, V, A>,
    private readonly storeName: string,
    /** How long after its end a window, or the gap of a session, closes, milliseconds of event time. */
    private readonly closesAfter: number,
    private readonly closing: WindowClosing,
  ) {}

  init(context: ProcessorContext<Windowed<K>, Change<A>>): void {
    this.context = context
    this.downstream = context.downstream
    this.clock = context.clock
    this.late = new LateRecords(context, this.closing.lateOutput)
    this.store = context.store<S>(this.storeName)
    const leads = this.closing.led !== true
    if (leads) this.clock.onAdvance(this)
    if (this.store.cached) this.store.onFlush(this)
    if (this.store.finals === undefined) return
    const closedBefore = (closeTime: number): number => this.closedBefore(closeTime)
    const handOn = (row: StoreEntry<K, A>): void => this.handOn(row as E, row.value, undefined, row.timestamp)
    const again = this.closing.allowed > 0
    this.emission = new FinalEmission(context, this.store, closedBefore, handOn, again)
    if (leads) this.emission.resume()
  }

  /** A row that is handed on at the last lies where its window begins, or where its session ends. */
  get holdsBack(): number {
    return this.emission === undefined ? 0 : this.lifetime
  }

  /** How long after the place of its row a window closes, milliseconds of event time. */
  private get lifetime(): number {
    return -this.closedBefore(-this.closesAfter)
  }

  process(key: K, value: V, timestamp: number): void {
    if (key === null || key === undefined) {
      this.context.dropped('null-key')
      return
    }
    this.emission?.finish()
    const closeTime = this.clock.observe(timestamp) - this.closesAfter
    this.closeTime = closeTime - this.closing.allowed
    this.wasLate = false
    this.wasTaken = false
    this.take(key, value, timestamp)
    if (this.wasLate && !this.wasTaken) this.late.handOn(key, value, timestamp)
    if (this.clock.follows === 'records') this.emission?.look(closeTime)
  }

  timeAdvanced(now: number): void {
    if (this.emission !== undefined) {
      this.emission.advance(now - this.closesAfter)
      return
    }
    this.store.expireBy(now - 1)
    this.quietUntil = now + this.lifetime / EXPIRIES
  }

  /** Takes a record into the windows that it is in. */
  protected abstract take(key: K, value: V, timestamp: number): void

  /**
   * Has the rows expire that are to have by the time of the record in hand: for windows that look at other ones. A record
   * of a window that is open meets no row that has expired.
   */
  protected expire(): void {
    const { clock, emission, store } = this
    if (emission === undefined && clock.follows === 'watermarks') store.expireBy(clock.now - 1)
  }

  /** Where the rows lie at most that have closed at a close time; see {@link FinalEmission}. */
  protected abstract closedBefore(closeTime: number): number

  /** Where a row lies in its store: where its window starts, or where its session ends. */
  protected abstract positionOf(row: E): number

  protected abstract endOf(row: E): number

  /** Counts the record in hand as late for a window. */
  protected dropLate(): void {
    this.wasLate = true
    this.context.dropped('late')
  }

  /** The aggregate of a window with the record in hand in it. */
  protected add(key: K, value: V, aggregate: A | undefined): A | undefined {
    this.wasTaken = true
    try {
      return this.aggregation.add(key, value, aggregate)
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }

  /** Sets the aggregate of a row, and hands it on unless that is done later. */
  protected write(row: E, newValue: A | undefined, timestamp: number): void {
    const { store, context, emission } = this
    const oldValue = row.value
    const position = this.positionOf(row)
    store.write(row, newValue, timestamp, context.record.headers)
    const waits = emission === undefined ? store.cached : emission.wrote(position)
    if (!waits) this.handOn(row, newValue, oldValue, timestamp)
  }

  flushed(row: StoreEntry<K, A>, oldValue: A | undefined, headers: RecordHeaders, timestamp: number): void {
    const { record } = this.context
    const interrupted = record.headers
    record.headers = headers
    this.handOn(row as E, row.value, oldValue, timestamp)
    record.headers = interrupted
  }

  private handOn(row: E, newValue: A | undefined, oldValue: A | undefined, timestamp: number): void {
    this.forward(row.key, row.windowStart, this.endOf(row), newValue, oldValue, timestamp)
  }

  /**
   * Hands on a window that is open by this operator's time, and gone from the store, which another one writes, too
   * (cogroup in stream time): it begins anew, and is not kept.
   */
  protected forwardUnkept(
    key: K,
    start: number,
    end: number,
    newValue: A | undefined,
    timestamp: number,
  ): void {
    this.context.dropped('expired')
    this.forward(key, start, end, newValue, undefined, timestamp)
  }

  private forward(
    key: K,
    start: number,
    end: number,
    newValue: A | undefined,
    oldValue: A | undefined,
    timestamp: number,
  ): void {
    const change = { newValue: newValue ?? null, oldValue: oldValue ?? null }
    this.downstream.process({ key, window: { start, end } }, change, timestamp)
  }
}

/** Such an aggregation whose rows know their ends. */
export abstract class SpanAggregate<K, V, A> extends WindowedAggregate<
  K,
  V,
  A,
  SpanEntry<K, A>,
  SpanStore<K, A>
> {
  protected override endOf({ windowEnd }: SpanEntry<K, A>): number {
    return windowEnd
  }
}
