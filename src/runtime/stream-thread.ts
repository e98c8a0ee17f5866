import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { causeOfClass } from '../errors/causes.js'
import { Fetcher } from '../kafka/consumer/fetcher.js'
import type { GroupListener } from '../kafka/group/group-listener.js'
import type { GroupMember } from '../kafka/group/group-member.js'
import type { TopicPartition } from '../kafka/topic-partition.js'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import { SchemaPendingError, whenReadable } from '../serdes/schema-pending-error.js'
import type { SerdeOpener } from '../serdes/serde-use.js'
import type { SubTopology } from '../topology/sub-topology.js'
import type { Topology } from '../topology/topology.js'
import { BlockedLoopWarnings } from './blocked-loop-warnings.js'
import { ClusterTopics } from './cluster-topics.js'
import { isFenced, isRecoverable } from './commit-failure.js'
import { CommitLane } from './commit-lane.js'
import { EpochDropped } from './epoch.js'
import { Exclusive } from './exclusive.js'
import { GlobalTables } from './global-tables.js'
import { GroupAlignment } from './group-alignment.js'
import { ClusterProgress } from './group-progress.js'
import { Intake } from './intake.js'
import { LogTrimmer } from './log-trimmer.js'
import { OutageWarnings } from './outage-warnings.js'
import { RateLimits } from './rate-limits.js'
import { RecordCollector } from './record-collector.js'
import { RecoveryPatience } from './recovery-patience.js'
import { SchemaFigures } from './schema-figures.js'
import { openUses, type SerdeUses, serdeUses } from './serde-uses.js'
import { Signal } from './signal.js'
import type { StoreQuery, StoreRow } from './store-query.js'
import { answerQuery } from './store-query.js'
import type { ThreadMetrics } from './stream-metrics.js'
import type { StreamThreadHandle, ThreadEvents } from './stream-thread-handle.js'
import { instructionsOf } from './streams-assignor.js'
import type { StreamsConfig } from './streams-config.js'
import { streamsMember } from './streams-member.js'
import type { Task } from './task.js'
import type { TaskChanges } from './task-changes.js'
import { TaskManager } from './task-manager.js'
import { TaskStarter } from './task-starter.js'
import { ThreadFigures } from './thread-figures.js'
import type { ThreadHome } from './thread-home.js'
import { ThreadProducer } from './thread-producer.js'
import type { ThreadState } from './thread-state.js'
import { TopicNames } from './topic-names.js'
import { WatermarkBroadcast } from './watermark-broadcast.js'

/** The loop gives the event loop a turn at least this often. */
const SLICE_MS = 10
/** While a commit or rebalance is on its way each of its round trips waits for a slice to end. */
const SHORT_SLICE_MS = 2
/** What a slice of time was used for. */
interface Ran {
  readonly worked: boolean
  /** Whether the wall clock had something due. */
  readonly fired: boolean
}

const NOTHING_RAN: Ran = { worked: false, fired: false }
/** With nothing to do the loop sleeps until it is woken, but never longer. */
const MAX_IDLE_MS = 500

/**
 * One thread of processing: one group member, one producer, and the tasks assigned to it. Records are processed
 * in slices between which the event loop turns, so that heartbeats, commits and restores go on at full load.
 */
export class StreamThread implements StreamThreadHandle {
  private readonly transport: BrokerTransport
  private readonly fetcher: Fetcher
  private readonly intake: Intake
  private readonly producer: ThreadProducer
  private readonly member: GroupMember
  private readonly collector: RecordCollector
  private readonly topics: ClusterTopics
  private readonly names: TopicNames
  private readonly starter: TaskStarter
  private readonly tasks: TaskManager
  /** Set once the thread has begun, if the topology has global stores. */
  private globals: GlobalTables | undefined
  private readonly commits: CommitLane
  private readonly broadcast: WatermarkBroadcast
  private readonly alignment: GroupAlignment
  private readonly trimmer: LogTrimmer
  private readonly blocked: BlockedLoopWarnings
  private readonly figures: ThreadFigures
  /** Assignment, revocation and recovery change the set of tasks: one at a time. */
  private readonly taskChanges = new Exclusive()
  private readonly wake = new Signal()
  private readonly patience: RecoveryPatience
  private readonly opener: SerdeOpener
  /** Those that have to be opened. */
  private readonly serdes: SerdeUses
  private readonly stopping = new AbortController()
  private failures: unknown[] = []
  private state: ThreadState = 'created'
  /** Whether tasks are being assigned: the ones there are need not be all. */
  private assigning = true
  /** Set while what was processed is being dropped outside of the loop: nothing more is added to it. */
  private dropping = 0
  private begun: Promise<void> | undefined
  private finished: Promise<void> | undefined
  private ended: Promise<void> | undefined

  constructor(
    private readonly topology: Topology,
    private readonly config: StreamsConfig,
    readonly index: number,
    private readonly home: ThreadHome,
    private readonly events: ThreadEvents,
  ) {
    const name = `${config.applicationId}-${home.processId}-${index}`
    this.opener = { signal: this.stopping.signal, warn: (error) => events.warning(error) }
    const outages = new OutageWarnings((error) => events.warning(error))
    this.transport = home.connect(name, outages.unreachable)
    this.blocked = new BlockedLoopWarnings(
      config,
      () => home.runningTime(),
      (error) => events.warning(error),
    )
    this.names = new TopicNames(config.applicationId, topology.subTopologies)
    this.serdes = serdeUses(topology, config.applicationId)
    this.figures = new ThreadFigures(index, this.names, home.wallClock, new SchemaFigures(this.serdes))
    this.topics = new ClusterTopics(this.transport)
    this.collector = new RecordCollector(this.topics, (topic) => this.names.inKafka(topic))
    this.fetcher = new Fetcher(this.transport, {
      isolation: 'read_committed',
      bufferBytes: config.fetchMaxBytes,
      throttles: this.figures.fetchThrottles,
    })
    this.fetcher.onAvailable = () => this.wake.notify()
    this.intake = new Intake(this.fetcher, this.rateLimits(), () => this.wake.notify())
    this.producer = new ThreadProducer(this.transport, name, config)
    this.starter = new TaskStarter({
      ...this.shared(),
      opener: this.opener,
      home,
      fetchThrottles: this.figures.fetchThrottles,
      stopping: this.stopping.signal,
      answerCame: () => this.wake.notify(),
      globalStore: (name) => this.globals?.store(name),
      restored: (store) => events.restored(store),
      warn: (error) => events.warning(error),
    })
    this.tasks = new TaskManager(
      this.starter,
      (topic) => this.names.readerOf(topic),
      (error) => this.fail(error),
      () => this.wake.notify(),
      (task, tookMs) => this.ran(task, tookMs),
      home.wallClock,
      (tasks) => this.alignment.align(tasks),
    )
    this.alignment = this.alignmentOf(topology)
    this.broadcast = new WatermarkBroadcast(topology.subTopologies, this.shuffles(), this.collector)
    this.commits = new CommitLane(
      () => this.tasks.list,
      {
        ...this.shared(),
        fingerprint: topology.fingerprint,
        producer: this.producer,
        broadcast: this.broadcast,
        wallClock: home.wallClock,
        group: () => this.member.metadata,
        renewed: (refused) => this.member.renewed(refused),
      },
      this.alignment.announcing(config),
      (failure) => this.commitSettled(failure),
      () => this.wake.notify(),
    )
    this.trimmer = new LogTrimmer(this.transport, this.names, config.repartitionPurgeIntervalMs, (error) =>
      events.warning(error),
    )
    this.patience = new RecoveryPatience(
      config.maxPollIntervalMs,
      () => home.runningTime(),
      (failure) => events.warning(failure),
    )
    this.member = streamsMember(
      { ...this.shared(), index, home, draining: () => this.tasks.draining, stopping: () => undefined },
      this.listener(),
    )
  }

  private shared() {
    const { transport, fetcher, intake, collector, topics, names, topology, config } = this
    const topicCounts = this.figures.topics
    return { transport, fetcher, intake, collector, topics, topicCounts, names, topology, config }
  }

  private rateLimits(): RateLimits | undefined {
    return RateLimits.of(this.config.rateLimits, {
      inKafka: (topic) => this.names.inKafka(topic),
      partitionCount: (topic) => this.topics.partitionCount(topic),
      commitLatency: () => this.commits.takeLatency(),
    })
  }

  private alignmentOf({ subTopologies, fingerprint }: Topology): GroupAlignment {
    const { applicationId } = this.config
    const { signal } = this.stopping
    return new GroupAlignment(
      subTopologies,
      new ClusterProgress(this.transport, applicationId, fingerprint, signal),
      () => this.tasks.list,
      () => this.wake.notify(),
      (error) => {
        if (!signal.aborted) this.events.warning(error)
      },
    )
  }

  private shuffles() {
    const { topics, names } = this
    return {
      partitionsOf: (topic: string) => topics.partitionCount(names.inKafka(topic)),
      tasksOf: (subTopology: SubTopology) =>
        Math.max(0, ...names.sourcesOf(subTopology).map((topic) => topics.partitionCount(topic) ?? 0)),
    }
  }

  private listener(): GroupListener {
    return {
      beforeJoin: () => {
        this.assigning = true
        this.figures.rebalanceBegins()
        this.updateState()
        return this.commits.beforeJoin()
      },
      afterSync: () => this.commits.afterSync(),
      revoked: (partitions) => this.change(() => this.giveBack(partitions)),
      assigned: (added, _, userData) => this.change(() => this.assign(added, userData)),
      lost: (partitions, reason) => this.lose(partitions, reason),
      fatal: (error) => this.fail(error),
    }
  }

  /** Joins the group and processes until `close`; resolves when membership has begun. */
  start(): Promise<void> {
    this.begun = this.begin()
    return this.begun
  }

  private async begin(): Promise<void> {
    this.figures.loop.start()
    await this.topics.refresh([
      ...this.names.sources,
      ...this.names.fixedSinks,
      ...this.names.changelogTopics,
      ...this.topology.globals.flatMap(({ sourceTopics }) => sourceTopics),
    ])
    this.stopping.signal.throwIfAborted()
    await openUses(this.serdes, this.opener)
    await this.openGlobals()
    await this.producer.init()
    await this.member.join()
    this.finished = this.loop().catch((error: unknown) => this.die(error))
  }

  /** Global stores hold all that there is when the first task begins. */
  private async openGlobals(): Promise<void> {
    this.globals = await GlobalTables.open({
      ...this.shared(),
      home: this.home,
      index: this.index,
      stopping: this.stopping.signal,
      warn: (error) => this.events.warning(error),
      dropped: (node, reason) => this.starter.countDropped(node, reason),
      storeCounts: (task, store) => this.starter.countsOf(task, store),
    })
    await this.globals?.catchUp()
  }

  private async loop(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      if (this.failures.length > 0) await this.recover()
      this.member.progress()
      const { full } = this.commits
      const blocked = this.commits.ending || full || this.dropping > 0
      if (full) this.tasks.notePauses()
      this.intake.begin()
      const read = this.globals?.run(performance.now() + SHORT_SLICE_MS) ?? false
      this.globals?.poll()
      const ran = blocked ? NOTHING_RAN : this.runSlice()
      if (ran === undefined) continue
      const { worked, fired } = ran
      // A slice and the first turn of ending an epoch are turns of their own.
      if (worked && this.commits.due) await yieldToEventLoop()
      this.commits.poll(!worked, this.intake.throttled)
      this.trimmer.poll(this.tasks.list)
      this.alignment.poll()
      this.updateState()
      if (this.patience.tried && this.drained()) this.patience.reset()
      // What has fired may have begun more than it ended.
      if (worked || fired || read) await yieldToEventLoop()
      else await this.wake.wait(this.idleTime(blocked))
    }
  }

  /** How long to sleep where nothing wakes the loop. */
  private idleTime(blocked: boolean): number {
    const globals = Math.max(1, this.globals?.timeToWork ?? Number.POSITIVE_INFINITY)
    const idle = Math.min(MAX_IDLE_MS, this.commits.timeToNext(), globals)
    return blocked
      ? idle
      : Math.min(idle, Math.max(1, Math.min(this.tasks.timeToWork, this.intake.timeToOpen)))
  }

  private ran(task: Task, tookMs: number): void {
    this.blocked.ran(task, tookMs)
    this.broadcast.tellBetween(this.tasks.list, this.tasks.recordsProcessed)
  }

  /**
   * Processes for one slice of time.
   *
   * @returns what there was to do; undefined: a record met what cannot be read yet, and is to be processed anew
   */
  private runSlice(): Ran | undefined {
    const hurry = this.commits.busy || this.state === 'rebalancing'
    this.blocked.begin()
    try {
      this.tasks.tick()
      const worked = this.tasks.run(performance.now() + (hurry ? SHORT_SLICE_MS : SLICE_MS))
      return { worked, fired: this.tasks.punctuate() }
    } catch (error) {
      if (causeOfClass(error, SchemaPendingError) === undefined) throw error
      // What the record has done up to there is not to be committed.
      this.commits.invalidate()
      this.fail(error)
      return undefined
    }
  }

  private commitSettled(failure: unknown): void {
    if (failure === undefined) {
      this.patience.reset()
      this.wake.notify()
      return
    }
    // Told already, and what this commit was a part of is being dropped.
    if (failure instanceof EpochDropped || (isFenced(failure) && this.dropping > 0)) return
    this.fail(failure)
    if (isFenced(failure)) this.member.requestRejoin()
  }

  private fail(error: unknown): void {
    this.failures.push(error)
    this.wake.notify()
  }

  /** Whether all that there is at the moment is processed and committed. */
  private drained(): boolean {
    return this.tasks.lag === 0 && !this.commits.busy && !this.commits.dirty
  }

  /** Goes on from what is committed, after failures that pass; throws the first one that does not. */
  private async recover(): Promise<void> {
    const fatal = this.failures.find((failure) => !isRecoverable(failure))
    if (fatal !== undefined) throw fatal
    const [failure] = this.failures
    this.failures = []
    await this.patience.next(failure, this.stopping.signal)
    await this.change(() => this.startAnew([]))
  }

  /** Nothing is assumed about what was not committed: it is dropped, and done again from the broker's offsets. */
  private async startAnew(lost: readonly TopicPartition[]): Promise<void> {
    this.figures.recoveries++
    this.commits.invalidate()
    await this.commits.idle()
    this.collector.discard()
    await this.tasks.close(this.tasks.tasksOf(lost))
    await this.producer.recover()
    await this.tasks.restart()
    // What failed up to here went with what was dropped.
    this.failures = this.failures.filter((failure) => !isRecoverable(failure))
    this.commits.reset()
  }

  private async assign(partitions: readonly TopicPartition[], userData: Buffer | null): Promise<void> {
    if (this.stopping.signal.aborted) return
    const { draining, stopping } = instructionsOf(userData)
    if (stopping !== undefined) {
      this.events.applicationStopped(stopping)
      return
    }
    if (draining) this.tasks.draining = true
    const before = new Set(this.tasks.list)
    await this.tasks.assign(partitions)
    this.figures.rebalanceEnds()
    this.rebalanced(
      'assigned',
      this.tasks.list.filter((task) => !before.has(task)),
    )
    this.assigning = false
    this.wake.notify()
  }

  private async giveBack(partitions: readonly TopicPartition[]): Promise<void> {
    const tasks = this.tasks.tasksOf(partitions)
    this.tasks.retire(tasks)
    await this.commits.undisturbed(async () => {
      try {
        await this.commits.commitAll()
      } finally {
        await this.tasks.close(tasks)
      }
    })
    this.rebalanced('revoked', tasks)
  }

  private rebalanced(kind: TaskChanges['kind'], tasks: readonly Task[]): void {
    const ids = (all: readonly Task[]): string[] => all.map(({ id }) => id)
    this.events.rebalanced({ thread: this.index, kind, changed: ids(tasks), tasks: ids(this.tasks.list) })
  }

  /** The partitions may have another owner already: nothing of them may be committed any more. */
  private lose(partitions: readonly TopicPartition[], reason: Error | undefined): void {
    if (reason !== undefined) this.events.warning(reason)
    this.assigning = true
    const tasks = this.tasks.tasksOf(partitions)
    this.tasks.retire(tasks)
    this.dropping++
    this.commits.invalidate()
    // A commit that was refused for the same reason is told of with it.
    this.failures = this.failures.filter((failure) => !isFenced(failure))
    void this.change(() => this.startAnew(partitions)).then(() => {
      this.rebalanced('lost', tasks)
      this.dropping--
      this.wake.notify()
    })
  }

  /** Changes the set of tasks; a failure is the thread's, unless it is that the thread stops. */
  private change(work: () => Promise<void>): Promise<void> {
    return this.taskChanges.run(work).catch((error: unknown) => {
      if (error !== this.stopping.signal.reason) this.fail(error)
    })
  }

  private updateState(): void {
    const ready = !this.assigning && this.tasks.list.every((task) => task.running)
    this.enter(ready ? 'running' : 'rebalancing')
  }

  private enter(state: ThreadState): void {
    const ends = state === 'closing' || state === 'closed' || state === 'failed'
    if (state === this.state || (this.stopping.signal.aborted && !ends)) return
    this.state = state
    this.events.state(state)
  }

  /** Stops intake, commits what was processed, leaves the group and closes everything. */
  close(): Promise<void> {
    this.ended ??= this.end()
    return this.ended
  }

  private async end(): Promise<void> {
    this.stopping.abort()
    this.enter('closing')
    this.wake.notify()
    if (this.finished === undefined) await this.interruptBegin()
    await this.finished
    if (this.state === 'failed') return
    try {
      await this.commits.commitAll()
      for (const failure of this.failures) this.events.warning(failure)
    } finally {
      await this.release()
      this.enter('closed')
    }
  }

  /** Nothing was processed yet: there is nothing to wait for. */
  private async interruptBegin(): Promise<void> {
    this.commits.invalidate()
    this.producer.close()
    this.member.close()
    await Promise.allSettled([this.begun])
  }

  private async die(error: unknown): Promise<void> {
    this.stopping.abort()
    this.figures.fails(error)
    // A record may be half processed.
    this.commits.invalidate()
    this.events.error(error)
    await this.commits.idle()
    await this.release()
    this.enter('failed')
  }

  /** Closes everything, whatever fails meanwhile. Tasks first: another thread gets them when we leave. */
  private async release(): Promise<void> {
    const steps = [
      () => this.taskChanges.run(() => this.tasks.close(this.tasks.list)),
      async () => this.globals?.close(),
      () => this.producer.abort(),
      () => this.member.leave(),
      async () => this.intake.close(),
      () => this.fetcher.close(),
      () => this.starter.shutDown(),
    ]
    for (const step of steps) await step().catch((error: unknown) => this.events.warning(error))
    this.figures.loop.stop()
    this.producer.close()
    await this.transport.close()
  }

  /** Ends without committing or leaving: whatever waits for the cluster is given up. */
  async terminate(): Promise<void> {
    this.stopping.abort()
    this.commits.invalidate()
    this.producer.close()
    this.member.close()
    await this.transport.close()
    await this.close()
  }

  drain(): void {
    if (this.tasks.draining) return
    this.tasks.draining = true
    // The leader of the group tells all the others.
    this.member.requestRejoin()
    this.wake.notify()
  }

  async query(query: StoreQuery): Promise<StoreRow[]> {
    const { globals } = this
    if (globals?.has(query.store)) return whenReadable(() => answerQuery(globals.state, query))
    const tasks = this.tasks.list.filter((task) =>
      task.subTopology.stores.some(({ name }) => name === query.store),
    )
    const answers = await Promise.all(tasks.map((task) => whenReadable(() => answerQuery(task.state, query))))
    return answers.flat()
  }

  metrics(): ThreadMetrics {
    const { state, intake, tasks, globals, starter, commits, broadcast, producer } = this
    return this.figures.of({ state, intake, tasks, globals, starter, commits, broadcast, producer })
  }
}
