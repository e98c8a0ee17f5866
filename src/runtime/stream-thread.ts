import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { Fetcher } from '../kafka/consumer/fetcher.js'
import type { GroupListener } from '../kafka/group/group-listener.js'
import { GroupMember } from '../kafka/group/group-member.js'
import { Producer } from '../kafka/producer/producer.js'
import type { TopicPartition } from '../kafka/topic-partition.js'
import { KafkaJsTransport } from '../kafka/transport/kafkajs-transport.js'
import type { Topology } from '../topology/topology.js'
import { ClusterTopics } from './cluster-topics.js'
import { isRecoverable } from './commit-failure.js'
import { CommitLane } from './commit-lane.js'
import { Exclusive } from './exclusive.js'
import { localTasks } from './local-tasks.js'
import { LogTrimmer } from './log-trimmer.js'
import { RecordCollector } from './record-collector.js'
import { RecoveryPatience } from './recovery-patience.js'
import { Signal } from './signal.js'
import type { StoreQuery, StoreRow } from './store-query.js'
import { answerQuery } from './store-query.js'
import type { ThreadMetrics } from './stream-metrics.js'
import type { StreamThreadHandle } from './stream-thread-handle.js'
import { StreamsAssignor } from './streams-assignor.js'
import { connectionOptions, type StreamsConfig } from './streams-config.js'
import { TaskManager } from './task-manager.js'
import { TaskStarter } from './task-starter.js'
import type { ThreadHome } from './thread-home.js'
import { TopicNames } from './topic-names.js'

/** The loop gives the event loop a turn at least this often. */
const SLICE_MS = 10
/** While a commit or rebalance is on its way each of its round trips waits for a slice to end. */
const SHORT_SLICE_MS = 2
/** With nothing to do the loop sleeps until it is woken, but never longer. */
const MAX_IDLE_MS = 500

export type ThreadState = 'created' | 'rebalancing' | 'running' | 'closing' | 'closed' | 'failed'

export interface ThreadEvents {
  state(state: ThreadState): void
  /** The thread has ended because of this. */
  error(error: unknown): void
  /** Something did not work that is tried again. */
  warning(error: unknown): void
}

/**
 * One thread of processing: one group member, one producer, and the tasks assigned to it. Records are processed
 * in slices between which the event loop turns, so that heartbeats, commits and restores go on at full load.
 */
export class StreamThread implements StreamThreadHandle {
  private readonly transport: KafkaJsTransport
  private readonly fetcher: Fetcher
  private readonly producer: Producer
  private readonly member: GroupMember
  private readonly collector: RecordCollector
  private readonly topics: ClusterTopics
  private readonly names: TopicNames
  private readonly starter: TaskStarter
  private readonly tasks: TaskManager
  private readonly commits: CommitLane
  private readonly trimmer: LogTrimmer
  /** Assignment, revocation and recovery change the set of tasks: one at a time. */
  private readonly taskChanges = new Exclusive()
  private readonly wake = new Signal()
  private readonly patience: RecoveryPatience
  private readonly failures: unknown[] = []
  private state: ThreadState = 'created'
  private stopRequested = false
  private nextTask = 0
  private finished: Promise<void> | undefined

  constructor(
    private readonly topology: Topology,
    private readonly config: StreamsConfig,
    readonly index: number,
    private readonly home: ThreadHome,
    private readonly events: ThreadEvents,
  ) {
    const name = `${config.applicationId}-${home.processId}-${index}`
    this.transport = new KafkaJsTransport(connectionOptions(config, name))
    this.names = new TopicNames(config.applicationId, topology.subTopologies)
    this.topics = new ClusterTopics(this.transport)
    this.collector = new RecordCollector(this.topics, (topic) => this.names.inKafka(topic))
    this.fetcher = new Fetcher(this.transport, {
      isolation: 'read_committed',
      bufferBytes: config.fetchMaxBytes,
    })
    this.fetcher.onAvailable = () => this.wake.notify()
    const transactional = config.processingGuarantee === 'exactly_once'
    this.producer = new Producer(this.transport, {
      transactionalId: transactional ? name : undefined,
      transactionTimeoutMs: config.transactionTimeoutMs,
    })
    this.starter = new TaskStarter({ ...this.shared(), home })
    this.tasks = new TaskManager(
      this.starter,
      (topic) => this.names.readerOf(topic),
      (error) => this.fail(error),
      () => this.wake.notify(),
    )
    this.commits = new CommitLane(
      () => this.tasks.list,
      {
        ...this.shared(),
        fingerprint: topology.fingerprint,
        producer: this.producer,
        group: () => this.member.metadata,
      },
      { transactional, intervalMs: config.commitIntervalMs, maxBytes: config.epochMaxBytes },
      (failure) => this.commitSettled(failure),
    )
    this.trimmer = new LogTrimmer(this.transport, this.names, config.repartitionPurgeIntervalMs, (error) =>
      events.warning(error),
    )
    this.patience = new RecoveryPatience(config.maxPollIntervalMs, (failure) => events.warning(failure))
    this.member = this.createMember()
  }

  private shared() {
    const { transport, fetcher, collector, topics, names, topology, config } = this
    return { transport, fetcher, collector, topics, names, topology, config }
  }

  private createMember(): GroupMember {
    const { config, home, names } = this
    const instance = config.groupInstanceId
    return new GroupMember(this.transport, {
      groupId: config.applicationId,
      ...(instance === undefined ? {} : { groupInstanceId: `${instance}-${this.index}` }),
      sessionTimeoutMs: config.sessionTimeoutMs,
      maxPollIntervalMs: config.maxPollIntervalMs,
      topics: names.sources,
      assignor: new StreamsAssignor({
        processId: home.processId,
        fingerprint: this.topology.fingerprint,
        subTopologies: this.topology.subTopologies.map((each) => ({
          id: each.id,
          stateful: each.stores.length > 0,
          topics: names.sourcesOf(each),
        })),
        localState: () => localTasks(home.stateDirectory),
        partitionCounts: async (topics) => {
          await this.topics.refresh(topics)
          return new Map(topics.map((topic) => [topic, this.topics.partitionCount(topic) ?? 0]))
        },
      }),
      listener: this.listener(),
    })
  }

  private listener(): GroupListener {
    return {
      beforeJoin: () => {
        this.enter('rebalancing')
        return this.commits.hold()
      },
      afterSync: () => this.commits.release(),
      revoked: (partitions) => this.change(() => this.giveBack(partitions)),
      assigned: (added) => this.change(() => this.tasks.assign(added)),
      lost: (partitions) => void this.change(() => this.drop(partitions)),
      fatal: (error) => this.fail(error),
    }
  }

  /** Joins the group and processes until `close`; resolves when membership has begun. */
  async start(): Promise<void> {
    await this.topics.refresh([
      ...this.names.sources,
      ...this.names.fixedSinks,
      ...this.names.changelogTopics,
    ])
    await this.producer.init()
    await this.member.join()
    this.finished = this.loop().catch((error: unknown) => this.die(error))
  }

  private async loop(): Promise<void> {
    while (!this.stopRequested) {
      if (this.failures.length > 0) await this.recover()
      this.member.progress()
      const processed = this.commits.full ? 0 : this.runSlice()
      this.commits.poll(processed === 0)
      this.trimmer.poll(this.tasks.list)
      this.updateState()
      if (processed > 0) await yieldToEventLoop()
      else await this.wake.wait(Math.min(MAX_IDLE_MS, this.commits.timeToNext()))
    }
  }

  /** Processes what is fetched, task after task, for one slice of time; returns the number of records. */
  private runSlice(): number {
    const hurry = this.commits.busy || this.state === 'rebalancing'
    const deadline = performance.now() + (hurry ? SHORT_SLICE_MS : SLICE_MS)
    const { list } = this.tasks
    let processed = 0
    for (let count = 0; count < list.length; count++) {
      const task = list[this.nextTask++ % list.length]!
      processed += task.run(deadline)
      if (performance.now() >= deadline) break
    }
    return processed
  }

  private commitSettled(failure: unknown): void {
    if (failure === undefined) this.patience.reset()
    else this.failures.push(failure)
    this.wake.notify()
  }

  private fail(error: unknown): void {
    this.failures.push(error)
    this.wake.notify()
  }

  /** After a failed commit nothing is assumed: drop what is not committed and go on from what the broker has. */
  private async recover(): Promise<void> {
    const fatal = this.failures.find((failure) => !isRecoverable(failure))
    if (fatal !== undefined) throw fatal
    await this.patience.next(this.failures[0])
    await this.taskChanges.run(async () => {
      await this.commits.idle()
      this.failures.length = 0
      this.collector.discard()
      await this.producer.recover()
      await this.tasks.restart()
    })
  }

  private async giveBack(partitions: readonly TopicPartition[]): Promise<void> {
    const tasks = this.tasks.tasksOf(partitions)
    for (const task of tasks) task.pause()
    try {
      if (this.failures.length === 0) await this.commits.commitAll()
    } finally {
      await this.tasks.close(tasks)
    }
  }

  /** Changes the set of tasks; a failure is the thread's. */
  private change(work: () => Promise<void>): Promise<void> {
    return this.taskChanges.run(work).catch((error: unknown) => this.fail(error))
  }

  /** The partitions may have another owner already: nothing of them may be committed any more. */
  private async drop(partitions: readonly TopicPartition[]): Promise<void> {
    await this.commits.idle()
    this.collector.discard()
    await this.producer.recover()
    await this.tasks.close(this.tasks.tasksOf(partitions))
    await this.tasks.restart()
  }

  private updateState(): void {
    const { list } = this.tasks
    const ready = this.member.joined && list.every((task) => task.running)
    this.enter(ready ? 'running' : 'rebalancing')
  }

  private enter(state: ThreadState): void {
    if (state === this.state) return
    this.state = state
    this.events.state(state)
  }

  /** Stops intake, commits what was processed, leaves the group and closes everything. */
  async close(): Promise<void> {
    if (this.stopRequested) return this.finished
    this.stopRequested = true
    this.enter('closing')
    this.wake.notify()
    await this.finished
    if (this.state === 'failed') return
    try {
      if (this.failures.length === 0) await this.commits.commitAll()
    } finally {
      await this.release()
      this.enter('closed')
    }
  }

  private async die(error: unknown): Promise<void> {
    this.stopRequested = true
    this.events.error(error)
    await this.commits.idle()
    await this.release()
    this.enter('failed')
  }

  private async release(): Promise<void> {
    await this.taskChanges.run(() => this.tasks.close(this.tasks.list))
    await this.member.leave()
    await this.fetcher.close()
    await this.starter.shutDown()
    this.producer.close()
    await this.transport.close()
  }

  /** Ends at once, without committing or leaving. */
  async terminate(): Promise<void> {
    this.stopRequested = true
    this.member.close()
    this.producer.close()
    await this.fetcher.close()
    await this.transport.close()
  }

  async query(query: StoreQuery): Promise<StoreRow[]> {
    const tasks = this.tasks.list.filter((task) =>
      task.subTopology.stores.some(({ name }) => name === query.store),
    )
    const answers = await Promise.all(tasks.map((task) => answerQuery(task.state, query)))
    return answers.flat()
  }

  metrics(): ThreadMetrics {
    const { list } = this.tasks
    const lags = list.map((task) => task.lag)
    return {
      thread: this.index,
      tasks: list.map((task) => task.id),
      recordsProcessed: this.tasks.recordsProcessed,
      outputRecords: this.commits.stats.outputRecords,
      commits: this.commits.stats.commits,
      lastCommitMs: this.commits.stats.lastCommitMs,
      lag: lags.includes(undefined) ? undefined : lags.reduce<number>((sum, lag) => sum + lag!, 0),
      streamTime: Math.max(-1, ...list.map((task) => task.streamTime)),
      recordsRestored: this.starter.recordsRestored,
      dropped: this.starter.dropped(),
    }
  }
}
