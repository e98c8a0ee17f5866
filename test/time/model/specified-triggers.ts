import { END_OF_TIME } from '../../../src/time/input-watermark.js'

/** A trigger of one window, in the words of docs/windows/triggers.md: what it knows, and when it fires. */
export interface SpecifiedTrigger {
  /** A record has come. @returns whether it fires */
  onRecord(value: string, timestamp: number, now: number): boolean
  /** It fires when everything up to this time has come, whether or not a record comes; infinite: it does not. */
  readonly due: number
  /** That time has come, and it fires; in fact it is `now`. */
  onDue(now: number): void
}

/**
 * A trigger of a new window.
 *
 * @param last the last timestamp of the window
 * @param merged those of the sessions that it was until now
 * @param now where event time is
 */
export type SpecifiedTriggers = (
  last: number,
  merged: readonly SpecifiedTrigger[],
  now: number,
) => SpecifiedTrigger

const NEVER = Number.POSITIVE_INFINITY

/** At every so many records, those of merged sessions, too, unless they have fired. */
class Count implements SpecifiedTrigger {
  readonly due = NEVER

  constructor(
    private readonly most: number,
    private records: number,
  ) {}

  onRecord(): boolean {
    this.records++
    if (this.records < this.most) return false
    this.records = 0
    return true
  }

  onDue(): void {}

  static of =
    (most: number): SpecifiedTriggers =>
    (_, merged) =>
      new Count(
        most,
        (merged as readonly Count[]).reduce((sum, { records }) => sum + records, 0),
      )
}

/** At a value that is further from the one that fired last than a threshold; the first only begins. */
class Delta implements SpecifiedTrigger {
  readonly due = NEVER
  private from: number | undefined

  constructor(private readonly threshold: number) {}

  onRecord(value: string): boolean {
    const { from } = this
    const far = from === undefined || Number(value) - from > this.threshold
    if (far) this.from = Number(value)
    return far && from !== undefined
  }

  onDue(): void {}

  static of =
    (threshold: number): SpecifiedTriggers =>
    () =>
      new Delta(threshold)
}

/**
 * At the multiples of an interval, from the first record on, and at the end; afterwards at each record. Sessions that
 * become one have the next firing of the first of them.
 */
class Continuous implements SpecifiedTrigger {
  due: number

  constructor(
    private readonly interval: number,
    private readonly last: number,
    private next: number | undefined,
  ) {
    this.due = next ?? NEVER
  }

  onRecord(_: string, timestamp: number, now: number): boolean {
    if (this.last < now) return true
    if (this.next === undefined) this.fireNext(timestamp - (timestamp % this.interval))
    return false
  }

  onDue(now: number): void {
    if (this.next === this.last) this.due = NEVER
    // The multiples between here and the end of time are not made up for.
    else if (now === END_OF_TIME && this.last === END_OF_TIME - 1) this.fireNext(this.last)
    else this.fireNext(this.next!)
  }

  private fireNext(from: number): void {
    this.next = Math.min(from + this.interval, this.last)
    this.due = this.next
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

  onRecord(value: string, timestamp: number, now: number): boolean {
    if (this.last < now) return this.late?.onRecord(value, timestamp, now) ?? true
    this.waits = true
    return this.early?.onRecord(value, timestamp, now) ?? false
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
    (last, merged, now) => {
      const all = merged as readonly AtEnd[]
      const of = (trigger: SpecifiedTriggers | undefined, part: 'early' | 'late', goesOn: boolean) =>
        trigger?.(last, goesOn ? all.map((each) => each[part]!) : [], now)
      // What was late is on time where the session has not ended any more.
      const ended = last < now
      return new AtEnd(last, of(early, 'early', true), of(late, 'late', ended), () => early?.(last, [], now))
    }
}

export const specifiedTriggers = {
  count: Count.of,
  delta: Delta.of,
  continuousEventTime: Continuous.of,
  eventTime: AtEnd.of,
}
