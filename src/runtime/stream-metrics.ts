import type { CallCounts, TimerCounts } from '../../operators/processor.js'
import type { ThreadState } from './thread-state.js'

/** An input that is not read on: it is too far ahead of another one of its alignment group. */
export interface HeldInput {
  /** As `topic-partition`. */
  readonly input: string
  /** The slowest of the group, whichever member reads it, as `topic-partition`. */
  readonly waitsFor: string
}

/** How far event time has come at a task, where it comes from watermarks. */
export interface TaskEventTime {
  readonly task: string
  /** Epoch milliseconds; undefined: nothing is known yet. */
  readonly watermark: number | undefined
  /** The inputs that hold it back, as `topic-partition`; none where all are idle. */
  readonly waitsFor: readonly string[]
  /** The inputs that are paused by alignment. */
  readonly held: readonly HeldInput[]
}

/** What an asynchronous operator (`mapAsync` and the like) of a task has asked of the outside since the task began. */
export interface AsyncCallMetrics extends CallCounts {
  readonly task: string
  /** Name of the operator in the topology. */
  readonly operator: string
}

/** How far an input partition of a task is read. */
export interface InputMetrics {
  readonly topic: string
  readonly partition: number
  /** Offset of the next record to process. */
  readonly position: number
  /** Records up to the last stable offset that are not processed; undefined until the broker was heard. */
  readonly lag: number | undefined
}

/**
 * Why an input partition is not read on from:
 *
 * - `commit`: what waits for a commit has reached its bound (`epochMaxBytes`).
 * - `calls`: an asynchronous operator of its task has as many records in flight as it may (`capacity`).
 * - `alignment`: it is too far ahead of others in event time.
 * - `rate`: its topic is read at a limited rate (`rateLimits`).
 * - `buffer`: it is read on from, but not fetched: enough of it waits to be processed (`fetchMaxBytes`).
 */
export type PauseReason = 'commit' | 'calls' | 'alignment' | 'rate' | 'buffer'

/** An input partition that is not read on from at the moment. */
export interface PausedInput {
  /** As `topic-partition`. */
  readonly input: string
  readonly reason: PauseReason
}

/** How fast a thread may read its partitions of a topic at the moment. */
export interface RateLimitMetrics {
  /** Its name in Kafka. */
  readonly topic: string
  /** Undefined: as many as there are. */
  readonly recordsPerSecond: number | undefined
  readonly bytesPerSecond: number | undefined
}

/** What comes in, and what holds it back. */
export interface IntakeMetrics {
  /** Bytes of fetched records that wait to be processed. */
  readonly bufferedBytes: number
  readonly paused: readonly PausedInput[]
  /**
   * For how long partitions were not read on from since the thread began, milliseconds added up over partitions, by
   * `topic:reason`, those that are still paused included; without `buffer`.
   */
  readonly pausedMs: Readonly<Record<string, number>>
  /** Of the topics that are read at a limited rate. */
  readonly rateLimits: readonly RateLimitMetrics[]
}

/** The timers of an operator of a task, a processor's or a trigger's; those that fired are counted since the task began. */
export interface TimerMetrics extends TimerCounts {
  readonly task: string
  /** Name of the operator in the topology. */
  readonly operator: string
}

/** What one stream thread has done and has before it. */
export interface ThreadMetrics {
  readonly thread: number
  /** When it began, epoch milliseconds: what counts upwards counts from there. */
  readonly startedAt: number
  /** When these figures were taken, epoch milliseconds: a thread that is blocked tells none. */
  readonly takenAt: number
  readonly state: ThreadState
  readonly tasks: readonly string[]
  readonly recordsProcessed: number
  readonly outputRecords: number
  readonly commits: number
  /** Duration of the last commit, milliseconds. */
  readonly lastCommitMs: number
  /** Bytes of output and changed state that wait for a commit, by estimate; 0: everything is committed. */
  readonly pendingBytes: number
  /** Records up to the last stable offset that are not processed; undefined until known of every partition. */
  readonly lag: number | undefined
  /** The greatest record timestamp seen, epoch milliseconds; -1 before the first record. */
  readonly streamTime: number
  /** Of the tasks that are restored. */
  readonly inputs: readonly InputMetrics[]
  /** Of the tasks whose event time comes from watermarks. */
  readonly eventTime: readonly TaskEventTime[]
  /** Of the asynchronous operators, by task. */
  readonly asyncCalls: readonly AsyncCallMetrics[]
  /** What comes in, and what holds it back. */
  readonly intake: IntakeMetrics
  /** Of the operators with timers, by task. */
  readonly timers: readonly TimerMetrics[]
  /** Records sent to repartition topics that tell how far event time has come. */
  readonly watermarkMarkers: number
  /** Records replayed from changelogs. */
  readonly recordsRestored: number
  /** Records without effect, or, where that is `expired`, with one that may not last, by `operator:reason`. */
  readonly dropped: Readonly<Record<string, number>>
}

/** Those of a thread that has done nothing yet. */
export const figuresAtFirst = (thread: number, startedAt: number): ThreadMetrics => ({
  thread,
  startedAt,
  takenAt: startedAt,
  state: 'created',
  tasks: [],
  recordsProcessed: 0,
  outputRecords: 0,
  commits: 0,
  lastCommitMs: 0,
  pendingBytes: 0,
  lag: undefined,
  streamTime: -1,
  inputs: [],
  eventTime: [],
  asyncCalls: [],
  intake: { bufferedBytes: 0, paused: [], pausedMs: {}, rateLimits: [] },
  timers: [],
  watermarkMarkers: 0,
  recordsRestored: 0,
  dropped: {},
})

/** The same over all threads of a client. */
export interface StreamsMetrics
  extends Omit<ThreadMetrics, 'thread' | 'startedAt' | 'takenAt' | 'state' | 'lastCommitMs'> {
  readonly threads: readonly ThreadMetrics[]
}

export function sumMetrics(threads: readonly ThreadMetrics[]): StreamsMetrics {
  const total = (value: (thread: ThreadMetrics) => number): number =>
    threads.reduce((sum, thread) => sum + value(thread), 0)
  const lags = threads.map((thread) => thread.lag)
  return {
    threads,
    tasks: threads.flatMap((thread) => thread.tasks),
    recordsProcessed: total((thread) => thread.recordsProcessed),
    outputRecords: total((thread) => thread.outputRecords),
    commits: total((thread) => thread.commits),
    pendingBytes: total((thread) => thread.pendingBytes),
    lag: lags.includes(undefined) ? undefined : total((thread) => thread.lag!),
    streamTime: Math.max(-1, ...threads.map((thread) => thread.streamTime)),
    inputs: threads.flatMap((thread) => thread.inputs),
    eventTime: threads.flatMap((thread) => thread.eventTime),
    asyncCalls: threads.flatMap((thread) => thread.asyncCalls),
    intake: {
      bufferedBytes: total((thread) => thread.intake.bufferedBytes),
      paused: threads.flatMap((thread) => thread.intake.paused),
      pausedMs: sumByName(threads.map((thread) => thread.intake.pausedMs)),
      rateLimits: threads.flatMap((thread) => thread.intake.rateLimits),
    },
    timers: threads.flatMap((thread) => thread.timers),
    watermarkMarkers: total((thread) => thread.watermarkMarkers),
    recordsRestored: total((thread) => thread.recordsRestored),
    dropped: sumByName(threads.map((thread) => thread.dropped)),
  }
}

function sumByName(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const each of all) {
    for (const [name, value] of Object.entries(each)) sums[name] = (sums[name] ?? 0) + value
  }
  return sums
}
