import { DurationHistogram } from './duration-histogram.js'
import { Epoch, type EpochContext } from './epoch.js'
import { Signal } from './signal.js'
import type { StreamsConfig } from './streams-config.js'
import type { Task } from './task.js'
import { type SentToTopic, sentByTopic, type TopicCounts } from './topic-counts.js'
import { inTurns } from './turns.js'

/** Time between two commits when the input is drained: a burst becomes visible at once, a trickle not too often. */
const DRAINED_COMMIT_INTERVAL_MS = 10

/** The same where there is more that may not be read yet: what is read in small portions is not to be sent in such. */
const THROTTLED_COMMIT_INTERVAL_MS = 100

/** Ending an epoch gives the event loop a turn at least this often. */
const TURN_MS = 5

/** At least once only: output that is sent before its commit, so that commits far apart do not hold it back. */
const FLUSH_BYTES = 1024 * 1024

export type CommitPolicy = Pick<StreamsConfig, 'processingGuarantee' | 'commitIntervalMs' | 'epochMaxBytes'>

/** Commits of a thread since it began. */
export class CommitStats {
  commits = 0
  outputRecords = 0
  readonly commitTimes = new DurationHistogram()
  readonly transactionTimes = new DurationHistogram()

  /** @param topics where what is sent is counted by topic */
  constructor(private readonly topics: TopicCounts) {}

  committed(epoch: Epoch, tookMs: number): void {
    this.commits++
    this.commitTimes.observe(tookMs)
    if (epoch.transactionMs !== undefined) this.transactionTimes.observe(epoch.transactionMs)
    this.sent(epoch.outputRecords, epoch.sent)
  }

  sent(outputRecords: number, topics: readonly SentToTopic[]): void {
    this.outputRecords += outputRecords
    this.topics.sent(topics)
  }
}

/**
 * Takes the epochs of a thread through their commit, one after the other: while one is on its way, the next is
 * processed, and waits its turn.
 */
export class CommitLane {
  private inFlight: Promise<boolean> | undefined
  private inFlightBytes = 0
  private endingEpoch = false
  private held = false
  private undisturbedWorks = 0
  /** Whether what was processed since the last commit is to be dropped: nothing may be committed on top of it. */
  private broken = false
  private readonly released = new Signal()
  private lastCommit = performance.now()
  private lastSend = this.lastCommit
  private drainedIntervalMs = DRAINED_COMMIT_INTERVAL_MS
  /** The longest that something took to be acknowledged since that was last asked for. */
  private longestMs = 0
  private readonly transactional: boolean
  readonly stats: CommitStats

  constructor(
    private readonly tasks: () => readonly Task[],
    private readonly context: EpochContext,
    private readonly policy: CommitPolicy,
    /** Called when a commit ends, well or not. */
    private readonly settled: (failure: unknown) => void,
    /** Called when an epoch has ended: processing goes on. */
    private readonly ended: () => void,
  ) {
    this.stats = new CommitStats(context.topicCounts)
    this.transactional = policy.processingGuarantee === 'exactly_once'
  }

  /** Whether a commit is on its way. */
  get busy(): boolean {
    return this.inFlight !== undefined
  }

  /** Whether an epoch is being ended: nothing may be processed until it is. */
  get ending(): boolean {
    return this.endingEpoch
  }

  /** Bytes that wait for a commit. */
  get pendingBytes(): number {
    let bytes = this.context.collector.byteLength + this.inFlightBytes
    for (const task of this.tasks()) bytes += task.state.dirtyBytes
    return bytes
  }

  /** Whether intake must stop: all epochs that are open or in flight have reached their bound. */
  get full(): boolean {
    return this.pendingBytes >= this.policy.epochMaxBytes
  }

  private get mayBegin(): boolean {
    return !(this.busy || this.held || this.broken || this.undisturbedWorks > 0)
  }

  /** Whether `poll` would begin a commit, if there is anything to commit. */
  get due(): boolean {
    return (
      this.mayBegin &&
      (performance.now() - this.lastCommit >= this.policy.commitIntervalMs ||
        this.pendingBytes >= this.policy.epochMaxBytes / 2 ||
        this.tasks().some((task) => task.commitRequested))
    )
  }

  /**
   * The longest that output or a commit took, milliseconds, of those on their way since the last call; what still is counts
   * up to now.
   */
  takeLatency(): number {
    const latency = Math.max(this.longestMs, this.busy ? performance.now() - this.lastSend : 0)
    this.longestMs = 0
    return latency
  }

  /**
   * Begins a commit if it is time for one.
   *
   * @param drained whether nothing is left to process at the moment
   * @param throttled whether there is more that may not be read yet
   */
  poll(drained: boolean, throttled = false): void {
    this.drainedIntervalMs = throttled ? THROTTLED_COMMIT_INTERVAL_MS : DRAINED_COMMIT_INTERVAL_MS
    if (!this.mayBegin) return
    const quiet = drained && performance.now() - this.lastSend >= this.drainedIntervalMs
    if (this.due || (quiet && this.transactional)) {
      if (this.dirty) this.begin()
    } else if (quiet || this.context.collector.byteLength >= FLUSH_BYTES || this.tells) {
      this.flush()
    }
  }

  /** Milliseconds until `poll` may have something to do. */
  timeToNext(): number {
    const { policy } = this
    if (this.busy || this.held || this.broken || !this.dirty) return policy.commitIntervalMs
    const now = performance.now()
    const toCommit = policy.commitIntervalMs - (now - this.lastCommit)
    const soon = this.transactional || this.context.collector.byteLength > 0
    const toSend = soon ? this.drainedIntervalMs - (now - this.lastSend) : toCommit
    return Math.max(1, Math.min(toCommit, toSend))
  }

  /** Commits all that was processed up to now; resolves with whether it is durable. */
  async commitAll(): Promise<boolean> {
    // Looking and beginning are one step: while waiting, the loop may have begun another commit.
    while (!this.broken) {
      if (this.inFlight !== undefined) await this.inFlight
      else if (!this.dirty) return true
      else if (this.held) await this.released.wait(1000)
      else return this.begin()
    }
    await this.idle()
    return false
  }

  /** Does work in which only `commitAll` may begin a commit: what it takes away must not be on its way. */
  async undisturbed(work: () => Promise<void>): Promise<void> {
    this.undisturbedWorks++
    try {
      await work()
    } finally {
      this.undisturbedWorks--
    }
  }

  /** Begins no commit until `reset`: what was processed since the last one is to be dropped. */
  invalidate(): void {
    this.broken = true
    this.released.notify()
  }

  /** Everything that was not committed is dropped: commits may go on from there. */
  reset(): void {
    this.context.broadcast.reset()
    this.broken = false
  }

  /**
   * Resolves when no commit is on its way. At least once, none begins until `afterSync`: the coordinator would refuse
   * its offsets. Those of a transaction it takes all the while, so that a rebalance holds nothing up.
   */
  async beforeJoin(): Promise<void> {
    this.held = true
    await this.idle()
    if (this.transactional) this.release()
  }

  afterSync(): void {
    this.release()
  }

  private release(): void {
    this.held = false
    this.released.notify()
  }

  /** Resolves when no commit is on its way, however it ended. */
  async idle(): Promise<void> {
    while (this.inFlight !== undefined) await this.inFlight
  }

  /** Whether there is anything to commit. */
  get dirty(): boolean {
    return this.tasks().some((task) => task.dirty) || (this.transactional && this.tells)
  }

  /** Whether readers of repartition topics are to be told how far event time has come. */
  private get tells(): boolean {
    return this.context.broadcast.due(this.tasks())
  }

  private begin(): Promise<boolean> {
    this.lastCommit = performance.now()
    return this.track(0, this.commit())
  }

  private async commit(): Promise<void> {
    const epoch = await this.endEpoch()
    const begun = performance.now()
    this.inFlightBytes = epoch.byteLength
    const dropped = (): boolean => this.broken
    await (this.transactional ? epoch.commitTransaction(dropped) : epoch.commitAtLeastOnce(dropped))
    this.stats.committed(epoch, performance.now() - begun)
  }

  private async endEpoch(): Promise<Epoch> {
    const tasks = this.tasks().filter((task) => task.running)
    this.endingEpoch = true
    try {
      return await inTurns(Epoch.end(tasks, this.context), TURN_MS)
    } finally {
      this.endingEpoch = false
      this.ended()
    }
  }

  /** Follows work to its end; resolves with whether it went well. A failure is told through `settled`. */
  private track(bytes: number, work: Promise<void>): Promise<boolean> {
    this.lastSend = performance.now()
    this.inFlightBytes = bytes
    this.inFlight = work.then(
      () => this.finish(undefined),
      (failure: unknown) => this.finish(failure),
    )
    return this.inFlight
  }

  private finish(failure: unknown): boolean {
    this.inFlight = undefined
    this.inFlightBytes = 0
    this.longestMs = Math.max(this.longestMs, performance.now() - this.lastSend)
    if (failure !== undefined) this.invalidate()
    this.settled(failure)
    return failure === undefined
  }

  /** At least once only: output becomes visible before its commit. */
  private flush(): void {
    const { collector, producer, broadcast } = this.context
    if (this.transactional) return
    broadcast.tell(this.tasks())
    if (collector.byteLength === 0) return
    const bytes = collector.byteLength
    const output = collector.take()
    const produce = async (): Promise<void> => {
      await collector.resolve(output)
      await producer.produce(output.batches)
      const sent = sentByTopic(output)
      collector.recycle(output)
      this.stats.sent(output.records, sent)
    }
    this.track(bytes, produce())
  }
}
