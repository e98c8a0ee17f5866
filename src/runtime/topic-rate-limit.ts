import { AdaptiveRate } from './adaptive-rate.js'
import type { CompiledRateLimit } from './rate-limit-options.js'
import type { RateLimitMetrics } from './stream-metrics.js'
import { TokenBucket } from './token-bucket.js'

/** What tells whether a thread has more than it can do, over the time since it was last looked at. */
export interface LoadSignals {
  /** How late the event loop was in the mean, milliseconds. */
  readonly eventLoopDelayMs: number
  /** The longest time until something was acknowledged, of what still is not as well, milliseconds. */
  readonly commitLatencyMs: number
}

/** How fast a thread reads its partitions of a topic. */
export class TopicRateLimit {
  private readonly records: TokenBucket
  private readonly bytes: TokenBucket
  private readonly adaptiveRate: AdaptiveRate | undefined
  /** Partitions of the topic that the thread reads. */
  private partitions = 0
  /** Records that have passed since the last step. */
  private taken = 0

  /**
   * @param topic its name in Kafka
   * @param partitionCount how many partitions the topic has
   */
  constructor(
    readonly topic: string,
    private readonly limit: CompiledRateLimit,
    private readonly partitionCount: () => number,
    private readonly now: () => number,
  ) {
    this.records = new TokenBucket(limit.recordsPerSecond, now())
    this.bytes = new TokenBucket(limit.bytesPerSecond, now())
    this.adaptiveRate = limit.adaptive === undefined ? undefined : new AdaptiveRate()
  }

  /** One more partition of the topic is read. */
  join(): void {
    this.partitions++
    this.divide()
  }

  /** A partition of the topic is not read any more. */
  leave(): void {
    this.partitions--
    this.divide()
  }

  /** Whether the next record may be read. */
  get open(): boolean {
    return this.records.open && this.bytes.open
  }

  /** Takes note that a record was read. */
  took(bytes: number): void {
    this.taken++
    this.records.take(1)
    this.bytes.take(bytes)
  }

  /** Takes note of the time that has passed. */
  fill(now: number): void {
    this.records.fill(now)
    this.bytes.fill(now)
  }

  /** Milliseconds until the next record may be read. */
  timeToOpen(now: number): number {
    return Math.max(this.records.timeToOpen(now), this.bytes.timeToOpen(now))
  }

  get adapts(): boolean {
    return this.adaptiveRate !== undefined
  }

  /** Adapts the rate to what was seen in the `elapsedMs` since it last was. */
  adapt({ eventLoopDelayMs, commitLatencyMs }: LoadSignals, elapsedMs: number): void {
    const { adaptiveRate } = this
    const { adaptive } = this.limit
    if (adaptiveRate === undefined || adaptive === undefined) return
    const overloaded =
      eventLoopDelayMs > adaptive.eventLoopDelayMs || commitLatencyMs > adaptive.commitLatencyMs
    adaptiveRate.step({ taken: (this.taken / elapsedMs) * 1000, overloaded }, this.ceiling)
    this.taken = 0
    this.divide()
  }

  get metrics(): RateLimitMetrics {
    const { topic } = this
    return { topic, recordsPerSecond: finite(this.recordRate), bytesPerSecond: finite(this.byteRate) }
  }

  private divide(): void {
    const now = this.now()
    this.records.setRate(this.recordRate, now)
    this.bytes.setRate(this.byteRate, now)
  }

  /** What of the topic is the thread's. */
  private get share(): number {
    return this.partitions / Math.max(1, this.partitions, this.partitionCount())
  }

  private get ceiling(): number {
    return scaled(this.limit.recordsPerSecond, this.share)
  }

  private get recordRate(): number {
    return Math.min(this.ceiling, this.adaptiveRate?.rate ?? Number.POSITIVE_INFINITY)
  }

  private get byteRate(): number {
    return scaled(this.limit.bytesPerSecond, this.share)
  }
}

/** Without limit a part of it has none as well, none of it included. */
const scaled = (rate: number, share: number): number =>
  rate === Number.POSITIVE_INFINITY ? rate : rate * share

const finite = (rate: number): number | undefined => (rate === Number.POSITIVE_INFINITY ? undefined : rate)
