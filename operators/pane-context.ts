import { END_OF_TIME } from '../src/time/input-watermark.js'
import { isValidTimestamp } from '../src/time/timestamp-policies.js'
import type { Window, Windowed } from '../src/windows/window.js'
import type { TimerQueue } from './timer-queue.js'
import type { TimerType } from './timers.js'
import type { TriggerContext } from './trigger.js'
import type { WindowAssigner } from './window-assigner.js'

/** What a trigger has of the window that it is called for. */
export class PaneContext<K, S> implements TriggerContext<S> {
  window: Window = { start: 0, end: 0 }
  maxTimestamp = 0
  state: S | undefined
  private key!: K

  constructor(
    private readonly timers: TimerQueue<Windowed<K>>,
    private readonly windows: WindowAssigner,
  ) {}

  /** Turns to a window, with what is kept of it. */
  of(key: K, window: Window, maxTimestamp: number, state: S | undefined): this {
    this.key = key
    this.window = window
    this.maxTimestamp = maxTimestamp
    this.state = state
    return this
  }

  get currentEventTime(): number {
    return this.timers.currentEventTime
  }

  get currentProcessingTime(): number {
    return this.timers.currentProcessingTime
  }

  setEventTimer(timestamp: number): void {
    this.set('event-time', timestamp)
  }

  deleteEventTimer(timestamp: number): void {
    // At that one the window goes, whatever its trigger does.
    if (timestamp !== this.windows.goneAfter(this.window)) {
      this.timers.delete('event-time', this.windowed, timestamp)
    }
  }

  setProcessingTimer(timestamp: number): void {
    this.set('processing-time', timestamp)
  }

  deleteProcessingTimer(timestamp: number): void {
    this.timers.delete('processing-time', this.windowed, timestamp)
  }

  private set(type: TimerType, timestamp: number): void {
    if (!isValidTimestamp(timestamp)) {
      throw new RangeError(`a timer cannot be set for ${timestamp}: epoch milliseconds expected`)
    }
    // Behind the end of time there is nothing to come.
    if (timestamp < END_OF_TIME) this.timers.set(type, this.windowed, timestamp)
  }

  private get windowed(): Windowed<K> {
    const { key, window } = this
    return { key, window: { start: window.start, end: window.end } }
  }
}
