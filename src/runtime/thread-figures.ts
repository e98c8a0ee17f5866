import type { DropReason } from '../../operators/processor.js'
import { ThrottleCount } from '../kafka/throttle-count.js'
import type { WallClock } from '../time/wall-clock.js'
import type { CommitLane } from './commit-lane.js'
import { DurationHistogram } from './duration-histogram.js'
import { EventLoopWatch } from './event-loop-watch.js'
import type { GlobalTables } from './global-tables.js'
import type { Intake } from './intake.js'
import { DeserializationError, ProcessingError, ProductionError } from './processing-error.js'
import type { SchemaFigures } from './schema-figures.js'
import type { ThreadMetrics } from './stream-metrics.js'
import type { TaskManager } from './task-manager.js'
import type { TaskStarter } from './task-starter.js'
import type { ThreadProducer } from './thread-producer.js'
import type { ThreadState } from './thread-state.js'
import { TopicCounts } from './topic-counts.js'
import type { TopicNames } from './topic-names.js'
import type { WatermarkBroadcast } from './watermark-broadcast.js'

/** Why records are left out that have failed. */
const FAILURES: readonly DropReason[] = ['deserialization', 'processing-error', 'production-error']

/** The parts of a thread that know what it has done. */
export interface FigureSources {
  readonly state: ThreadState
  readonly intake: Intake
  readonly tasks: TaskManager
  /** Undefined: the topology has no global stores, or they are not open. */
  readonly globals: GlobalTables | undefined
  readonly starter: TaskStarter
  readonly commits: CommitLane
  readonly broadcast: WatermarkBroadcast
  readonly producer: ThreadProducer
}

/** What one thread has done and has before it: counts what its parts do not, and puts all together. */
export class ThreadFigures {
  readonly topics: TopicCounts
  readonly fetchThrottles = new ThrottleCount()
  readonly loop = new EventLoopWatch()
  /** How often what was not committed was dropped. */
  recoveries = 0
  private rebalances = 0
  private readonly rebalanceTimes = new DurationHistogram()
  private rebalancingSince: number | undefined
  /** Records that have ended the thread, by `operator:reason`. */
  private readonly fatal: Record<string, number> = {}
  private readonly startedAt = Date.now()

  constructor(
    private readonly thread: number,
    { fixedSinks, changelogTopics }: TopicNames,
    private readonly wallClock: WallClock,
    private readonly schemas: SchemaFigures,
  ) {
    this.topics = new TopicCounts([...fixedSinks, ...changelogTopics])
  }

  rebalanceBegins(): void {
    this.rebalances++
    this.rebalancingSince ??= performance.now()
  }

  /** The tasks are assigned. */
  rebalanceEnds(): void {
    if (this.rebalancingSince === undefined) return
    this.rebalanceTimes.observe(performance.now() - this.rebalancingSince)
    this.rebalancingSince = undefined
  }

  /** The thread ends because of an error. */
  fails(error: unknown): void {
    const reason = reasonOf(error)
    if (reason === undefined) return
    const key = `${(error as ProcessingError).operator}:${reason}`
    this.fatal[key] = (this.fatal[key] ?? 0) + 1
  }

  of({ state, intake, tasks, globals, starter, commits, broadcast, producer }: FigureSources): ThreadMetrics {
    const { list } = tasks
    const { stats } = commits
    const wallTime = this.wallClock()
    const dropped = starter.dropped()
    const states = list.map(({ state }) => state)
    if (globals !== undefined) states.push(globals.state)
    return {
      thread: this.thread,
      startedAt: this.startedAt,
      takenAt: Date.now(),
      state,
      tasks: list.map((task) => task.id),
      recordsProcessed: tasks.recordsProcessed,
      outputRecords: stats.outputRecords,
      commits: stats.commits,
      commitTimes: stats.commitTimes.figures,
      transactionTimes: stats.transactionTimes.figures,
      abortedTransactions: producer.abortedTransactions,
      recoveries: this.recoveries,
      rebalances: this.rebalances,
      rebalanceTimes: this.rebalanceTimes.figures,
      eventLoopDelays: this.loop.delayed,
      busyMs: this.loop.busyMs,
      pendingBytes: commits.pendingBytes,
      lag: tasks.lag,
      streamTime: Math.max(-1, ...list.map((task) => task.streamTime)),
      inputs: list.flatMap((task) => task.inputMetrics(wallTime)),
      topicsRead: this.topics.topicsRead,
      topicsWritten: this.topics.topicsWritten,
      taskCounts: tasks.counts,
      stores: starter.storeMetrics(states),
      throttles: { produce: { ...producer.throttles }, fetch: { ...this.fetchThrottles } },
      eventTime: list.flatMap((task) => task.eventTime ?? []),
      asyncCalls: starter.asyncCalls(list),
      intake: intake.metrics(),
      schemaLoads: this.schemas.all,
      timers: starter.timerMetrics(list),
      watermarkMarkers: broadcast.markers,
      recordsRestored: starter.recordsRestored,
      dropped,
      failed: this.failed(dropped),
    }
  }

  /** Those that were left out, and those that were not. */
  private failed(dropped: Readonly<Record<string, number>>): Record<string, number> {
    const failed = { ...this.fatal }
    for (const [key, count] of Object.entries(dropped)) {
      if (FAILURES.some((reason) => key.endsWith(`:${reason}`))) failed[key] = (failed[key] ?? 0) + count
    }
    return failed
  }
}

function reasonOf(error: unknown): DropReason | undefined {
  if (error instanceof DeserializationError) return 'deserialization'
  if (error instanceof ProcessingError) return 'processing-error'
  return error instanceof ProductionError ? 'production-error' : undefined
}
