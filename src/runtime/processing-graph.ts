import type { Downstream, DropReason, Processor, RecordContext } from '../../operators/processor.js'
import { putDown } from '../../operators/record-in-hand.js'
import { NO_HEADERS } from '../serdes/record-headers.js'
import type { StateStore } from '../state/store.js'
import { matches } from '../topology/matched-topics.js'
import {
  type ProcessorNode,
  type SubTopology,
  sourcesOf,
  type TopologyNode,
} from '../topology/sub-topology.js'
import type { FlowingTask } from './event-time-flow.js'
import type { ExceptionHandlers } from './exception-handlers.js'
import { ExceptionPolicy, type TaskInHand } from './exception-policy.js'
import { GraphEventTime, type ShuffleTime } from './graph-event-time.js'
import { OperatorTimes } from './operator-times.js'
import { NodeContext } from './processing-context.js'
import { fanOut } from './processing-fan-out.js'
import { strict } from './processing-strict-store.js'
import { TaskTime } from './punctuation.js'
import { readOnlyTopic } from './read-only-store.js'
import { type RecordSender, SinkProcessor } from './sink-processor.js'
import { SourceProcessor } from './source-processor.js'
import type { AsyncCallMetrics, TimerMetrics } from './stream-metrics.js'
import { TaskCalls } from './task-calls.js'
import { TaskTimers } from './task-timers.js'
import { UnfinishedWork } from './unfinished-work.js'

/** What a task gives to its processors. */
export interface ProcessingPorts {
  readonly taskId: string
  /** The task's store of a name that the topology declares. */
  store(name: string): StateStore
  /** A store that every task reads; undefined: there is none of the name. */
  globalStore?(name: string): StateStore | undefined
  readonly sender: RecordSender
  /** Counts a record that is not processed further. */
  dropped(node: string, reason: DropReason): void
  /**
   * Whether stored values go through their serdes at every write and are frozen: slow, for tests and development.
   * Finds programs that change shared values, or whose values are not what their serdes give back.
   */
  readonly strictValues?: boolean
  /** What to do about records that cannot be processed; absent: fail. */
  readonly exceptions?: ExceptionHandlers
  /** The wall clock, epoch milliseconds; absent: that of the machine. */
  now?(): number
  /** The least wall time between two looks for windows that have closed, milliseconds; absent: 0. */
  readonly emitInterval?: number
  /** Takes note of what operators have counted that are there no more. */
  countsEnded?(calls: readonly AsyncCallMetrics[], timers: readonly TimerMetrics[]): void
  /** Called, at any time, when something has come from outside that the task is to go on with. */
  answerCame?(): void
}

type AnyProcessor = Processor<unknown, unknown, unknown, unknown>
type AnyDownstream = Downstream<unknown, unknown>

/** The running processors of one task, wired by plain calls. */
export class ProcessingGraph {
  private sources: Map<string, SourceProcessor> | undefined
  private processors = new Map<string, AnyProcessor>()
  private patterns: { readonly pattern: RegExp; sourceOf(topic: string): SourceProcessor }[] = []
  private time!: TaskTime
  private times!: OperatorTimes
  private work!: UnfinishedWork
  private eventTime!: GraphEventTime
  private calls = new TaskCalls()
  private timers = new TaskTimers()
  /** Whether a processor asked for a commit. */
  commitRequested = false
  private readonly stores = new Map<string, StateStore>()
  /** The record in hand: one object for the whole task. */
  private readonly record: RecordContext = { topic: '', partition: 0, offset: -1, headers: NO_HEADERS }
  private readonly inHand: TaskInHand
  private readonly policy: ExceptionPolicy

  /** Processors are made when they are first needed. Several sub-topologies may run as one task (as in TopologyTestDriver). */
  constructor(
    private readonly subTopologies: readonly SubTopology[],
    private readonly ports: ProcessingPorts,
  ) {
    for (const definition of subTopologies.flatMap((subTopology) => subTopology.stores)) {
      const store = ports.store(definition.name)
      this.stores.set(definition.name, ports.strictValues === true ? strict(store, definition) : store)
    }
    this.inHand = { taskId: ports.taskId, record: this.record, view: undefined }
    const dropped = (node: string, reason: DropReason): void => ports.dropped(node, reason)
    this.policy = new ExceptionPolicy(ports.exceptions ?? {}, this.inHand, dropped)
  }

  /** Where the records of a topic enter, the topic named as in the topology. */
  source(topic: string): SourceProcessor {
    const source = this.built().get(topic) ?? this.matchedSource(topic)
    if (source === undefined) throw new Error(`task ${this.ports.taskId} does not read topic ${topic}`)
    return source
  }

  /** All sources that are read have begun. */
  beginTime(): void {
    this.built()
    this.eventTime.begin()
  }

  /** The topics that the graph reads, named as in the topology. */
  get sourceTopics(): readonly string[] {
    return [...this.built().keys()]
  }

  /**
   * The watermark of what is read, of one sub-topology; undefined: none is known, or there are none. Metrics ask for it at
   * any time, also before state is restored: processors are not made for it.
   */
  get watermark(): number | undefined {
    return this.sources === undefined ? undefined : this.eventTime.watermark
  }

  /** By repartition topic that the graph writes: how far event time has come behind all that was sent there. */
  shuffleTimes(): Iterable<ShuffleTime> {
    this.built()
    return this.eventTime.shuffleTimes()
  }

  /** Where the operators stand in event time, as it is committed. */
  get operatorTimes(): string {
    this.built()
    return this.times.encode(this.eventTime.committed, this.unfinished)
  }

  /** Whether a record is not over: the next one is to wait until {@link goOn} has ended it. */
  get unfinished(): boolean {
    return this.sources !== undefined && (this.work.pending || this.eventTime.pending || this.calls.ready)
  }

  /** Whether no further record is to be read before answers have come from outside. */
  get full(): boolean {
    return this.calls.full
  }

  /** Records whose results from outside are not handed on yet. */
  get inFlight(): number {
    return this.calls.inFlight
  }

  /** Whether an answer is awaited from outside that comes by itself, whatever the clock says. */
  get calling(): boolean {
    return this.calls.calling
  }

  /** What is asked of the outside, by operator. */
  get callMetrics(): readonly AsyncCallMetrics[] {
    return this.calls.metrics(this.ports.taskId)
  }

  /** Timers, by operator. */
  get timerMetrics(): readonly TimerMetrics[] {
    return this.timers.metrics(this.ports.taskId)
  }

  /** Cancels what is asked of the outside; what is in flight stays in its store. */
  abandonCalls(): void {
    this.calls.abandon()
  }

  /** Does a step of what the record in hand has begun. */
  goOn(): void {
    this.inHand.view = undefined
    if (this.work.pending) this.work.goOn()
    else if (this.eventTime.pending) this.eventTime.goOn()
    else this.calls.takeResults()
    if (this.time.streamTimeDue) this.time.fireStreamTime()
  }

  /** Milliseconds until the wall clock has something to fire, not above 0: it has; infinite: never. */
  get timeToWallClock(): number {
    if (this.sources === undefined) return Number.POSITIVE_INFINITY
    return Math.min(this.time.timeToWallClock, this.calls.due - this.time.systemTime)
  }

  /** Fires what the wall clock has due. @returns whether anything was */
  fireWallClock(): boolean {
    this.inHand.view = undefined
    this.calls.clockMoved(this.time.systemTime)
    return this.time.fireWallClock()
  }

  /**
   * Starts again with fresh processors, clocks and partition times, after what was processed since the last commit is
   * dropped. Sources taken before are no longer valid.
   *
   * @param streamTime the stream time that was committed; -1: none
   * @param operatorTimes the operators' times that were committed
   */
  reset(streamTime = -1, operatorTimes: readonly string[] = []): void {
    this.close()
    this.build(streamTime, operatorTimes)
  }

  /** Closes the processors, upstream first. */
  close(): void {
    this.calls.abandon()
    this.ports.countsEnded?.(this.callMetrics, this.timerMetrics)
    this.calls = new TaskCalls()
    this.timers = new TaskTimers()
    for (const processor of this.processors.values()) processor.close?.()
  }

  /** Whether the graph reads a topic, by its name or by a pattern. */
  reads(topic: string): boolean {
    return this.built().has(topic) || this.patterns.some(({ pattern }) => matches(pattern, topic))
  }

  /** The source of a topic that a pattern is for, made when it is asked for first. */
  private matchedSource(topic: string): SourceProcessor | undefined {
    const source = this.patterns.find(({ pattern }) => matches(pattern, topic))?.sourceOf(topic)
    if (source !== undefined) this.built().set(topic, source)
    return source
  }

  private built(): Map<string, SourceProcessor> {
    return this.sources ?? this.build(-1, [])
  }

  private build(streamTime: number, operatorTimes: readonly string[]): Map<string, SourceProcessor> {
    this.times = new OperatorTimes(this.stores.values(), operatorTimes)
    this.work = new UnfinishedWork(this.record)
    this.calls = new TaskCalls()
    this.timers = new TaskTimers()
    this.eventTime = new GraphEventTime(this.subTopologies, this.times)
    const firstTime = this.eventTime.committedTime ?? streamTime
    this.time = new TaskTime(this.ports.now ?? Date.now, firstTime, this.work)
    this.eventTime.open(this.flowingTask())
    this.commitRequested = false
    this.patterns = []
    const targets = new Map<string, AnyDownstream>()
    this.processors = new Map()
    const nodes = this.subTopologies.flatMap((subTopology) => subTopology.nodes)
    for (const node of nodes) {
      if (node.kind === 'processor') this.processors.set(node.name, node.supplier())
      const target = node.kind === 'sink' ? this.sinkOf(node) : this.processors.get(node.name)
      if (target !== undefined) targets.set(node.name, this.policy.guard(node.name, target))
    }
    // Downstream first, so that a processor may already forward while it is initialized.
    for (const subTopology of this.subTopologies.toReversed()) {
      for (const node of subTopology.nodes.toReversed()) {
        if (node.kind === 'processor') this.initialize(subTopology, node, childrenOf(node, targets))
      }
      this.eventTime.lead(subTopology, this.processors)
    }
    this.time.begun()
    this.work.begun()
    const sources = new Map<string, SourceProcessor>()
    for (const subTopology of this.subTopologies) {
      for (const node of sourcesOf(subTopology)) {
        const downstream = fanOut([...childrenOf(node, targets).values()])
        const dropped = (name: string, reason: DropReason): void => this.ports.dropped(name, reason)
        const { record, time, inHand, policy } = this
        const sourceOf = (topic: string) => {
          const eventTime = this.eventTime.inputOf(subTopology, node, topic)
          return new SourceProcessor(
            node,
            topic,
            record,
            downstream,
            dropped,
            time,
            inHand,
            policy,
            eventTime,
          )
        }
        for (const topic of node.topics) sources.set(topic, sourceOf(topic))
        if (node.pattern !== undefined) this.patterns.push({ pattern: node.pattern, sourceOf })
      }
    }
    this.sources = sources
    return sources
  }

  private flowingTask(): FlowingTask {
    const { record, inHand, work, time } = this
    return {
      get busy() {
        return work.pending
      },
      begin: () => {
        inHand.view = undefined
        putDown(record)
      },
      time,
    }
  }

  private storeFor({ readsOnly }: ProcessorNode, name: string): StateStore {
    const store = this.stores.get(name)!
    return readsOnly?.includes(name) === true ? readOnlyTopic(store) : store
  }

  private sinkOf(node: Extract<TopologyNode, { kind: 'sink' }>): AnyDownstream {
    return new SinkProcessor<unknown, unknown>(node, this.record, this.ports.sender)
  }

  private initialize(
    subTopology: SubTopology,
    node: ProcessorNode,
    children: ReadonlyMap<string, AnyDownstream>,
  ): void {
    const { ports } = this
    const { clock, progress } = this.times.of(node, subTopology.shuffles !== undefined)
    const context = new NodeContext({
      name: node.name,
      taskId: ports.taskId,
      record: this.record,
      clock,
      eventTime: () => this.eventTime.of(subTopology),
      progress,
      emitInterval: ports.emitInterval ?? 0,
      children,
      sideOutputs: sideOutputsOf(subTopology),
      stores: new Map(node.stores.map((name) => [name, this.storeFor(node, name)])),
      globalStore: (name) => ports.globalStore?.(name),
      time: this.time,
      work: this.work,
      calls: this.calls,
      holdTime: () => this.eventTime.hold(),
      timers: this.timers,
      timePassed: () => this.eventTime.passed(subTopology),
      answerCame: () => ports.answerCame?.(),
      dropped: (name, reason) => ports.dropped(name, reason),
      requestCommit: () => {
        this.commitRequested = true
      },
      failed: (error, record) => this.policy.operatorFailed(node.name, record, error),
    })
    this.processors.get(node.name)!.init(context)
  }
}

const sideOutputsOf = ({ nodes }: SubTopology): ReadonlySet<string> =>
  new Set(
    nodes.filter((node) => node.kind === 'processor' && node.sideOutput === true).map(({ name }) => name),
  )

function childrenOf(
  node: { readonly successors: readonly string[] },
  targets: ReadonlyMap<string, AnyDownstream>,
): Map<string, AnyDownstream> {
  // `targets` is in the order of creation, which is the order in which children are called.
  return new Map([...targets].filter(([name]) => node.successors.includes(name)))
}
