import type { CallCounts, TimerCounts } from '../../operators/processor.js'
import type { SchemaLoads } from '../serdes/schema-loads.js'
import { type DurationFigures, NO_DURATIONS } from './duration-histogram.js'
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

/**
 * What an asynchronous operator (`mapAsync` and the like) has asked of the outside for a task, since the thread began:
 * its counts go on when the task comes back.
 */
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
  /** Offsets that are fetched and not processed. */
  readonly bufferedRecords: number
  /** Bytes that are fetched and not begun, as they came. */
  readonly bufferedBytes: number
  /**
   * How old the oldest record is that is not processed, milliseconds: the wall clock less its timestamp, or where only its
   * batch was seen, that of the batch's first record; where nothing is fetched, that of the last record that was processed.
   * 0: there is none. Undefined: nothing is known of it, or it has no timestamp.
   */
  readonly oldestAgeMs: number | undefined
}

/** What a thread has read of a topic since the thread began. */
export interface InputTopicMetrics {
  /** Its name in Kafka. */
  readonly topic: string
  /** Records that were read for tasks, those that are read again after a failure too. */
  readonly records: number
  /** Bytes that they came in, as in the log. */
  readonly bytes: number
  /** From the timestamps of records to the commit of what they have caused. */
  readonly endToEndLatency: DurationFigures
  /** From the arrival of records to the commit of what they have caused. */
  readonly processingLatency: DurationFigures
}

/** What a thread has sent to a topic, and committed, since the thread began. */
export interface OutputTopicMetrics {
  /** Its name in Kafka; `other` where functions have chosen more topics than are counted apart. */
  readonly topic: string
  readonly records: number
  /** Bytes that they went in. */
  readonly bytes: number
}

/** What a thread has done for a task, since the thread began: it goes on when the task comes back. */
export interface TaskMetrics {
  readonly task: string
  readonly recordsProcessed: number
  /** Time in which it ran, milliseconds. */
  readonly processingMs: number
}

/** A restore of a store that is under way. */
export interface RestoreProgress {
  /** Offsets of the changelog that it replays. */
  readonly records: number
  /** Those that are left. */
  readonly remaining: number
}

/** A store of a task: what it holds at present, and what was asked of it since the thread began. */
export interface StoreMetrics {
  /** Global stores have one for each thread, `global-0` and so on. */
  readonly task: string
  readonly store: string
  /** Rows in memory; undefined: the thread does not have the task now. */
  readonly memoryEntries: number | undefined
  /** Bytes that they count for in `stateMaxBytes`. */
  readonly memoryBytes: number | undefined
  /** Bytes of its rows in the database, by the estimate of that; undefined until known, and where the database tells none. */
  readonly databaseBytes: number | undefined
  /** Rows that were looked for by key. */
  readonly lookups: number
  /** Those of them that were not in memory, so that the database was asked. */
  readonly misses: number
  /** Undefined: it is not being restored. */
  readonly restore: RestoreProgress | undefined
}

/** Answers of brokers that say that a quota was exceeded. */
export interface ThrottleMetrics {
  readonly answers: number
  /** For how long the broker has put the client off, milliseconds. */
  readonly ms: number
}

/**
 * Why an input partition is not read on from:
 *
 * - `commit`: what waits for a commit has reached its bound (`epochMaxBytes`).
 * - `calls`: an asynchronous operator of its task has as many records in flight as it may (`capacity`).
 * - `alignment`: it is too far ahead of others in event time.
 * - `rate`: its topic is read at a limited rate (`rateLimits`).
 * - `schema`: the schema that its next record was written with is being fetched from its registry.
 * - `buffer`: it is read on from, but not fetched: enough of it waits to be processed (`fetchMaxBytes`).
 */
export type PauseReason = 'commit' | 'calls' | 'alignment' | 'rate' | 'schema' | 'buffer'

/** An input partition that is not read on from at the moment. */
export interface PausedInput {
  /** As `topic-partition`. */
  readonly input: string
  readonly reason: PauseReason
  /** Which schema of which registry it waits for, where `reason` is `schema`. */
  readonly schema?: string
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

/**
 * The timers of an operator of a task, a processor's or a trigger's; those that fired are counted since the thread began,
 * and go on when the task comes back.
 */
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
  /** From the end of an epoch until its state was written locally. */
  readonly commitTimes: DurationFigures
  /** From the first batch of a transaction until it was committed; none with at_least_once. */
  readonly transactionTimes: DurationFigures
  /** Transactions that were begun and taken back. */
  readonly abortedTransactions: number
  /** How often what was not committed was dropped, to be done again. */
  readonly recoveries: number
  /** Rebalances that have begun. */
  readonly rebalances: number
  /** From the beginning of a rebalance until the tasks are assigned; their restores are not in it. */
  readonly rebalanceTimes: DurationFigures
  /** How late the event loop of the thread is. */
  readonly eventLoopDelays: DurationFigures
  /** For how long the event loop of the thread had something to do, milliseconds. */
  readonly busyMs: number
  /** Bytes of output and changed state that wait for a commit, by estimate; 0: everything is committed. */
  readonly pendingBytes: number
  /** Records up to the last stable offset that are not processed; undefined until known of every partition. */
  readonly lag: number | undefined
  /** The greatest record timestamp seen, epoch milliseconds; -1 before the first record. */
  readonly streamTime: number
  /** Of the tasks that are restored. */
  readonly inputs: readonly InputMetrics[]
  readonly topicsRead: readonly InputTopicMetrics[]
  /** Changelogs are among them. */
  readonly topicsWritten: readonly OutputTopicMetrics[]
  /** Of the tasks that it has and has had. */
  readonly taskCounts: readonly TaskMetrics[]
  /** Of the tasks that it has and has had. */
  readonly stores: readonly StoreMetrics[]
  /** By the request that was answered. */
  readonly throttles: Readonly<Record<'produce' | 'fetch', ThrottleMetrics>>
  /** Of the tasks whose event time comes from watermarks. */
  readonly eventTime: readonly TaskEventTime[]
  /** Of the asynchronous operators, by task. */
  readonly asyncCalls: readonly AsyncCallMetrics[]
  /** What comes in, and what holds it back. */
  readonly intake: IntakeMetrics
  /** Of the schema registries of the topology's serdes. */
  readonly schemaLoads: readonly SchemaLoads[]
  /** Of the operators with timers, by task. */
  readonly timers: readonly TimerMetrics[]
  /** Records sent to repartition topics that tell how far event time has come. */
  readonly watermarkMarkers: number
  /** Records replayed from changelogs. */
  readonly recordsRestored: number
  /** Records without effect, or, where that is `expired`, with one that may not last, by `operator:reason`. */
  readonly dropped: Readonly<Record<string, number>>
  /** Records that could not be read, processed or sent, by `operator:reason`, whether they were left out or ended the thread. */
  readonly failed: Readonly<Record<string, number>>
}

const NO_THROTTLES: ThrottleMetrics = { answers: 0, ms: 0 }

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
  commitTimes: NO_DURATIONS,
  transactionTimes: NO_DURATIONS,
  abortedTransactions: 0,
  recoveries: 0,
  rebalances: 0,
  rebalanceTimes: NO_DURATIONS,
  eventLoopDelays: NO_DURATIONS,
  busyMs: 0,
  pendingBytes: 0,
  lag: undefined,
  streamTime: -1,
  inputs: [],
  topicsRead: [],
  topicsWritten: [],
  taskCounts: [],
  stores: [],
  throttles: { produce: NO_THROTTLES, fetch: NO_THROTTLES },
  eventTime: [],
  asyncCalls: [],
  intake: { bufferedBytes: 0, paused: [], pausedMs: {}, rateLimits: [] },
  schemaLoads: [],
  timers: [],
  watermarkMarkers: 0,
  recordsRestored: 0,
  dropped: {},
  failed: {},
})

/** The main ones over all threads of a client, and those of each thread. */
export interface StreamsMetrics
  extends Pick<
    ThreadMetrics,
    | 'tasks'
    | 'recordsProcessed'
    | 'outputRecords'
    | 'commits'
    | 'pendingBytes'
    | 'lag'
    | 'streamTime'
    | 'inputs'
    | 'eventTime'
    | 'asyncCalls'
    | 'intake'
    | 'timers'
    | 'watermarkMarkers'
    | 'recordsRestored'
    | 'dropped'
  > {
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
