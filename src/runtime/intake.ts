import type { Fetcher } from '../kafka/consumer/fetcher.js'
import { topicPartitionKey } from '../kafka/topic-partition.js'
import { InputPause, PausedTime } from './input-pause.js'
import type { RateLimits } from './rate-limits.js'
import type { IntakeMetrics, PausedInput } from './stream-metrics.js'
import type { TopicRateLimit } from './topic-rate-limit.js'

/** What may hold one input partition back. */
export interface InputGate {
  readonly pause: InputPause
  readonly rateLimit: TopicRateLimit | undefined
  /** It can be read on from again. */
  readable(): void
  /** It is not read any more. */
  close(now: number): void
}

/** What comes into a thread, and what holds it back. */
export class Intake {
  private readonly pauses = new Set<InputPause>()
  private readonly pausedTime = new PausedTime()

  /**
   * @param limits undefined: nothing is read at a limited rate
   * @param readable called when an input can be read on from, though nothing was fetched
   */
  constructor(
    private readonly fetcher: Fetcher,
    private readonly limits: RateLimits | undefined,
    private readonly readable: () => void,
  ) {}

  /** For an input partition of a topic in Kafka that is read from now on. */
  open(topic: string, partition: number): InputGate {
    const pause = new InputPause(topic, partition, this.pausedTime)
    this.pauses.add(pause)
    return {
      pause,
      rateLimit: this.limits?.of(topic),
      readable: this.readable,
      close: (now) => {
        pause.is(undefined, now)
        this.pauses.delete(pause)
      },
    }
  }

  /** A slice of processing begins. */
  begin(): void {
    this.limits?.begin()
  }

  /** Whether something cannot be read at present because of its rate. */
  get throttled(): boolean {
    return this.timeToOpen < Number.POSITIVE_INFINITY
  }

  /** Milliseconds until something can be read that cannot now because of its rate; infinite: nothing is held by that. */
  get timeToOpen(): number {
    return this.limits?.timeToOpen ?? Number.POSITIVE_INFINITY
  }

  metrics(): IntakeMetrics {
    const { fetcher, limits } = this
    const pauses = [...this.pauses]
    return {
      bufferedBytes: fetcher.bufferedBytes,
      paused: pauses.flatMap((pause) => this.pausedInput(pause) ?? []),
      pausedMs: this.pausedTime.with(pauses, performance.now()),
      rateLimits: limits?.metrics ?? [],
    }
  }

  private pausedInput({ topic, partition, reason, schema }: InputPause): PausedInput | undefined {
    const cause = reason ?? (this.fetcher.isFull(topic, partition) ? 'buffer' : undefined)
    if (cause === undefined) return undefined
    const input = topicPartitionKey(topic, partition)
    return cause === 'schema' && schema !== undefined
      ? { input, reason: cause, schema }
      : { input, reason: cause }
  }

  close(): void {
    this.limits?.close()
  }
}
