import type { Alarm } from '../../operators/processor.js'
import type { Cancellable, PunctuationType } from '../../operators/processor-api.js'
import type { QuietTime } from '../time/quiet-time.js'
import type { UnfinishedWork } from './unfinished-work.js'

const NEVER = Number.POSITIVE_INFINITY

/** Something that is called again and again. */
interface Schedule {
  next: number
  readonly interval: number
  readonly fire: (timestamp: number) => void
  cancelled: boolean
}

/** The schedules of one task on one kind of time. */
class ScheduleQueue {
  private readonly schedules: Schedule[] = []
  /** When the next one is due; infinite: none. */
  due = NEVER

  add(first: number, interval: number, fire: (timestamp: number) => void): Cancellable {
    const schedule: Schedule = { next: first, interval, fire, cancelled: false }
    this.schedules.push(schedule)
    this.due = Math.min(this.due, first)
    return { cancel: () => this.cancel(schedule) }
  }

  /** A schedule that fires once when its time is set. */
  alarm(ring: () => void): Alarm {
    const schedule: Schedule = { next: NEVER, interval: NEVER, fire: ring, cancelled: false }
    this.schedules.push(schedule)
    return {
      set: (at) => {
        schedule.next = at
        this.due = this.earliest()?.next ?? NEVER
      },
    }
  }

  /** Fires what is due, the earliest first, each at most once. @returns whether anything was */
  fire(now: number): boolean {
    let fired = false
    for (let schedule = this.earliest(); schedule !== undefined && schedule.next <= now; ) {
      // On the grid of its first time: ticks that were missed are not made up for.
      schedule.next += (Math.floor((now - schedule.next) / schedule.interval) + 1) * schedule.interval
      schedule.fire(now)
      fired = true
      schedule = this.earliest()
    }
    this.due = this.earliest()?.next ?? NEVER
    return fired
  }

  private cancel(schedule: Schedule): void {
    if (schedule.cancelled) return
    schedule.cancelled = true
    this.schedules.splice(this.schedules.indexOf(schedule), 1)
    this.due = this.earliest()?.next ?? NEVER
  }

  private earliest(): Schedule | undefined {
    let earliest: Schedule | undefined
    for (const schedule of this.schedules) {
      if (earliest === undefined || schedule.next < earliest.next) earliest = schedule
    }
    return earliest
  }
}

/** The time of one task, and what is scheduled on it. */
export class TaskTime {
  /** The greatest timestamp read; -1 before the first record. With watermarks, how far they have come that were told. */
  streamTime: number
  /** By input with watermarks: how far its own has come that nobody is told of. */
  private readonly quiet: QuietTime[] = []
  private readonly onStreamTime = new ScheduleQueue()
  private readonly onWallClock = new ScheduleQueue()
  /** While processors begin: after a restart what stream time had fired before is not fired again. */
  private beginning = true

  /**
   * @param streamTime the one that was committed
   * @param work what a record has begun: it is over only when that is done, and schedules wait for it
   */
  constructor(
    private readonly now: () => number,
    streamTime: number,
    private readonly work: UnfinishedWork,
  ) {
    this.streamTime = streamTime
  }

  /** All processors have begun. */
  begun(): void {
    this.beginning = false
  }

  get systemTime(): number {
    return this.now()
  }

  /** Has it be as far as an input, from now on, where that is further. */
  follow(quiet: QuietTime): void {
    this.quiet.push(quiet)
  }

  /** How far stream time has come. */
  get reached(): number {
    return this.quiet.reduce((reached, { now }) => Math.max(reached, now), this.streamTime)
  }

  /** When stream time has something to fire; infinite: never. */
  get streamTimeFires(): number {
    return this.onStreamTime.due
  }

  schedule(interval: number, type: PunctuationType, fire: (timestamp: number) => void): Cancellable {
    if (type === 'wall-clock') return this.onWallClock.add(this.now() + interval, interval, fire)
    const passed = this.beginning && this.streamTime >= 0
    const first = passed ? (Math.floor(this.streamTime / interval) + 1) * interval : 0
    return this.onStreamTime.add(first, interval, fire)
  }

  /** An alarm of the wall clock. */
  alarm(ring: () => void): Alarm {
    return this.onWallClock.alarm(ring)
  }

  /** Whether stream time has a schedule to fire. */
  get streamTimeDue(): boolean {
    return !this.work.pending && this.streamTime >= this.onStreamTime.due
  }

  fireStreamTime(): void {
    this.onStreamTime.fire(this.streamTime)
  }

  /** Milliseconds until the wall clock has something to fire, not above 0: it has; infinite: never. */
  get timeToWallClock(): number {
    return this.work.pending ? NEVER : this.onWallClock.due - this.now()
  }

  /** @returns whether anything was due */
  fireWallClock(): boolean {
    return !this.work.pending && this.onWallClock.fire(this.now())
  }
}
