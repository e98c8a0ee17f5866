import { LoopDelay } from './loop-delay.js'
import type { CompiledRateLimit } from './rate-limit-options.js'
import type { RateLimitMetrics } from './stream-metrics.js'
import { TopicRateLimit } from './topic-rate-limit.js'

/** How often adaptive rates adapt. */
const STEP_MS = 1000

/** What the limits of a thread ask of those around. */
export interface RateLimitsContext {
  /** The name in Kafka of a topic as the topology names it. */
  inKafka(topic: string): string
  /** Partitions of a topic in Kafka. */
  partitionCount(topic: string): number | undefined
  /** The longest time until something was acknowledged since it was last asked for, milliseconds. */
  commitLatency(): number
}

/** The topics of a thread that are read at a limited rate. */
export class RateLimits {
  private readonly topics = new Map<string, TopicRateLimit>()
  private readonly all: readonly TopicRateLimit[]
  private readonly loopDelay: LoopDelay | undefined
  private steppedAt: number

  /** @param now a monotonic clock, milliseconds */
  private constructor(
    limits: Readonly<Record<string, CompiledRateLimit>>,
    private readonly context: RateLimitsContext,
    private readonly now: () => number,
  ) {
    for (const [name, limit] of Object.entries(limits)) {
      const topic = context.inKafka(name)
      const partitions = () => context.partitionCount(topic) ?? 1
      this.topics.set(topic, new TopicRateLimit(topic, limit, partitions, now))
    }
    this.all = [...this.topics.values()]
    this.loopDelay = this.all.some(({ adapts }) => adapts) ? new LoopDelay() : undefined
    this.steppedAt = now()
  }

  /** @returns undefined where nothing is limited */
  static of(
    limits: Readonly<Record<string, CompiledRateLimit>>,
    context: RateLimitsContext,
    now: () => number = () => performance.now(),
  ): RateLimits | undefined {
    return Object.keys(limits).length === 0 ? undefined : new RateLimits(limits, context, now)
  }

  /** The limit of a topic in Kafka; undefined: it has none. */
  of(topic: string): TopicRateLimit | undefined {
    return this.topics.get(topic)
  }

  /** Takes note of the time that has passed, before a slice of processing. */
  begin(): void {
    const now = this.now()
    for (const limit of this.all) limit.fill(now)
    if (this.loopDelay !== undefined && now - this.steppedAt >= STEP_MS) this.step(this.loopDelay, now)
  }

  private step(loopDelay: LoopDelay, now: number): void {
    const signals = { eventLoopDelayMs: loopDelay.take(), commitLatencyMs: this.context.commitLatency() }
    for (const limit of this.all) limit.adapt(signals, now - this.steppedAt)
    this.steppedAt = now
  }

  /** Milliseconds until a topic can be read again that cannot now; infinite: all can. */
  get timeToOpen(): number {
    const now = this.now()
    let time = Number.POSITIVE_INFINITY
    for (const limit of this.all) if (!limit.open) time = Math.min(time, limit.timeToOpen(now))
    return time
  }

  get metrics(): readonly RateLimitMetrics[] {
    return this.all.map((limit) => limit.metrics)
  }

  close(): void {
    this.loopDelay?.close()
  }
}
