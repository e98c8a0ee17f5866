import type { TimerType } from '../../../src/index.js'
import { Specified } from './specified-operator.js'

/** Times at which timers of one type are set, and taken back. */
export interface TimesOfTimers {
  readonly set: readonly number[]
  readonly remove: readonly number[]
}

/** What a processor does about timers at a record, or when one fires: those of event time, and those of the clock. */
export interface TimerOrders extends TimesOfTimers {
  readonly byClock?: TimesOfTimers
}

export interface TimerRules {
  atRecord(value: string, timestamp: number, clock: number): TimerOrders
  atTimer(timestamp: number, type: TimerType, clock: number): TimerOrders
}

interface SpecifiedTimer {
  readonly type: TimerType
  readonly key: string
  readonly at: number
}

/**
 * Timers, one for each type, key and time. Each fires once, when everything up to its time has come, or the wall clock has,
 * in order of time, and of keys; one whose time has come already, when what set it is over. Each result has its number, and
 * how far event time or the clock had come.
 */
export class SpecifiedTimers extends Specified {
  private timers: SpecifiedTimer[] = []
  private fired = 0
  private now = -1

  constructor(private readonly rules: TimerRules) {
    super()
  }

  override take(_: string, key: string, value: string, timestamp: number, now: number): void {
    this.follow(key, this.rules.atRecord(value, timestamp, this.clock))
    this.advance(now)
  }

  override advance(now: number): void {
    this.now = now
    this.fireByEventTime()
    this.fireByClock()
  }

  override pass(clock: number): void {
    super.pass(clock)
    this.fireByClock()
  }

  private fireByEventTime(): void {
    for (;;) {
      const first = this.first('event-time', this.now - 1)
      if (first === undefined) return
      this.fire(first, `at ${first.at}, ${this.now - 1} has come`)
    }
  }

  private fireByClock(): void {
    for (;;) {
      const first = this.first('processing-time', this.clock)
      if (first === undefined) return
      this.fire(first, `by the clock at ${first.at}, it is ${this.clock}`)
      this.fireByEventTime()
    }
  }

  private fire(timer: SpecifiedTimer, when: string): void {
    const { key, at, type } = timer
    this.timers = this.timers.filter((each) => each !== timer)
    this.emit(key, `${++this.fired}. ${when}`, at)
    this.follow(key, this.rules.atTimer(at, type, this.clock))
  }

  private first(type: TimerType, until: number): SpecifiedTimer | undefined {
    return this.timers
      .filter((each) => each.type === type && each.at <= until)
      .sort((one, other) => one.at - other.at || (one.key < other.key ? -1 : 1))[0]
  }

  private follow(key: string, { byClock, ...byEventTime }: TimerOrders): void {
    this.change('event-time', key, byEventTime)
    if (byClock !== undefined) this.change('processing-time', key, byClock)
  }

  private change(type: TimerType, key: string, { set, remove }: TimesOfTimers): void {
    const isOf = (each: SpecifiedTimer): boolean => each.type === type && each.key === key
    this.timers = this.timers.filter((each) => !isOf(each) || !remove.includes(each.at))
    for (const at of set) {
      if (!this.timers.some((each) => isOf(each) && each.at === at)) this.timers.push({ type, key, at })
    }
  }
}
