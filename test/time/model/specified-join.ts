import { Specified } from './specified-operator.js'

export interface SpecifiedJoinOptions {
  readonly left: string
  readonly before: number
  readonly after: number
  readonly grace: number
  /** Whether records of each side come out alone that meet none. */
  readonly keepsLeft: boolean
  readonly keepsRight: boolean
}

interface Kept {
  readonly isLeft: boolean
  readonly key: string
  readonly value: string
  readonly timestamp: number
  met: boolean
  alone: boolean
}

/**
 * Every two records of a key that are in time meet if the right one is at most `before` earlier and `after` later than
 * the left one. A record is late that is earlier than event time less grace. One that has met none comes out alone when
 * none can come any more for it that is in time, and not before.
 */
export class SpecifiedJoin extends Specified {
  private readonly kept: Kept[] = []

  constructor(private readonly options: SpecifiedJoinOptions) {
    super()
  }

  override take(topic: string, key: string, value: string, timestamp: number, now: number): void {
    if (timestamp < now - this.options.grace) {
      this.late++
      this.emitLate(key, value, timestamp)
      return
    }
    const record: Kept = {
      isLeft: topic === this.options.left,
      key,
      value,
      timestamp,
      met: false,
      alone: false,
    }
    for (const other of this.kept) {
      if (other.isLeft === record.isLeft || other.key !== key || !this.meet(record, other)) continue
      record.met = true
      other.met = true
      const [left, right] = record.isLeft ? [record, other] : [other, record]
      this.emit(key, `${left.value}+${right.value}`, Math.max(timestamp, other.timestamp))
    }
    this.kept.push(record)
    // Where the other side is always earlier or later, the last that could meet it may be past already.
    this.advance(now)
  }

  override advance(now: number): void {
    const { before, after, grace, keepsLeft, keepsRight } = this.options
    for (const record of this.kept) {
      const { isLeft, key, value, timestamp } = record
      if (record.met || record.alone || !(isLeft ? keepsLeft : keepsRight)) continue
      const lastPartner = timestamp + (isLeft ? after : before)
      if (lastPartner >= now - grace) continue
      record.alone = true
      this.emit(key, isLeft ? `${value}+null` : `null+${value}`, timestamp)
    }
  }

  private meet(one: Kept, two: Kept): boolean {
    const [left, right] = one.isLeft ? [one, two] : [two, one]
    const { before, after } = this.options
    return right.timestamp >= left.timestamp - before && right.timestamp <= left.timestamp + after
  }
}
