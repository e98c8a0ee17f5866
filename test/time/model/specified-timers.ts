import { Specified } from './specified-operator.js'

/** What a processor does about timers at a record, or when one fires: sets them, and takes them back. */
export interface TimerOrders {
  readonly set: readonly number[]
  readonly remove: readonly number[]
}

export interface TimerRules {
  atRecord(value: string, timestamp: number): TimerOrders
  atTimer(timestamp: number): TimerOrders
}

/**
 * Timers of event time, one for each key and time. Each fires once, when everything up to its time has come, in order of
 * time, and of keys; one whose time has come already, when what set it is over. Each result has its number, and how far
 * event time had come.
 */
export class SpecifiedTimers extends Specified {
  private timers: { readonly key: string; readonly at: number }[] = []
  private fired = 0

  constructor(private readonly rules: TimerRules) {
    super()
  }

  override take(_: string, key: string, value: string, timestamp: number, now: number): void {
    this.follow(key, this.rules.atRecord(value, timestamp))
    this.advance(now)
  }

  override advance(now: number): void {
    for (;;) {
      const [first] = this.timers
        .filter(({ at }) => at < now)
        .sort((one, other) => one.at - other.at || (one.key < other.key ? -1 : 1))
      if (first === undefined) return
      const { key, at } = first
      this.timers = this.timers.filter((each) => each !== first)
      this.emit(key, `${++this.fired}. at ${at}, ${now - 1} has come`, at)
      this.follow(key, this.rules.atTimer(at))
    }
  }

  private follow(key: string, { set, remove }: TimerOrders): void {
    this.timers = this.timers.filter((each) => each.key !== key || !remove.includes(each.at))
    for (const at of set) {
      if (!this.timers.some((each) => each.key === key && each.at === at)) this.timers.push({ key, at })
    }
  }
}
