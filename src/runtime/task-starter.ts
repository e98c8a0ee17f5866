import type { DropReason } from '../../operators/processor.js'
import { Admin } from '../kafka/admin/admin.js'
import { Fetcher } from '../kafka/consumer/fetcher.js'
import { listOffsets } from '../kafka/consumer/list-offsets.js'
import { type CommittedOffset, fetchCommittedOffsets } from '../kafka/group/committed-offsets.js'
import type { ThrottleCount } from '../kafka/throttle-count.js'
import { type TopicPartition, topicPartitionKey } from '../kafka/topic-partition.js'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import type { SerdeOpener } from '../serdes/serde-use.js'
import { unlessAborted } from '../serdes/settle.js'
import type { StoreCounts } from '../state/local-store.js'
import { MemoryStateDatabase } from '../state/memory-state-database.js'
import { RecordCache } from '../state/record-cache.js'
import { type ChangelogState, planRestore } from '../state/restore-plan.js'
import { StateMemory } from '../state/state-memory.js'
import type { StateStore } from '../state/store.js'
import { type AnyStoreDefinition, isRestored, isTrimmed } from '../state/store-definition.js'
import { TaskState } from '../state/task-state.js'
import type { SubTopology } from '../topology/sub-topology.js'
import type { Topology } from '../topology/topology.js'
import type { ClusterTopics } from './cluster-topics.js'
import { decodeCommitMetadata } from './commit-metadata.js'
import type { Intake } from './intake.js'
import { OperatorTotals } from './operator-totals.js'
import { ProcessingGraph } from './processing-graph.js'
import type { RecordCollector } from './record-collector.js'
import type { RestoredStore } from './restored-store.js'
import { Restorer } from './restorer.js'
import { openUses, storeSerdeUses } from './serde-uses.js'
import { sideBySide } from './side-by-side.js'
import { firstOffsets } from './start-offsets.js'
import { StoreTotals } from './store-totals.js'
import type { AsyncCallMetrics, StoreMetrics, TimerMetrics } from './stream-metrics.js'
import type { StreamsConfig } from './streams-config.js'
import { StreamsError } from './streams-error.js'
import { Task } from './task.js'
import { TaskChangelog } from './task-changelog.js'
import { formatTaskId } from './task-id.js'
import { TaskInput } from './task-input.js'
import type { TaskLifecycle } from './task-manager.js'
import type { ThreadHome } from './thread-home.js'
import type { TopicCounts } from './topic-counts.js'
import type { TopicNames } from './topic-names.js'

/** What is counted of calls to the outside. */
const CALL_COUNTS = ['attempts', 'retries', 'timeouts', 'failures'] as const
type CallCount = (typeof CALL_COUNTS)[number]

/** What a thread shares with its tasks. */
export interface TaskSurroundings {
  readonly topology: Topology
  readonly config: StreamsConfig
  readonly home: ThreadHome
  readonly transport: BrokerTransport
  readonly topics: ClusterTopics
  readonly names: TopicNames
  readonly fetcher: Fetcher
  readonly intake: Intake
  readonly collector: RecordCollector
  readonly topicCounts: TopicCounts
  readonly fetchThrottles: ThrottleCount
  /** Aborted when the thread stops. */
  readonly stopping: AbortSignal
  /** Called when something has come from outside that a task is to go on with. */
  answerCame(): void
  /** The thread's copy of a global store; undefined: there is none of the name. */
  globalStore(name: string): StateStore | undefined
  /** Hears of every store that had something to restore. */
  readonly restored: (store: RestoredStore) => void
  /** Opens the serdes of stores. */
  readonly opener: SerdeOpener
  /** Told of what does not work and is mended. */
  readonly warn: (error: Error) => void
}

/** A task may have no partition of a topic that has fewer than others. */
const hasPartition = ({ partitions }: Task, { sourceTopic }: AnyStoreDefinition): boolean =>
  sourceTopic === undefined || partitions.some(({ topic }) => topic === sourceTopic)

type LogSpan = Pick<ChangelogState, 'logStart' | 'logEnd'>

/** The part of a log that is processed: nothing before the first commit, and nothing that retention may have left. */
const upTo = (committed: number | undefined, { logStart }: LogSpan): LogSpan => ({
  logStart: Math.min(logStart, committed ?? logStart),
  logEnd: committed ?? logStart,
})

/** The application has state, but the offsets that it belongs to are gone. */
export class MissingOffsetsError extends StreamsError {
  override readonly name = 'MissingOffsetsError'
}

/** Opens the state of tasks, restores it, and finds where to go on reading. */
export class TaskStarter implements TaskLifecycle {
  private readonly cache: RecordCache
  private readonly memory: StateMemory
  private readonly restoreFetcher: Fetcher
  private readonly restorer: Restorer
  private readonly drops = new Map<string, number>()
  private readonly calls = new OperatorTotals<CallCount, AsyncCallMetrics>(CALL_COUNTS, {
    inFlight: 0,
    breaker: undefined,
  })
  private readonly timers = new OperatorTotals<'fired', TimerMetrics>(['fired'], { pending: 0 })
  private readonly stores = new StoreTotals()
  private readonly deleteRetentions = new Map<string, number>()

  constructor(private readonly around: TaskSurroundings) {
    this.cache = new RecordCache(around.config.cacheMaxBytes)
    this.memory = new StateMemory(around.config.stateMaxBytes)
    this.restoreFetcher = new Fetcher(around.transport, {
      channel: 'restore',
      isolation: 'read_committed',
      bufferBytes: around.config.fetchMaxBytes,
      throttles: around.fetchThrottles,
    })
    this.restorer = new Restorer(this.restoreFetcher)
  }

  get recordsRestored(): number {
    return this.restorer.recordsRestored
  }

  /** Records without effect, by `operator:reason`. */
  dropped(): Record<string, number> {
    return Object.fromEntries(this.drops)
  }

  /** What the operators of these tasks, and of those that were here before, have asked of the outside. */
  asyncCalls(tasks: readonly Task[]): AsyncCallMetrics[] {
    return this.calls.over(tasks.flatMap(({ graph }) => graph.callMetrics))
  }

  /** The timers of the operators of these tasks, and how many have fired of those that were here before. */
  timerMetrics(tasks: readonly Task[]): TimerMetrics[] {
    return this.timers.over(tasks.flatMap(({ graph }) => graph.timerMetrics))
  }

  /** What the stores of these states hold, and what was asked of them and of those that were here before. */
  storeMetrics(states: readonly TaskState[]): StoreMetrics[] {
    const present = states.flatMap((state) => state.figures)
    return this.stores.metrics(present, this.restorer.progress)
  }

  /** Where it is counted what is asked of a store. */
  countsOf(task: string, store: string): StoreCounts {
    return this.stores.of(task, store)
  }

  async create(
    subTopology: SubTopology,
    partition: number,
    partitions: readonly TopicPartition[],
  ): Promise<Task> {
    const id = formatTaskId(subTopology.id, partition)
    const state = await this.openState(id, subTopology)
    const graph = this.graphOf(id, subTopology, state)
    const logged = subTopology.stores.filter((store) => store.logging)
    const topics = new Map(logged.map((store) => [store.name, this.around.names.changelogOf(store)]))
    const changelog = new TaskChangelog(this.around.collector, topics, partition)
    const { maxTaskIdleMs } = this.around.config
    return new Task(id, subTopology, partition, partitions, graph, state, topics, changelog, maxTaskIdleMs)
  }

  private async openState(taskId: string, { stores }: SubTopology): Promise<TaskState> {
    const { topology, home, stopping, warn } = this.around
    const { cache, memory } = this
    const { fingerprint } = topology
    const database =
      stores.length === 0
        ? new MemoryStateDatabase()
        : await home.openTask(taskId, { signal: stopping, warn })
    try {
      const counts = (store: string) => this.countsOf(taskId, store)
      return await TaskState.open({ taskId, stores, database, cache, memory, fingerprint, counts })
    } catch (error) {
      await database.close()
      throw error
    }
  }

  private graphOf(taskId: string, subTopology: SubTopology, state: TaskState): ProcessingGraph {
    const { config, home, collector } = this.around
    return new ProcessingGraph([subTopology], {
      taskId,
      store: (name) => state.store(name),
      globalStore: (name) => this.around.globalStore(name),
      sender: collector,
      dropped: (node, reason) => this.countDropped(node, reason),
      exceptions: config.exceptions,
      now: home.wallClock,
      emitInterval: config.emitIntervalMs,
      answerCame: () => this.around.answerCame(),
      countsEnded: (calls, timers) => {
        this.calls.end(calls)
        this.timers.end(timers)
      },
    })
  }

  /** Counts a record that is not processed further. */
  countDropped(node: string, reason: DropReason): void {
    const key = `${node}:${reason}`
    this.drops.set(key, (this.drops.get(key) ?? 0) + 1)
  }

  async start(task: Task, signal: AbortSignal): Promise<void> {
    const committed = await this.committedOffsets(task, signal)
    // Others may have registered schemas since the application began.
    const opening = openUses(storeSerdeUses(task.subTopology, this.around.names), this.around.opener)
    if (opening !== undefined) await unlessAborted(opening, signal)
    await this.restore(task, committed, signal)
    await task.state.prepare()
    if (committed.size === 0 && (await this.lacksOffsets(task))) {
      // A process that stood still since it asked no longer owns the task: another one has committed, and not yet then.
      if ((await this.committedOffsets(task, signal)).size > 0) return this.start(task, signal)
      throw this.offsetsMissing(task)
    }
    const inputs = await this.openInputs(task, committed)
    if (signal.aborted) for (const input of inputs) input.close()
    else task.resume(inputs)
  }

  private committedOffsets(task: Task, signal: AbortSignal): Promise<Map<string, CommittedOffset>> {
    const { transport, config } = this.around
    const options = { requireStable: true, signal }
    return fetchCommittedOffsets(transport, config.applicationId, task.partitions, options)
  }

  async close(task: Task): Promise<void> {
    task.graph.close()
    await task.state.close()
  }

  /** Ends the restores' fetching. */
  async shutDown(): Promise<void> {
    await this.restoreFetcher.close()
  }

  /** Brings every store up to its changelog, or up to what is committed of the topic that takes its place. */
  private async restore(
    task: Task,
    committed: ReadonlyMap<string, CommittedOffset>,
    signal: AbortSignal,
  ): Promise<void> {
    const restored = task.subTopology.stores.filter((store) => isRestored(store) && hasPartition(task, store))
    if (restored.length === 0) return
    const { transport, names } = this.around
    const changelogs = restored.map((store) => ({
      topic: names.changelogOf(store),
      partition: task.partition,
    }))
    const starts = await listOffsets(transport, changelogs, 'earliest', 'read_uncommitted')
    // The high watermark, not the last stable offset: what a predecessor has committed may still lack its marker.
    const ends = await listOffsets(transport, changelogs, 'latest', 'read_uncommitted')
    await sideBySide(signal, restored, (store, givenUp) => {
      const key = topicPartitionKey(names.changelogOf(store), task.partition)
      const whole = { logStart: starts.get(key)!, logEnd: ends.get(key)! }
      const span = store.sourceTopic === undefined ? whole : upTo(committed.get(key)?.offset, whole)
      return this.restoreStore(task, store, span, givenUp)
    })
  }

  private async restoreStore(
    task: Task,
    store: AnyStoreDefinition,
    span: LogSpan,
    signal: AbortSignal,
  ): Promise<void> {
    const { names, topics } = this.around
    const topic = names.changelogOf(store)
    const topicId = topics.topicId(topic)
    const windowed = isTrimmed(store)
    const plan = planRestore(
      task.state.checkpointOf(store.name),
      {
        topicId,
        ...span,
        deleteRetentionMs: await this.deleteRetention(topic),
      },
      windowed,
      Date.now(),
    )
    signal.throwIfAborted()
    await task.state.prepareRestore(store.name, plan, topicId)
    const { partition } = task
    const place = { task: task.id, store: store.name, topic, partition }
    const changelog = { ...place, from: plan.from, to: span.logEnd }
    if (changelog.from >= changelog.to) return
    const begun = performance.now()
    const records = await this.restorer.restore(task.state, { ...changelog, trimmed: windowed }, signal)
    // After an orderly end only the marker of the last transaction lies behind the local position.
    if (records === 0) return
    this.around.restored({
      ...changelog,
      records,
      durationMs: performance.now() - begun,
      ...(plan.wipe === undefined ? {} : { wiped: plan.wipe }),
    })
  }

  private async deleteRetention(topic: string): Promise<number> {
    const known = this.deleteRetentions.get(topic)
    if (known !== undefined) return known
    const configs = await new Admin(this.around.transport).topicConfigs(topic)
    const retention = Number(configs.get('delete.retention.ms') ?? Number.POSITIVE_INFINITY)
    this.deleteRetentions.set(topic, retention)
    return retention
  }

  /**
   * Whether a task without committed offsets should have some: state without the offsets that it belongs to would count
   * everything twice. With at_least_once it may be what a crash before the first commit left behind, and repeating is
   * allowed.
   */
  private async lacksOffsets(task: Task): Promise<boolean> {
    if (this.around.config.processingGuarantee === 'at_least_once') return false
    // Rows tell, not changelog positions: those move past records of aborted transactions too.
    const logged = task.subTopology.stores.filter((store) => store.logging)
    const filled = await Promise.all(logged.map((store) => hasRows(task.state, store)))
    return filled.includes(true)
  }

  private offsetsMissing(task: Task): MissingOffsetsError {
    const { applicationId } = this.around.config
    return new MissingOffsetsError(
      'MISSING_OFFSETS',
      `task ${task.id} of ${applicationId} has state, but group ${applicationId} has no committed offsets for it ` +
        '(they expire when a group is gone for offsets.retention.minutes): ' +
        'reset the application (delete its group, internal topics and state directory)',
    )
  }

  private async openInputs(
    task: Task,
    committed: ReadonlyMap<string, CommittedOffset>,
  ): Promise<TaskInput[]> {
    const { fetcher, topology, names, intake, topicCounts } = this.around
    const starts = await this.startOffsets(task, committed)
    const metadata = new Map(
      [...committed].map(([key, offset]) => [
        key,
        decodeCommitMetadata(offset.metadata, topology.fingerprint, key),
      ]),
    )
    const all = [...metadata.values()]
    const streamTime = Math.max(-1, ...all.map(({ partitionTime }) => partitionTime))
    task.graph.reset(
      streamTime,
      all.map(({ operatorTimes }) => operatorTimes),
    )
    return task.partitions.map(({ topic, partition }) => {
      const key = topicPartitionKey(topic, partition)
      const source = task.graph.source(names.inTopology(topic))
      source.setPartitionTime(partition, metadata.get(key)?.partitionTime ?? -1)
      const count = topicCounts.input(topic)
      const gate = intake.open(topic, partition)
      const { eventTime } = metadata.get(key) ?? {}
      return new TaskInput(topic, partition, fetcher, source, starts.get(key)!, count, eventTime, gate)
    })
  }

  /** Where to read on: the committed offsets, and where there are none, as the source says. */
  private async startOffsets(
    task: Task,
    committed: ReadonlyMap<string, CommittedOffset>,
  ): Promise<Map<string, number>> {
    const { transport, names } = this.around
    const starts = new Map([...committed].map(([key, { offset }]) => [key, offset]))
    const fresh = task.partitions.filter(
      ({ topic, partition }) => !starts.has(topicPartitionKey(topic, partition)),
    )
    const { offsets, refused } = await firstOffsets(transport, fresh, (topic) => names.offsetResetOf(topic))
    for (const [key, offset] of offsets) starts.set(key, offset)
    if (refused === undefined) return starts
    throw new MissingOffsetsError(
      'NO_OFFSET',
      `no offset is committed for ${topicPartitionKey(refused.topic, refused.partition)}, ` +
        "and its source has offsetReset 'none': commit one, or use 'earliest' or 'latest'",
    )
  }
}

async function hasRows(state: TaskState, { name, kind }: AnyStoreDefinition): Promise<boolean> {
  if (kind === 'versioned') return state.hasRows(name)
  const limit = { limit: 1 }
  const rows: AsyncIterable<unknown> =
    kind !== 'keyValue'
      ? state.windowView(name).fetchAll(0, Number.MAX_SAFE_INTEGER, limit)
      : state.keyValueView(name).all(limit)
  for await (const _ of rows) return true
  return false
}
