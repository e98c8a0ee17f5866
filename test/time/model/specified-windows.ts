import { Specified } from './specified-operator.js'

/** When rows of windows come out, and how long windows take records. */
export interface Closing {
  /** At every record of a window, or once, when nothing can change it any more but what is allowed to be late. */
  readonly emits: 'on update' | 'on close'
  readonly grace: number
  /** How long after its row has come out a window takes records, each of which has a new row come out. */
  readonly allowedLateness: number
}

interface Window {
  readonly key: string
  readonly start: number
  value: string
  latest: number
  emitted: boolean
}

/**
 * Windows of a length that begin at every multiple of `advance`, each with the records in it, in the order in which they
 * came. A window closes when event time has come to its end and grace. It takes records for as long as is allowed after
 * that. A record that no window takes goes to the late ones.
 */
export class SpecifiedWindows extends Specified {
  private readonly windows: Window[] = []

  constructor(
    private readonly size: number,
    private readonly advanceBy: number,
    private readonly closing: Closing,
  ) {
    super()
  }

  override take(_: string, key: string, value: string, timestamp: number, now: number): void {
    let taken = false
    for (let start = 0; start <= timestamp; start += this.advanceBy) {
      if (start + this.size <= timestamp) continue
      if (this.closesAt(start) + this.closing.allowedLateness <= now) this.late++
      else {
        taken = true
        this.add(key, value, timestamp, start, now)
      }
    }
    if (!taken) this.emitLate(key, value, timestamp)
  }

  override advance(now: number): void {
    if (this.closing.emits === 'on update') return
    for (const window of this.windows) {
      if (!window.emitted && this.closesAt(window.start) <= now) this.emitWindow(window)
    }
  }

  private add(key: string, value: string, timestamp: number, start: number, now: number): void {
    let window = this.windows.find((each) => each.key === key && each.start === start)
    if (window === undefined) {
      window = { key, start, value, latest: timestamp, emitted: false }
      this.windows.push(window)
    } else {
      window.value += ` ${value}`
      window.latest = Math.max(window.latest, timestamp)
    }
    if (this.closing.emits === 'on update' || this.closesAt(start) <= now) this.emitWindow(window)
  }

  private emitWindow(window: Window): void {
    window.emitted = true
    this.emit(window.key, `${window.start} ${window.value}`, window.latest)
  }

  private closesAt(start: number): number {
    return start + this.size + this.closing.grace
  }
}
