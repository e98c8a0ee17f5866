import { NO_HEADERS } from '../src/serdes/record-headers.js'
import type { OrderedStore, StoreEntry } from '../src/state/store.js'
import type { TimeListener } from '../src/time/event-clock.js'
import { END_OF_TIME } from '../src/time/input-watermark.js'
import type { Alarm, ProcessorContext, TimerCounts } from './processor.js'
import { putDown } from './record-in-hand.js'
import { OwnRowByRow, type OwnRows } from './steps.js'
import type { TimerKey } from './timer-key.js'
import type { TimerType } from './timers.js'

type TimerStore<K> = OrderedStore<TimerKey<K>, true>

/** No time: no timer is set. */
const NEVER = Number.POSITIVE_INFINITY

/** The timers of one kind of time. */
class TimersOfType<K> implements OwnRows {
  /** The time of the first one. */
  earliest: number
  /** Those before this time are due. */
  private before = -1
  private readonly firing: OwnRowByRow
  private readonly from: TimerKey<K>
  private readonly to: TimerKey<K>

  constructor(
    context: ProcessorContext<unknown, unknown>,
    private readonly store: TimerStore<K>,
    private readonly type: TimerType,
    private readonly fire: (type: TimerType, key: K, timestamp: number) => void,
    /** Hears of a first one that is another than before, unless timers fire. */
    private readonly firstChanged: (earliest: number) => void,
  ) {
    this.firing = new OwnRowByRow(context, this)
    this.from = { type, timestamp: 0 }
    this.to = { type, timestamp: END_OF_TIME + 1 }
    this.earliest = this.timeOf(this.first())
  }

  set(key: K, timestamp: number): void {
    const row = this.store.entry({ type: this.type, timestamp, key })
    if (row.value !== undefined) return
    this.store.write(row, true, timestamp, NO_HEADERS)
    if (timestamp < this.earliest) this.noteFirst(timestamp)
  }

  /** @returns whether there was one */
  delete(key: K, timestamp: number): boolean {
    const row = this.store.get({ type: this.type, timestamp, key })
    if (row === undefined) return false
    this.takeOff(row)
    return true
  }

  has(key: K, timestamp: number): boolean {
    return this.store.get({ type: this.type, timestamp, key }) !== undefined
  }

  /** Fires those before a time, with what they set before it. */
  fireBefore(time: number): void {
    this.before = time
    if (!this.firing.pending && this.earliest < time) this.firing.begin()
  }

  /** Fires at once what is left of those that are due. */
  finish(): void {
    this.firing.finish()
  }

  handOn(): boolean {
    if (this.earliest >= this.before) return false
    const row = this.first()!
    const { key, timestamp } = row.key
    // Before it fires: it may be set anew meanwhile, and is not to fire again where its function fails.
    this.takeOff(row)
    this.fire(this.type, key as K, timestamp)
    return true
  }

  over(): void {
    this.firstChanged(this.earliest)
  }

  private takeOff(row: StoreEntry<TimerKey<K>, true>): void {
    const { timestamp } = row.key
    this.store.write(row, undefined, timestamp, NO_HEADERS)
    if (timestamp === this.earliest) this.noteFirst(this.timeOf(this.first()))
  }

  private noteFirst(earliest: number): void {
    this.earliest = earliest
    if (!this.firing.pending) this.firstChanged(earliest)
  }

  private first(): StoreEntry<TimerKey<K>, true> | undefined {
    return this.store.range(this.from, this.to).next().value
  }

  private timeOf(row: StoreEntry<TimerKey<K>, true> | undefined): number {
    return row === undefined ? NEVER : row.key.timestamp
  }
}

/**
 * The timers of one operator. They lie in a store, in order of time; those that are due fire one after the other, in
 * steps, between which the task can commit: what has not fired then is in the store still.
 */
export class TimerQueue<K> implements TimeListener, TimerCounts {
  fired = 0
  private readonly store: TimerStore<K>
  private readonly onEventTime: TimersOfType<K>
  private readonly onProcessingTime: TimersOfType<K>
  private readonly alarm: Alarm

  /** @param onTimer what a timer does; no record is in hand */
  constructor(
    private readonly context: ProcessorContext<unknown, unknown>,
    store: string,
    private readonly onTimer: (type: TimerType, key: K, timestamp: number) => void,
  ) {
    const timers = context.store<TimerStore<K>>(store)
    this.store = timers
    const fire = (type: TimerType, key: K, timestamp: number): void => this.fire(type, key, timestamp)
    this.alarm = context.alarm(() => this.onProcessingTime.fireBefore(context.systemTime + 1))
    this.onEventTime = new TimersOfType(context, timers, 'event-time', fire, () => undefined)
    this.onProcessingTime = new TimersOfType(context, timers, 'processing-time', fire, (earliest) =>
      this.alarm.set(earliest),
    )
    context.clock.onAdvance(this)
    context.setsTimers(this)
  }

  get pending(): number {
    return this.store.count
  }

  /** Goes on where it was before a restart. */
  resume(): void {
    this.alarm.set(this.onProcessingTime.earliest)
    this.fireDue()
  }

  /** Ends what was begun, where a record comes before its steps: in the middle of another's. Then time is the record's. */
  begin(timestamp: number): void {
    this.onEventTime.finish()
    this.onProcessingTime.finish()
    this.context.clock.observe(timestamp)
  }

  /** Fires what event time has passed; the operator is done with the record in hand. */
  fireDue(): void {
    this.onEventTime.fireBefore(this.context.clock.now)
  }

  timeAdvanced(): void {
    this.fireDue()
  }

  /** Up to which event time everything has come to the operator; -1: nothing is known yet. */
  get currentEventTime(): number {
    return Math.max(-1, this.context.clock.now - 1)
  }

  get currentProcessingTime(): number {
    return this.context.systemTime
  }

  set(type: TimerType, key: K, timestamp: number): void {
    this.of(type).set(key, timestamp)
  }

  /** @returns whether there was one */
  delete(type: TimerType, key: K, timestamp: number): boolean {
    return this.of(type).delete(key, timestamp)
  }

  has(type: TimerType, key: K, timestamp: number): boolean {
    return this.of(type).has(key, timestamp)
  }

  private of(type: TimerType): TimersOfType<K> {
    return type === 'event-time' ? this.onEventTime : this.onProcessingTime
  }

  private fire(type: TimerType, key: K, timestamp: number): void {
    const { record } = this.context
    const interrupted = { ...record }
    this.fired++
    putDown(record)
    try {
      this.onTimer(type, key, timestamp)
    } finally {
      Object.assign(record, interrupted)
    }
    // Event time does not come to what the clock has set for a time that has passed.
    if (type === 'processing-time') this.fireDue()
  }
}
