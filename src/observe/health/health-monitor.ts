import { topicPartitionKey } from '../../kafka/topic-partition.js'
import type { KafkaStreams, StreamsState } from '../../runtime/kafka-streams.js'
import type { ThreadMetrics } from '../../runtime/stream-metrics.js'
import type { ThreadState } from '../../runtime/thread-state.js'
import { Stillness } from './stillness.js'

/** Whose health it is: a client. */
export type HealthSource = Pick<KafkaStreams, 'metrics' | 'state'>

export interface ThreadHealth {
  readonly thread: number
  readonly state: ThreadState
  readonly alive: boolean
  readonly tasks: readonly string[]
}

/** An input partition that is behind and does not move. */
export interface StalledPartition {
  readonly thread: number
  readonly topic: string
  readonly partition: number
  /** Offset of the record that is next. */
  readonly position: number
  /** Records from there on. */
  readonly lag: number
  readonly stalledForSeconds: number
}

/** Whether a client should be left to go on. */
export interface Health {
  readonly healthy: boolean
  readonly state: StreamsState
  readonly threads: readonly ThreadHealth[]
  readonly stalled: readonly StalledPartition[]
}

/** Whether all that a client was given is processed by now. */
export interface Readiness {
  readonly ready: boolean
  readonly state: StreamsState
  readonly threads: readonly Omit<ThreadHealth, 'alive'>[]
  /** Partitions that wait for a schema registry. */
  readonly awaitingSchemas: readonly AwaitedSchema[]
}

/** A partition whose next record was written with a schema that cannot be had at the moment. */
export interface AwaitedSchema {
  /** As `topic-partition`. */
  readonly input: string
  readonly schema: string
}

/** Looks further apart than this many intervals count as so many. */
const LONGEST_STEP_INTERVALS = 2

/** Judges a client by what moves from one look to the next. */
export class HealthMonitor {
  private readonly partitions: Stillness
  private readonly reports: Stillness

  /**
   * @param stalledAfterMs what does not move for so long has stalled
   * @param intervalMs about how often `look` will be called
   */
  constructor(
    private readonly streams: HealthSource,
    private readonly stalledAfterMs: number,
    intervalMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.partitions = new Stillness(intervalMs * LONGEST_STEP_INTERVALS)
    this.reports = new Stillness(intervalMs * LONGEST_STEP_INTERVALS)
  }

  /** Takes note of where everything stands. */
  look(): void {
    const { threads } = this.streams.metrics()
    const now = this.now()
    this.partitions.look(new Map(threads.flatMap(positionsBehind)), now)
    this.reports.look(new Map(threads.map(signOfLife)), now)
  }

  health(): Health {
    this.look()
    const { state } = this.streams
    const { threads } = this.streams.metrics()
    const judged = threads.map((thread) => ({ ...summary(thread), alive: this.alive(thread) }))
    const stalled = threads.flatMap((thread) => this.stalledOf(thread))
    const ended = state === 'error' || state === 'not-running'
    const healthy = !ended && stalled.length === 0 && judged.every(({ alive }) => alive)
    return { healthy, state, threads: judged, stalled }
  }

  readiness(): Readiness {
    const { state } = this.streams
    const { threads } = this.streams.metrics()
    const awaitingSchemas = threads.flatMap(({ intake }) =>
      intake.paused.flatMap(({ input, schema }) => (schema === undefined ? [] : { input, schema })),
    )
    const ready = state === 'running' && awaitingSchemas.length === 0
    return { ready, state, threads: threads.map(summary), awaitingSchemas }
  }

  private alive({ thread }: ThreadMetrics): boolean {
    return this.reports.of(String(thread)) < this.stalledAfterMs
  }

  private stalledOf({ thread, inputs }: ThreadMetrics): StalledPartition[] {
    return inputs.flatMap(({ topic, partition, position, lag }) => {
      const stillMs = this.partitions.of(topicPartitionKey(topic, partition))
      if (stillMs < this.stalledAfterMs) return []
      return {
        thread,
        topic,
        partition,
        position,
        lag: lag ?? 0,
        stalledForSeconds: Math.floor(stillMs / 1000),
      }
    })
  }
}

const summary = ({ thread, state, tasks }: ThreadMetrics) => ({ thread, state, tasks })

/** What changes while a thread lives. One that has failed tells no more, until another one takes its place. */
const signOfLife = ({ thread, state, takenAt }: ThreadMetrics): [thread: string, sign: unknown] => [
  String(thread),
  state === 'failed' ? state : takenAt,
]

/**
 * What should move: partitions that have more, and are not kept back so that others can come up, by a rate, or by a schema
 * registry that is away: to start a worker anew brings none of them on.
 */
function positionsBehind({ inputs, eventTime, intake }: ThreadMetrics): [key: string, position: number][] {
  const held = new Set(eventTime.flatMap((task) => task.held.map(({ input }) => input)))
  for (const { input, reason } of intake.paused) if (reason === 'rate' || reason === 'schema') held.add(input)
  return inputs.flatMap(({ topic, partition, position, lag }): [string, number][] => {
    const key = topicPartitionKey(topic, partition)
    return lag === undefined || lag === 0 || held.has(key) ? [] : [[key, position]]
  })
}
