import type { RecordHeaders } from '../src/serdes/record-headers.js'
import type { Store } from '../src/state/stores.js'
import { type Duration, parseDuration } from '../src/time/duration.js'
import { isValidTimestamp } from '../src/time/timestamp-policies.js'
import type { Downstream, ProcessorContext } from './processor.js'
import type { Cancellable, ProcessingContext, PunctuationType, RecordMetadata } from './processor-api.js'
import type { TimerQueue } from './timer-queue.js'
import type { Timer, Timers, TimersDeclaration } from './timers.js'
import { type NotPromise, synchronous } from './user-function.js'
import { UserTimers } from './user-timers.js'

/** What a user's processor has of its task. */
export class UserContext<K, V> implements ProcessingContext {
  readonly taskId: string
  readonly name: string
  /** Time of the record in hand, or of the schedule or timer that fires: of what is put into stores. */
  private timestamp = -1
  /** Set if the processor has timers. */
  private opened: UserTimers<unknown> | undefined

  constructor(protected readonly context: ProcessorContext<K, V>) {
    this.taskId = context.taskId
    this.name = context.name
  }

  get recordMetadata(): RecordMetadata | undefined {
    const { topic, partition, offset } = this.context.record
    return topic === '' ? undefined : { topic, partition, offset }
  }

  get currentStreamTime(): number {
    return this.context.streamTime
  }

  get currentWatermark(): number | undefined {
    return this.context.watermark
  }

  get currentSystemTime(): number {
    return this.context.systemTime
  }

  store<S>({ name, open }: Store<S>): S {
    return open(this.context.store(name), () => this.timestamp)
  }

  schedule(
    interval: Duration,
    type: PunctuationType,
    callback: (timestamp: number) => NotPromise,
  ): Cancellable {
    const millis = parseDuration(`${this.name}: schedule`, interval, { min: 1 })
    if (type !== 'stream-time' && type !== 'wall-clock') {
      throw new TypeError(`'${String(type)}' is neither 'stream-time' nor 'wall-clock'`)
    }
    return this.context.schedule(millis, type, (timestamp) => {
      this.timestamp = timestamp
      synchronous(callback(timestamp))
      this.opened?.queue.fireDue()
    })
  }

  /** Gives the processor the timers that it was declared with, before it begins. */
  open<K2>(
    declared: TimersDeclaration<K2> | undefined,
    onTimer: (timer: Timer<K2>) => void,
  ): TimerQueue<K2> | undefined {
    if (declared === undefined) return undefined
    const timers = new UserTimers(this.context as ProcessorContext<unknown, unknown>, declared, onTimer)
    this.opened = timers as UserTimers<unknown>
    return timers.queue
  }

  timers<K2>(declaration: TimersDeclaration<K2>): Timers<K2> {
    const { opened } = this
    if (opened?.declaration === declaration) return opened as UserTimers<K2>
    throw new Error(`operator ${this.name} has no timers ${declaration.name}: give it the option timers`)
  }

  commit(): void {
    this.context.requestCommit()
  }

  /** Runs what is done for a record of this time. */
  at<R>(timestamp: number, work: () => R): R {
    this.timestamp = timestamp
    try {
      return synchronous(work())
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }

  /** Sends a record down, with headers of its own. */
  protected send(
    key: K,
    value: V,
    timestamp: number,
    headers: RecordHeaders,
    child: string | undefined,
  ): void {
    if (!isValidTimestamp(timestamp)) {
      throw new RangeError(
        `a record cannot be forwarded with timestamp ${timestamp}: epoch milliseconds expected`,
      )
    }
    const target: Downstream<K, V> = child === undefined ? this.context.downstream : this.context.child(child)
    const { record } = this.context
    const inHand = record.headers
    record.headers = headers
    try {
      target.process(key, value, timestamp)
    } finally {
      record.headers = inHand
    }
  }
}
