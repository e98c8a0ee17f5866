import { END_OF_TIME } from '../src/time/input-watermark.js'
import { isValidTimestamp } from '../src/time/timestamp-policies.js'
import type { ProcessorContext } from './processor.js'
import { TimerQueue } from './timer-queue.js'
import type { Timer, Timers, TimersDeclaration, TimerType } from './timers.js'

/** The timers of a processor of the user's, as it sees them. */
export class UserTimers<K> implements Timers<K> {
  readonly queue: TimerQueue<K>

  constructor(
    context: ProcessorContext<unknown, unknown>,
    readonly declaration: TimersDeclaration<K>,
    onTimer: (timer: Timer<K>) => void,
  ) {
    this.queue = new TimerQueue(context, declaration.name, (type, key, timestamp) =>
      onTimer({ key: key!, timestamp, type }),
    )
  }

  get currentEventTime(): number {
    return this.queue.currentEventTime
  }

  get currentProcessingTime(): number {
    return this.queue.currentProcessingTime
  }

  set(type: TimerType, key: K, timestamp: number): void {
    this.check(type, key, timestamp)
    this.queue.set(type, key, timestamp)
  }

  delete(type: TimerType, key: K, timestamp: number): boolean {
    this.check(type, key, timestamp)
    return this.queue.delete(type, key, timestamp)
  }

  has(type: TimerType, key: K, timestamp: number): boolean {
    this.check(type, key, timestamp)
    return this.queue.has(type, key, timestamp)
  }

  private check(type: TimerType, key: K, timestamp: number): void {
    if (type !== 'event-time' && type !== 'processing-time') {
      throw new TypeError(`'${String(type)}' is neither 'event-time' nor 'processing-time'`)
    }
    if (key === null || key === undefined) {
      throw new TypeError(`timers ${this.declaration.name}: a timer is for a key, got ${String(key)}`)
    }
    if (!isValidTimestamp(timestamp) || timestamp > END_OF_TIME) {
      throw new RangeError(
        `timers ${this.declaration.name}: a timer cannot be set for ${timestamp}: epoch milliseconds expected`,
      )
    }
  }
}
