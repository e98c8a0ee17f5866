import { END_OF_TIME } from '../../../src/time/input-watermark.js'
import { Specified } from './specified-operator.js'
import type { SpecifiedTrigger, SpecifiedTriggers } from './specified-triggers.js'

/** Which windows there are. */
export type SpecifiedWindowing =
  | { readonly size: number; readonly advance: number; readonly grace: number }
  | { readonly gap: number; readonly grace: number }
  | 'global'

interface Pane {
  readonly key: string
  readonly start: number
  readonly end: number
  /** Of its records. */
  readonly latest: number
  readonly values: readonly string[]
  readonly trigger: SpecifiedTrigger
}

/**
 * Windows whose results come out when a trigger fires: all that has come, or what has come since. A window is gone when
 * everything up to its last timestamp and grace has come, and a record is late for one that is. A result is as old as the
 * latest record of its window, or as the time that has been reached in the window, if that is later: that of the trigger,
 * or, where the wall clock has it fire, event time. What is due at one time fires in order of keys.
 */
export class SpecifiedTriggeredWindows extends Specified {
  private panes: Pane[] = []
  private now = -1

  constructor(
    private readonly windowing: SpecifiedWindowing,
    private readonly triggers: SpecifiedTriggers,
    private readonly mode: 'accumulating' | 'discarding' = 'accumulating',
  ) {
    super()
  }

  override take(_: string, key: string, value: string, timestamp: number, now: number): void {
    this.now = now
    let taken = false
    for (const start of this.starts(timestamp)) {
      const { pane, of } = this.paneOf(key, start, timestamp, now)
      if (this.goneAfter(pane) < now) this.late++
      else {
        taken = true
        const latest = Math.max(pane.latest, timestamp)
        const taking = { ...pane, latest, values: [...pane.values, value] }
        this.panes = [...this.panes.filter((each) => !of.includes(each)), taking]
        if (pane.trigger.onRecord(value, timestamp, now, this.clock)) this.fire(taking, latest)
      }
    }
    if (!taken) this.emitLate(key, value, timestamp)
    this.fireDue(now)
    this.fireByClock()
  }

  override advance(now: number): void {
    this.now = now
    this.fireDue(now)
    this.panes = this.panes.filter((pane) => this.goneAfter(pane) >= now)
  }

  override pass(clock: number): void {
    super.pass(clock)
    this.fireByClock()
  }

  private fireDue(now: number): void {
    for (;;) {
      const [pane] = this.panes
        .filter(({ trigger }) => trigger.due < now)
        .sort((one, other) => one.trigger.due - other.trigger.due || (one.key < other.key ? -1 : 1))
      if (pane === undefined) return
      const { due } = pane.trigger
      pane.trigger.onDue(now)
      this.fire(pane, Math.max(pane.latest, Math.min(due, this.last(pane))))
    }
  }

  private fireByClock(): void {
    for (;;) {
      const [pane] = this.panes
        .filter(({ trigger }) => trigger.dueByClock <= this.clock)
        .sort(
          (one, other) => one.trigger.dueByClock - other.trigger.dueByClock || (one.key < other.key ? -1 : 1),
        )
      if (pane === undefined) return
      pane.trigger.onClock(this.clock)
      this.fire(pane, Math.max(pane.latest, Math.min(this.now, this.last(pane))))
    }
  }

  private fire(pane: Pane, timestamp: number): void {
    const { key, start, end, values } = pane
    if (values.length === 0) return
    this.emit(key, `${start}-${end} ${values.join(' ')}`, timestamp)
    if (this.mode === 'discarding') {
      this.panes = this.panes.map((each) => (each === pane ? { ...pane, values: [] } : each))
    }
  }

  private starts(timestamp: number): readonly number[] {
    const { windowing } = this
    if (windowing === 'global') return [0]
    if ('gap' in windowing) return [timestamp]
    const { size, advance } = windowing
    const starts: number[] = []
    for (let start = 0; start <= timestamp; start += advance) if (start + size > timestamp) starts.push(start)
    return starts
  }

  /** The window of a record: one that is there, a new one, or the session that it makes of others. */
  private paneOf(key: string, start: number, timestamp: number, now: number) {
    const { windowing } = this
    const end = windowing === 'global' ? END_OF_TIME : 'gap' in windowing ? timestamp : start + windowing.size
    const gap = windowing !== 'global' && 'gap' in windowing ? windowing.gap : undefined
    const near = this.panes
      .filter((each) => each.key === key)
      .filter((each) =>
        gap === undefined ? each.start === start : each.end >= start - gap && each.start <= end + gap,
      )
      .sort((one, other) => one.end - other.end)
    const window = {
      start: Math.min(start, ...near.map((each) => each.start)),
      end: Math.max(end, ...near.map((each) => each.end)),
    }
    const same = near.find((each) => each.start === window.start && each.end === window.end)
    const made = (): Pane => ({
      key,
      ...window,
      latest: Math.max(-1, ...near.map(({ latest }) => latest)),
      values: near.flatMap(({ values }) => values),
      trigger: this.triggers(
        this.last(window),
        near.map(({ trigger }) => trigger),
        now,
        this.clock,
      ),
    })
    return { pane: same ?? made(), of: near }
  }

  /** A session's end is its last record. */
  private last({ end }: Pick<Pane, 'end'>): number {
    const { windowing } = this
    return windowing !== 'global' && 'gap' in windowing ? end + windowing.gap : end - 1
  }

  private goneAfter(window: Pick<Pane, 'end'>): number {
    return this.windowing === 'global' ? Number.POSITIVE_INFINITY : this.last(window) + this.windowing.grace
  }
}
