import { END_OF_TIME, type InputWatermark } from './input-watermark.js'
import { QuietTime } from './quiet-time.js'
import type { SourceRecord } from './timestamp-extractor.js'
import {
  GeneratedWatermarks,
  type Idleness,
  type WatermarkGenerator,
  type WatermarkStrategy,
} from './watermark-strategy.js'

/** The watermark of one partition of a source, as its strategy tells it. */
export class SourceWatermark<K, V> implements InputWatermark {
  idle = false
  readonly quiet = new QuietTime()
  /** How far event time has come that others were told of. */
  private told = -1
  /** What it was when the partition became idle. */
  private idleFrom = -1
  /** How far it is behind the timestamps, where it follows them. */
  readonly outOfOrderness: number
  private readonly generator: WatermarkGenerator<K, V> | undefined
  private readonly idleness: Idleness | undefined

  constructor(strategy: WatermarkStrategy<K, V>) {
    const generated = strategy instanceof GeneratedWatermarks
    this.outOfOrderness = generated ? 0 : strategy.outOfOrderness
    this.generator = generated ? strategy.generator() : undefined
    this.idleness = strategy.idleness
  }

  get eventTime(): number {
    return Math.max(this.told, this.quiet.now)
  }

  /** Whether it wants to see records, and not only their timestamps. */
  get seesRecords(): boolean {
    return this.generator !== undefined
  }

  /** Goes on behind the greatest timestamp that was committed, and from the event time where that is known. */
  resume(partitionTime: number, eventTime = -1): void {
    this.reach(eventTime)
    if (partitionTime >= 0 && this.generator === undefined) this.reach(partitionTime - this.outOfOrderness)
  }

  /** Takes note of a record's timestamp. @returns whether event time has come further, or the partition is back */
  observe(timestamp: number): boolean {
    const back = this.idle
    this.idle = false
    return this.reach(timestamp - this.outOfOrderness) || back
  }

  /** As `observe`, for a generator that sees records. */
  observeRecord(record: SourceRecord<K, V>, timestamp: number): boolean {
    const back = this.idle
    this.idle = false
    return this.reachWatermark(this.generator!.onEvent(record, timestamp)) || back
  }

  /**
   * Asks the generator, and looks whether the partition has become idle.
   *
   * @param now the wall clock, epoch milliseconds
   * @param nothingFor for how long there has been nothing to read, milliseconds
   * @returns whether event time has come further, or the others need not wait any more
   */
  tick(now: number, nothingFor: number): boolean {
    const reached = this.reachWatermark(this.generator?.onPeriodic?.(now))
    const { idleness } = this
    if (idleness === undefined || nothingFor < idleness.timeout) return reached
    const became = !this.idle
    if (became) this.idleFrom = this.eventTime
    this.idle = true
    const advanced = idleness.advances && this.idleFrom >= 0 && this.reach(this.idleFrom + nothingFor)
    return reached || became || advanced
  }

  /** Nothing comes any more. @returns whether that is new */
  end(): boolean {
    return this.reach(END_OF_TIME)
  }

  private reachWatermark(watermark: number | undefined): boolean {
    if (watermark === undefined) return false
    if (!Number.isSafeInteger(watermark)) {
      throw new RangeError(`a watermark of ${watermark} is not allowed: epoch milliseconds expected`)
    }
    return this.reach(watermark + 1)
  }

  private reach(eventTime: number): boolean {
    const reached = Math.min(eventTime, END_OF_TIME)
    if (reached <= this.eventTime) return false
    this.told = reached
    return true
  }
}
