import { Specified } from './specified-operator.js'
import type { Closing } from './specified-windows.js'

interface Session {
  readonly key: string
  readonly start: number
  readonly end: number
  readonly value: string
  emitted: boolean
}

/**
 * Sessions: what is no further apart than a gap. A record makes one session of all that it is near to, in order of their
 * ends. A session closes when event time is past its end, gap and grace; a record is late whose session, with it, has
 * been closed for longer than is allowed. A row that has come out is taken back when its session grows.
 */
export class SpecifiedSessions extends Specified {
  private sessions: Session[] = []

  constructor(
    private readonly gap: number,
    private readonly closing: Closing,
  ) {
    super()
  }

  override take(_: string, key: string, value: string, timestamp: number, now: number): void {
    const { gap } = this
    const near = this.sessions
      .filter((each) => each.key === key && each.end >= timestamp - gap && each.start <= timestamp + gap)
      .sort((a, b) => a.end - b.end)
    const start = Math.min(timestamp, ...near.map((each) => each.start))
    const end = Math.max(timestamp, ...near.map((each) => each.end))
    if (this.closesAt(end) + this.closing.allowedLateness <= now) {
      this.late++
      this.emitLate(key, value, timestamp)
      return
    }
    this.sessions = this.sessions.filter((each) => !near.includes(each))
    // One that stays a single moment gets its new value in place.
    if (start !== end) for (const each of near) if (each.emitted) this.emit(key, null, each.end)
    const merged = [...near.map((each) => each.value), value].join(' ')
    const session = { key, start, end, value: merged, emitted: false }
    this.sessions.push(session)
    if (this.closing.emits === 'on update' || this.closesAt(end) <= now) this.emitSession(session)
  }

  override advance(now: number): void {
    if (this.closing.emits === 'on close') {
      for (const each of this.sessions)
        if (!each.emitted && this.closesAt(each.end) <= now) this.emitSession(each)
    }
    this.sessions = this.sessions.filter(
      (each) => this.closesAt(each.end) + this.closing.allowedLateness > now,
    )
  }

  private emitSession(session: Session): void {
    session.emitted = true
    this.emit(session.key, `${session.start}-${session.end} ${session.value}`, session.end)
  }

  /** A session's end is its last moment. */
  private closesAt(end: number): number {
    return end + 1 + this.gap + this.closing.grace
  }
}
