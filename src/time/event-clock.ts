import { QuietTime } from './quiet-time.js'

/** Hears of event time that advances without a record. */
export interface TimeListener {
  /** Everything earlier than `now` has come. */
  timeAdvanced(now: number): void
  /**
   * Up to here it has nothing to do, and need not hear of time: it looks at the clock when a record comes. Changes while it
   * hears of time only. Absent: it is to hear of all.
   */
  readonly quietUntil?: number
}

/**
 * The time an operator decides by: which windows are closed, which records are late. Nothing earlier is expected.
 *
 * Operators know this port only. In stream-time mode each operator has its own clock that follows the greatest
 * timestamp that reached it (as in Kafka Streams, `observedStreamTime`); with watermarks what the task's watermark says
 * stands behind the same port, and it advances between records.
 */
export interface EventClock {
  /** Whether the time is that of the records that reach the operator, or comes from watermarks. */
  readonly follows: 'records' | 'watermarks'
  /** Takes note of a record's timestamp and returns the time after it. */
  observe(timestamp: number): number
  /** The present time; -1 before the first record. */
  readonly now: number
  /** Has a listener hear of time that watermarks bring; records bring theirs by `observe`. */
  onAdvance(listener: TimeListener): void
}

/** Stream time: the greatest timestamp observed. Never goes back. */
export class StreamTimeClock implements EventClock {
  readonly follows = 'records'

  /** @param now the time that was committed; -1: none */
  constructor(public now = -1) {}

  observe(timestamp: number): number {
    if (timestamp > this.now) this.now = timestamp
    return this.now
  }

  onAdvance(): void {}
}

/** The time that watermarks have brought to an operator. Records do not move it; it never goes back. */
export class WatermarkClock implements EventClock {
  readonly follows = 'watermarks'
  private readonly listeners: TimeListener[] = []
  /** The time of an input that nobody is told of, and how far behind it this one is. */
  private quiet = new QuietTime()
  private behind = 0

  /** @param told the time that was committed, and then what {@link advance} says; -1: none */
  constructor(private told = -1) {}

  get now(): number {
    return Math.max(this.quiet.now - this.behind, this.told)
  }

  observe(): number {
    return this.now
  }

  onAdvance(listener: TimeListener): void {
    this.listeners.push(listener)
  }

  /** Whether anything happens when the time moves on. */
  get listened(): boolean {
    return this.listeners.length > 0
  }

  /** Up to here nothing happens. */
  get quietUntil(): number {
    let until = Number.POSITIVE_INFINITY
    for (const { quietUntil = Number.NEGATIVE_INFINITY } of this.listeners)
      until = Math.min(until, quietUntil)
    return until
  }

  /**
   * Has it be as far as an input, from now on, where that is further than what it is told: it is not told of each time for
   * which nothing happens.
   *
   * @param behind how far behind the input it is, milliseconds
   */
  follow(quiet: QuietTime, behind: number): void {
    this.quiet = quiet
    this.behind = behind
  }

  /** Moves the time on, and has everything happen that it is time for. */
  advance(now: number): void {
    if (now <= this.now) return
    this.told = now
    const { listeners } = this
    for (let at = 0; at < listeners.length; at++) listeners[at]!.timeAdvanced(now)
  }
}
