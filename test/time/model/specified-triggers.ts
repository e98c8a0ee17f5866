import { END_OF_TIME } from '../../../src/time/input-watermark.js'

/** A trigger of one window, in the words of docs/windows/triggers.md: what it knows, and when it fires. */
export interface SpecifiedTrigger {
  /** A record has come. @returns whether it fires */
  onRecord(value: string, timestamp: number, now: number, clock: number): boolean
  /** It fires when everything up to this time has come, whether or not a record comes; infinite: it does not. */
  readonly due: number
  /** That time has come, and it fires; in fact it is `now`. */
  onDue(now: number): void
  /** It fires when the wall clock has come to this time. */
  readonly dueByClock: number
  /** The clock has, and it fires; in fact it shows `clock`. */
  onClock(clock: number): void
}

/**
 * A trigger of a new window.
 *
 * @param last the last timestamp of the window
 * @param merged those of the sessions that it was until now
 * @param now where event time is
 * @param clock where the wall clock is
 */
export type SpecifiedTriggers = (
  last: number,
  merged: readonly SpecifiedTrigger[],
  now: number,
  clock: number,
) => SpecifiedTrigger

const NEVER = Number.POSITIVE_INFINITY

/** A trigger that fires at records, and where it says so at times. */
abstract class AtRecords implements SpecifiedTrigger {
  abstract onRecord(value: string, timestamp: number, now: number, clock: number): boolean

  get due(): number {
    return NEVER
  }

  onDue(_now: number): void {}

  get dueByClock(): number {
    return NEVER
  }

  onClock(_clock: number): void {}
}

/** At every so many records, those of merged sessions, too, unless they have fired. */
class Count extends AtRecords {
  constructor(
    private readonly most: number,
    private records: number,
  ) {
    super()
  }

  onRecord(): boolean {
    this.records++
    if (this.records < this.most) return false
    this.records = 0
    return true
  }

  static of =
    (most: number): SpecifiedTriggers =>
    (_, merged) =>
      new Count(
        most,
        (merged as readonly Count[]).reduce((sum, { records }) => sum + records, 0),
      )
}

/** At a value that is further from the one that fired last than a threshold; the first only begins. */
class Delta extends AtRecords {
  private from: number | undefined

  constructor(private readonly threshold: number) {
    super()
  }

  onRecord(value: string): boolean {
    const { from } = this
    const far = from === undefined || Number(value) - from > this.threshold
    if (far) this.from = Number(value)
    return far && from !== undefined
  }

  static of =
    (threshold: number): SpecifiedTriggers =>
    () =>
      new Delta(threshold)
}

/**
 * At the multiples of an interval, from the first record on, and at the end; afterwards at each record. Sessions that
 * become one have the next firing of the first of them.
 */
class Continuous extends AtRecords {
  private fires: number

  constructor(
    private readonly interval: number,
    private readonly last: number,
    private next: number | undefined,
  ) {
    super()
    this.fires = next ?? NEVER
  }

  override get due(): number {
    return this.fires
  }

  onRecord(_: string, timestamp: number, now: number): boolean {
    if (this.last < now) return true
    if (this.next === undefined) this.fireNext(timestamp - (timestamp % this.interval))
    return false
  }

  override onDue(now: number): void {
    if (this.next === this.last) this.fires = NEVER
    // The multiples between here and the end of time are not made up for.
    else if (now === END_OF_TIME && this.last === END_OF_TIME - 1) this.fireNext(this.last)
    else this.fireNext(this.next!)
  }

  private fireNext(from: number): void {
    this.next = Math.min(from + this.interval, this.last)
    this.fires = this.next
  }

  static of =
    (interval: number): SpecifiedTriggers =>
    (last, merged) => {
      const next = Math.min(...(merged as readonly Continuous[]).map((each) => each.next ?? NEVER))
      return new Continuous(interval, last, next === NEVER ? undefined : next)
    }
}

/** At the end; before it when one trigger fires, which ends there, and after it when another does, or at each record. */
class AtEnd implements SpecifiedTrigger {
  private waits = false

  constructor(
    private readonly last: number,
    private early: SpecifiedTrigger | undefined,
    private readonly late: SpecifiedTrigger | undefined,
    private readonly newEarly: () => SpecifiedTrigger | undefined,
  ) {}

  onRecord(value: string, timestamp: number, now: number, clock: number): boolean {
    if (this.last < now) return this.late?.onRecord(value, timestamp, now, clock) ?? true
    this.waits = true
    return this.early?.onRecord(value, timestamp, now, clock) ?? false
  }

  /** Before the end the late one has met nothing, and the early one begins anew there. */
  get dueByClock(): number {
    return Math.min(this.early?.dueByClock ?? NEVER, this.late?.dueByClock ?? NEVER)
  }

  onClock(clock: number): void {
    for (const each of [this.early, this.late]) if ((each?.dueByClock ?? NEVER) <= clock) each!.onClock(clock)
  }

  get due(): number {
    const early = this.early?.due ?? NEVER
    if (early < this.last) return early
    return this.waits ? this.last : NEVER
  }

  onDue(now: number): void {
    if (this.due < this.last) this.early!.onDue(now)
    else {
      this.waits = false
      this.early = this.newEarly()
    }
  }

  static of =
    (early?: SpecifiedTriggers, late?: SpecifiedTriggers): SpecifiedTriggers =>
    (last, merged, now, clock) => {
      const all = merged as readonly AtEnd[]
      const of = (trigger: SpecifiedTriggers | undefined, part: 'early' | 'late', goesOn: boolean) =>
        trigger?.(last, goesOn ? all.map((each) => each[part]!) : [], now, clock)
      // What was late is on time where the session has not ended any more.
      const ended = last < now
      return new AtEnd(last, of(early, 'early', true), of(late, 'late', ended), () =>
        early?.(last, [], now, clock),
      )
    }
}

/** When the clock has come to the end of the window, and at once at what comes later; a session that grows waits anew. */
class ByClock extends AtRecords {
  constructor(
    private readonly last: number,
    private waits: boolean,
  ) {
    super()
  }

  onRecord(): boolean {
    this.waits = true
    return false
  }

  override get dueByClock(): number {
    return this.waits ? this.last : NEVER
  }

  override onClock(): void {
    this.waits = false
  }

  static of: SpecifiedTriggers = (last) => new ByClock(last, false)
}

/** At the multiples of an interval of the clock, from the first record on; those that were missed are one. */
class ContinuousByClock extends AtRecords {
  constructor(
    private readonly interval: number,
    private next: number,
  ) {
    super()
  }

  onRecord(_: string, __: number, ___: number, clock: number): boolean {
    if (this.next === NEVER) this.fireAfter(clock)
    return false
  }

  override get dueByClock(): number {
    return this.next
  }

  override onClock(clock: number): void {
    this.fireAfter(clock)
  }

  private fireAfter(clock: number): void {
    this.next = clock - (clock % this.interval) + this.interval
  }

  static of =
    (interval: number): SpecifiedTriggers =>
    (_, merged) => {
      const all = merged as readonly ContinuousByClock[]
      return new ContinuousByClock(interval, Math.min(NEVER, ...all.map(({ next }) => next)))
    }
}

/** When another one does, and some time after the first record since then, or the last; then both begin anew. */
class Timeout implements SpecifiedTrigger {
  constructor(
    private inner: SpecifiedTrigger,
    private readonly anew: () => SpecifiedTrigger,
    private readonly timeout: number,
    private readonly renew: boolean,
    private end: number,
  ) {}

  onRecord(value: string, timestamp: number, now: number, clock: number): boolean {
    if (this.inner.onRecord(value, timestamp, now, clock)) {
      this.begin()
      return true
    }
    if (this.renew || this.end === NEVER) this.end = clock + this.timeout
    return false
  }

  get due(): number {
    return this.inner.due
  }

  onDue(): void {
    this.begin()
  }

  get dueByClock(): number {
    return Math.min(this.end, this.inner.dueByClock)
  }

  onClock(): void {
    this.begin()
  }

  private begin(): void {
    this.inner = this.anew()
    this.end = NEVER
  }

  static of =
    (trigger: SpecifiedTriggers, timeout: number, renew: boolean): SpecifiedTriggers =>
    (last, merged, now, clock) => {
      const all = merged as readonly Timeout[]
      const inner = trigger(
        last,
        all.map((each) => each.inner),
        now,
        clock,
      )
      const anew = () => trigger(last, [], now, clock)
      return new Timeout(inner, anew, timeout, renew, Math.min(NEVER, ...all.map(({ end }) => end)))
    }
}

export const specifiedTriggers = {
  count: Count.of,
  delta: Delta.of,
  continuousEventTime: Continuous.of,
  eventTime: AtEnd.of,
  processingTime: ByClock.of,
  continuousProcessingTime: ContinuousByClock.of,
  processingTimeout: Timeout.of,
}
