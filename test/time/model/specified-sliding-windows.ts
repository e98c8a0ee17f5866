import { Specified } from './specified-operator.js'

interface Kept {
  readonly key: string
  readonly value: string
  readonly timestamp: number
}

/**
 * Sliding windows where no record is late: each is as long as the difference, both ends in it. One ends at each record,
 * and one begins a millisecond after each record if there is any in it. A window comes out, once, when event time is past
 * its end and grace.
 */
export class SpecifiedSlidingWindows extends Specified {
  private readonly records: Kept[] = []
  private readonly emitted = new Set<string>()

  constructor(
    private readonly difference: number,
    private readonly grace: number,
  ) {
    super()
  }

  override take(_: string, key: string, value: string, timestamp: number, now: number): void {
    if (timestamp < now) throw new Error(`a record of ${timestamp} is late: event time has come to ${now}`)
    this.records.push({ key, value, timestamp })
  }

  override advance(now: number): void {
    for (const { key, timestamp } of this.records) {
      for (const start of [timestamp - this.difference, timestamp + 1]) this.close(key, start, now)
    }
  }

  private close(key: string, start: number, now: number): void {
    const end = start + this.difference
    const inside = this.records.filter(
      (each) => each.key === key && each.timestamp >= start && each.timestamp <= end,
    )
    const id = `${key} ${start}`
    if (end + this.grace >= now || inside.length === 0 || this.emitted.has(id)) return
    this.emitted.add(id)
    const values = inside.map(({ value }) => value).toSorted((a, b) => Number(a) - Number(b))
    this.emit(key, `${start} ${values.join(' ')}`, Math.max(...inside.map(({ timestamp }) => timestamp)))
  }
}
