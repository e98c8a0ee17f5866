import type { TopicPartition } from '../kafka/topic-partition.js'
import { topicPartitionKey } from '../kafka/topic-partition.js'
import type { ChangelogWriter } from '../state/changelog-writer.js'
import type { TaskState } from '../state/task-state.js'
import type { SubTopology } from '../topology/sub-topology.js'
import { InputOrder } from './input-order.js'
import type { ProcessingGraph } from './processing-graph.js'
import { SlicePace } from './slice-pace.js'
import type { InputMetrics, TaskEventTime } from './stream-metrics.js'
import type { TaskInput } from './task-input.js'
import type { CoveredBatches } from './uncommitted-batches.js'

/** An input offset to commit, with what goes beside it. */
export interface InputPosition extends TopicPartition {
  readonly offset: number
  readonly partitionTime: number
  /** Where the task's operators stand in event time. */
  readonly operatorTimes: string
  /** How far its own event time has come, where others are to know. */
  readonly eventTime: number | undefined
  /** The batches that it is behind, since the commit before. */
  readonly batches: CoveredBatches
}

/**
 * One partition of a sub-topology: its inputs, its processors, its state. Runs records one at a time, depth
 * first, on the thread that owns it.
 */
export class Task {
  private inputs: readonly TaskInput[] = []
  private order!: InputOrder<TaskInput>
  private readonly pace = new SlicePace()
  /** Positions that the last epoch covers, committed or on its way. */
  private readonly covered = new Map<string, number>()
  /** Positions that are committed. */
  private readonly committed = new Map<string, InputPosition>()
  private paused = false
  /** Set while the task has processed something that no epoch covers yet. */
  private touched = false
  recordsProcessed = 0
  /** Time in which it ran, milliseconds. */
  processingMs = 0
  private markersRead = 0

  constructor(
    readonly id: string,
    readonly subTopology: SubTopology,
    readonly partition: number,
    readonly partitions: readonly TopicPartition[],
    readonly graph: ProcessingGraph,
    readonly state: TaskState,
    /** Changelog topics in Kafka, by store. */
    readonly changelogTopics: ReadonlyMap<string, string>,
    readonly changelog: ChangelogWriter,
    /** How long an input without records is waited for; undefined: not at all. */
    private readonly maxIdleMs: number | undefined,
  ) {
    this.aligned = subTopology.nodes.some(
      (node) => node.kind === 'source' && node.watermark?.alignment !== undefined,
    )
  }

  /** Whether the task is restored and reads its inputs. */
  get running(): boolean {
    return this.inputs.length > 0
  }

  /** Begins to process; `committed` are the offsets that the group has committed. */
  resume(inputs: readonly TaskInput[]): void {
    this.inputs = inputs
    for (const input of inputs) input.begin()
    if (this.watermarked) this.graph.beginTime()
    this.order = new InputOrder(inputs, this.maxIdleMs, () => performance.now())
    this.paused = false
    this.touched = false
    this.covered.clear()
    this.committed.clear()
    for (const { topic, partition, position } of inputs)
      this.covered.set(topicPartitionKey(topic, partition), position)
  }

  /** Processes nothing more; what was processed can still be committed. */
  pause(): void {
    this.paused = true
    this.graph.abandonCalls()
  }

  /** Stops reading; what was processed but not committed is to be dropped or committed by the caller. */
  suspend(): void {
    this.graph.abandonCalls()
    for (const input of this.inputs) input.close()
    this.inputs = []
    this.touched = false
  }

  /**
   * Processes fetched records until `deadline` (as `performance.now()`) or until none is left, and what they have begun.
   *
   * @returns whether there was anything to do
   */
  run(deadline: number): boolean {
    if (this.paused || !this.running) return false
    let worked = false
    do {
      if (this.graph.unfinished) {
        this.goOn(deadline)
        worked = true
      }
      if (this.graph.unfinished || this.graph.full) break
      const processed = this.runRecords(deadline)
      this.recordsProcessed += processed - this.markersRead
      this.markersRead = 0
      if (processed > 0) worked = true
    } while (this.graph.unfinished && performance.now() < deadline)
    if (worked) this.touched = true
    return worked
  }

  /** Goes on with what a record has begun until `deadline`, with one step at least. */
  private goOn(deadline: number): void {
    const { graph } = this
    do graph.goOn()
    while (graph.unfinished && performance.now() < deadline)
  }

  /** Processes records, up to one that is not over with its call; returns how many. */
  private runRecords(deadline: number): number {
    return this.inputs.length === 1 ? this.runSingle(this.inputs[0]!, deadline) : this.runMerged(deadline)
  }

  private runSingle(input: TaskInput, deadline: number): number {
    const { graph, pace } = this
    if (!input.advance()) return 0
    let processed = 0
    let left = pace.begin(deadline)
    do {
      const taken = input.processHead()
      if (taken === 'awaited') break
      if (taken === 'marker') this.markersRead++
      processed++
      if (graph.unfinished || graph.full) break
      if (--left === 0) left = pace.look()
    } while (left > 0 && input.advance())
    return processed
  }

  /**
   * Takes note of whether its inputs are read on from.
   *
   * @param reason why not, where that has to do with all tasks
   */
  notePauses(now: number, reason?: 'commit'): void {
    const shared = reason ?? (this.graph.full ? 'calls' : undefined)
    for (let at = 0; at < this.inputs.length; at++) this.inputs[at]!.notePause(shared, now)
  }

  /** Milliseconds until the wall clock has something to fire here; infinite: never. */
  get timeToPunctuation(): number {
    return this.paused || !this.running ? Number.POSITIVE_INFINITY : this.graph.timeToWallClock
  }

  /** Fires what the wall clock has due; returns whether anything was. */
  punctuate(): boolean {
    if (this.timeToPunctuation > 0 || !this.graph.fireWallClock()) return false
    this.touched = true
    return true
  }

  /** Whether its event time comes from watermarks. */
  get watermarked(): boolean {
    return this.subTopology.shuffles !== undefined
  }

  /** How far event time has come, where it comes from watermarks. */
  get eventTime(): TaskEventTime | undefined {
    if (!this.watermarked) return undefined
    const waiting = this.inputs.filter(({ idle }) => !idle)
    const least = Math.min(...waiting.map(({ eventTime }) => eventTime))
    return {
      task: this.id,
      watermark: this.graph.watermark,
      waitsFor: waiting
        .filter(({ eventTime }) => eventTime === least)
        .map(({ topic, partition }) => topicPartitionKey(topic, partition)),
      held: this.inputs.flatMap((input) => input.hold ?? []),
    }
  }

  /** Whether an input is not to be far ahead of others in event time. */
  readonly aligned: boolean

  /** The inputs that are not to be far ahead of others in event time. */
  get alignedInputs(): readonly TaskInput[] {
    return this.watermarked && !this.paused
      ? this.inputs.filter(({ alignment }) => alignment !== undefined)
      : []
  }

  /**
   * Looks how event time goes on without records.
   *
   * @param now the wall clock, epoch milliseconds
   * @param draining whether it ends where nothing is left to read
   */
  tick(now: number, draining: boolean): void {
    if (this.paused || !this.watermarked) return
    for (const input of this.inputs) {
      const moved = input.tick(now)
      const ended = draining && input.endIfRead()
      if (moved || ended) this.touched = true
    }
  }

  /** Whether a processor asked for a commit. */
  get commitRequested(): boolean {
    return this.graph.commitRequested
  }

  /** With several inputs their order decides. */
  private runMerged(deadline: number): number {
    const { order, graph, pace } = this
    let processed = 0
    order.begin()
    let left = pace.begin(deadline)
    for (let next = order.next(); next !== undefined; next = order.next()) {
      const taken = next.processHead()
      if (taken === 'marker') this.markersRead++
      if (taken !== 'awaited') processed++
      if (graph.unfinished) break
      order.processed(next)
      if (graph.full) break
      if (--left === 0) left = pace.look()
      if (left === 0) break
    }
    return processed
  }

  /** Milliseconds until an input without records is not waited for any longer; infinite: none is. */
  get timeToInput(): number {
    return this.paused || this.inputs.length < 2 ? Number.POSITIVE_INFINITY : this.order.timeToGiveUp
  }

  /** The names of what runs here. */
  get operators(): string[] {
    return this.subTopology.nodes.map(({ name }) => name)
  }

  /** How far it has come, for people. */
  get whereabouts(): string {
    const at = this.inputs.map(({ topic, partition, position }) => {
      return `topic ${topic}, partition ${partition}, offset ${position - 1}`
    })
    return at.join('; ')
  }

  /** Whether there is anything to commit: records processed, or a position past control records. */
  get dirty(): boolean {
    if (this.touched) return true
    for (const input of this.inputs) {
      if (this.covered.get(topicPartitionKey(input.topic, input.partition)) !== input.position) return true
    }
    return false
  }

  /** Ends the task's part of an epoch: the positions that it covers. */
  endEpoch(): InputPosition[] {
    this.touched = false
    this.graph.commitRequested = false
    const { operatorTimes } = this.graph
    return this.inputs.map((input) => {
      const { topic, partition, position, partitionTime } = input
      this.covered.set(topicPartitionKey(topic, partition), position)
      const eventTime = input.alignment === undefined ? undefined : input.eventTime
      const batches = input.coverBatches()
      return { topic, partition, offset: position, partitionTime, operatorTimes, eventTime, batches }
    })
  }

  /** Takes note that the positions of an epoch are durable. @param wallTime the wall clock, epoch milliseconds */
  epochCommitted(positions: readonly InputPosition[], wallTime: number): void {
    for (const position of positions) {
      position.batches.committed(wallTime)
      this.committed.set(topicPartitionKey(position.topic, position.partition), position)
    }
  }

  /** Input positions that this task has committed since it began. */
  committedPositions(): InputPosition[] {
    return [...this.committed.values()]
  }

  /** Records not processed yet; undefined until known of every input. */
  get lag(): number | undefined {
    // A record that is not over counts as one that is not processed.
    let total = (this.graph.unfinished ? 1 : 0) + this.graph.inFlight
    for (const input of this.inputs) {
      const { lag } = input
      if (lag === undefined) return undefined
      total += lag
    }
    return this.running ? total : undefined
  }

  /** How far its inputs are read; none before it is restored. @param wallTime the wall clock, epoch milliseconds */
  inputMetrics(wallTime: number): InputMetrics[] {
    return this.inputs.map((input) => input.metrics(wallTime))
  }

  /** The greatest timestamp that the task took from any input. */
  get streamTime(): number {
    return this.inputs.reduce((time, input) => Math.max(time, input.partitionTime), -1)
  }
}
