import type { Downstream, DropReason, Processor, RecordContext } from '../../operators/processor.js'
import { NO_HEADERS } from '../serdes/record-headers.js'
import type { StateStore } from '../state/store.js'
import { WatermarkClock } from '../time/event-clock.js'
import { ShuffleWatermark } from '../time/shuffle-watermark.js'
import { SourceWatermark } from '../time/source-watermark.js'
import { matches } from '../topology/matched-topics.js'
import type { AnySourceNode, ProcessorNode, SubTopology, TopologyNode } from '../topology/sub-topology.js'
import { EventTimeFlow } from './event-time-flow.js'
import type { ExceptionHandlers } from './exception-handlers.js'
import { ExceptionPolicy, type TaskInHand } from './exception-policy.js'
import { OperatorTimes } from './operator-times.js'
import { NodeContext } from './processing-context.js'
import { fanOut } from './processing-fan-out.js'
import { strict } from './processing-strict-store.js'
import { TaskTime } from './punctuation.js'
import { type RecordSender, SinkProcessor } from './sink-processor.js'
import { SourceEventTime } from './source-event-time.js'
import { SourceProcessor } from './source-processor.js'
import { timeStages } from './time-stages.js'
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
}

/** How far event time has come at a repartition topic. */
export interface ShuffleTime {
  readonly subTopology: number
  readonly topic: string
  readonly eventTime: number
  /** Whether nothing is to be waited for from here. */
  readonly idle: boolean
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
  /** Where event time comes from watermarks: how it gets to the operators, by sub-topology. */
  private flows = new Map<SubTopology, EventTimeFlow>()
  /** By repartition topic: how far event time has come there. */
  private shuffleClocks = new Map<string, WatermarkClock>()
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

  /** The topics that the graph reads, named as in the topology. */
  get sourceTopics(): readonly string[] {
    return [...this.built().keys()]
  }

  /** The watermark of what is read, of one sub-topology; undefined: none is known, or there are none. */
  get watermark(): number | undefined {
    const [flow] = this.flows.values()
    return flow === undefined || flow.eventTime < 0 ? undefined : flow.eventTime - 1
  }

  /** By repartition topic that the graph writes: how far event time has come behind all that was sent there. */
  *shuffleTimes(): Iterable<ShuffleTime> {
    for (const [subTopology, flow] of this.flows) {
      for (const topic of subTopology.repartitionSinks) {
        const eventTime = this.shuffleClocks.get(topic)?.now ?? -1
        yield { subTopology: subTopology.id, topic, eventTime, idle: flow.isIdle }
      }
    }
  }

  /** Where the operators stand in event time, as it is committed. */
  get operatorTimes(): string {
    this.built()
    return this.times.encode(new Map([...this.flows].map(([{ id }, flow]) => [id, flow.committed])))
  }

  /** Whether a record is not over: the next one is to wait until {@link goOn} has ended it. */
  get unfinished(): boolean {
    return this.sources !== undefined && (this.work.pending || this.flowing !== undefined)
  }

  /** The flow whose time has not reached every operator. */
  private get flowing(): EventTimeFlow | undefined {
    for (const flow of this.flows.values()) if (flow.pending) return flow
    return undefined
  }

  /** Does a step of what the record in hand has begun. */
  goOn(): void {
    this.inHand.view = undefined
    if (this.work.pending) this.work.goOn()
    else this.flowing?.goOn()
    if (this.time.streamTimeDue) this.time.fireStreamTime()
  }

  /** Milliseconds until the wall clock has something to fire, not above 0: it has; infinite: never. */
  get timeToWallClock(): number {
    return this.sources === undefined ? Number.POSITIVE_INFINITY : this.time.timeToWallClock
  }

  /** Fires what the wall clock has due. @returns whether anything was */
  fireWallClock(): boolean {
    this.inHand.view = undefined
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
    this.time = new TaskTime(this.ports.now ?? Date.now, this.firstTime(streamTime), this.work)
    const flowing = this.subTopologies.filter(({ shuffles }) => shuffles !== undefined)
    this.flows = new Map(flowing.map((each) => [each, this.flowOf(each)]))
    this.shuffleClocks = new Map()
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
      this.leadTime(subTopology)
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
          const eventTime = this.eventTimeOf(subTopology, node, topic)
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

  /** What schedules of the task go on from. */
  private firstTime(streamTime: number): number {
    const flowing = this.subTopologies.filter(({ shuffles }) => shuffles !== undefined)
    if (flowing.length === 0) return streamTime
    const times = flowing.flatMap((each) => this.times.committedSources(each.id, sourcesOf(each).length))
    return Math.min(...times)
  }

  /** How event time gets from the sources of a sub-topology to its operators. */
  private flowOf(subTopology: SubTopology): EventTimeFlow {
    const { record, inHand, work, time } = this
    return new EventTimeFlow(this.times.committedSources(subTopology.id, sourcesOf(subTopology).length), {
      get busy() {
        return work.pending
      },
      begin: () => {
        inHand.view = undefined
        Object.assign(record, NO_RECORD)
      },
      arrived: (eventTime) => {
        if (eventTime > time.streamTime) time.streamTime = eventTime
      },
    })
  }

  private leadTime(subTopology: SubTopology): void {
    const stages = timeStages(subTopology, this.processors, (node) => this.clockOf(subTopology, node))
    this.flows.get(subTopology)?.lead(stages)
  }

  /** What shows a node its time, if it is to know it. */
  private clockOf({ repartitionSinks }: SubTopology, node: TopologyNode): WatermarkClock | undefined {
    if (node.kind === 'processor' && node.stores.length > 0) {
      const { clock } = this.times.of(node)
      return clock instanceof WatermarkClock ? clock : undefined
    }
    if (node.kind !== 'sink' || typeof node.topic !== 'string' || !repartitionSinks.includes(node.topic)) {
      return undefined
    }
    const clock = new WatermarkClock()
    this.shuffleClocks.set(node.topic, clock)
    return clock
  }

  private eventTimeOf(
    subTopology: SubTopology,
    node: AnySourceNode,
    topic: string,
  ): SourceEventTime | undefined {
    const flow = this.flows.get(subTopology)
    if (flow === undefined) return undefined
    const { watermark } = node
    const input =
      watermark === undefined
        ? new ShuffleWatermark(subTopology.shuffles!.get(topic) ?? [])
        : new SourceWatermark(watermark)
    return new SourceEventTime(flow, sourcesOf(subTopology).indexOf(node), input)
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
    const flow = this.flows.get(subTopology)
    const { clock, progress } = this.times.of(node, flow !== undefined)
    const context = new NodeContext({
      name: node.name,
      taskId: ports.taskId,
      record: this.record,
      clock,
      eventTime: () => flow?.eventTime,
      progress,
      emitInterval: ports.emitInterval ?? 0,
      children,
      sideOutputs: sideOutputsOf(subTopology),
      stores: new Map(node.stores.map((name) => [name, this.stores.get(name)!])),
      globalStore: (name) => ports.globalStore?.(name),
      time: this.time,
      work: this.work,
      dropped: (name, reason) => ports.dropped(name, reason),
      requestCommit: () => {
        this.commitRequested = true
      },
      failed: (error) => this.policy.operatorFailed(node.name, undefined, error),
    })
    this.processors.get(node.name)!.init(context)
  }
}

const NO_RECORD: RecordContext = { topic: '', partition: -1, offset: -1, headers: NO_HEADERS }

const sourcesOf = ({ nodes }: SubTopology): readonly AnySourceNode[] =>
  nodes.filter((node) => node.kind === 'source')

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
