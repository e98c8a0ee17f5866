import type { TriggerContext } from './trigger.js'

/** What two triggers keep of a window. */
type Pair<L, R> = readonly [L | undefined, R | undefined]

/** What one of two triggers sees of their window: its part of what is kept, and the timers of both. */
export class PartContext<L, R> implements TriggerContext<never> {
  whole!: TriggerContext<Pair<L, R>>

  constructor(private readonly part: 0 | 1) {}

  of(whole: TriggerContext<Pair<L, R>>): TriggerContext<never> {
    this.whole = whole
    return this
  }

  get state(): never | undefined {
    return this.whole.state?.[this.part] as undefined
  }

  set state(value: undefined) {
    const { whole, part } = this
    const [left, right] = whole.state ?? [undefined, undefined]
    const next: Pair<L, R> = part === 0 ? [value, right] : [left, value]
    whole.state = next[0] === undefined && next[1] === undefined ? undefined : next
  }

  get window() {
    return this.whole.window
  }

  get maxTimestamp(): number {
    return this.whole.maxTimestamp
  }

  get currentEventTime(): number {
    return this.whole.currentEventTime
  }

  get currentProcessingTime(): number {
    return this.whole.currentProcessingTime
  }

  setEventTimer(timestamp: number): void {
    this.whole.setEventTimer(timestamp)
  }

  deleteEventTimer(timestamp: number): void {
    this.whole.deleteEventTimer(timestamp)
  }

  setProcessingTimer(timestamp: number): void {
    this.whole.setProcessingTimer(timestamp)
  }

  deleteProcessingTimer(timestamp: number): void {
    this.whole.deleteProcessingTimer(timestamp)
  }
}
