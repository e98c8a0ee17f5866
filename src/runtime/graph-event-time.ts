import type { Processor } from '../../operators/processor.js'
import { WatermarkClock } from '../time/event-clock.js'
import { ShuffleWatermark } from '../time/shuffle-watermark.js'
import { SourceWatermark } from '../time/source-watermark.js'
import {
  type AnySourceNode,
  type SubTopology,
  sourcesOf,
  type TopologyNode,
} from '../topology/sub-topology.js'
import { EventTimeFlow, type FlowingTask } from './event-time-flow.js'
import type { OperatorTimes } from './operator-times.js'
import { SourceEventTime } from './source-event-time.js'
import { timeStages } from './time-stages.js'

/** How far event time has come at a repartition topic. */
export interface ShuffleTime {
  readonly subTopology: number
  readonly topic: string
  readonly eventTime: number
  /** Whether nothing is to be waited for from here. */
  readonly idle: boolean
}

/** The event time of the sub-topologies of a task where it comes from watermarks: how it gets from sources to operators. */
export class GraphEventTime {
  private readonly watermarked: readonly SubTopology[]
  private readonly flows = new Map<SubTopology, EventTimeFlow>()
  /** The same, for what is asked after every record. */
  private readonly all: EventTimeFlow[] = []
  /** By repartition topic: how far event time has come there. */
  private readonly shuffleClocks = new Map<string, WatermarkClock>()

  constructor(
    subTopologies: readonly SubTopology[],
    private readonly times: OperatorTimes,
  ) {
    this.watermarked = subTopologies.filter(({ shuffles }) => shuffles !== undefined)
  }

  /** What was committed, over all sources; undefined: event time does not come from watermarks. */
  get committedTime(): number | undefined {
    if (this.watermarked.length === 0) return undefined
    return Math.min(...this.watermarked.flatMap((each) => this.committedOf(each)))
  }

  /** Makes the flows; operators are led to later, when they have begun. */
  open(task: FlowingTask): void {
    for (const each of this.watermarked) {
      const flow = new EventTimeFlow(this.committedOf(each), task)
      this.flows.set(each, flow)
      this.all.push(flow)
    }
  }

  private committedOf(subTopology: SubTopology): number[] {
    return this.times.committedSources(subTopology.id, sourcesOf(subTopology).length)
  }

  /** Leads the time of a sub-topology to its operators, which have begun. */
  lead(
    subTopology: SubTopology,
    processors: ReadonlyMap<string, Processor<unknown, unknown, unknown, unknown>>,
  ): void {
    const flow = this.flows.get(subTopology)
    flow?.lead(timeStages(subTopology, processors, (node) => this.clockOf(subTopology, node)))
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

  /** How a topic brings time on; undefined: its sub-topology has no watermarks. */
  inputOf(subTopology: SubTopology, node: AnySourceNode, topic: string): SourceEventTime | undefined {
    const flow = this.flows.get(subTopology)
    if (flow === undefined) return undefined
    const { watermark } = node
    const input =
      watermark === undefined
        ? new ShuffleWatermark(subTopology.shuffles!.get(topic) ?? [])
        : new SourceWatermark(watermark)
    return new SourceEventTime(flow, sourcesOf(subTopology).indexOf(node), input)
  }

  /** All inputs that are read have joined. */
  begin(): void {
    for (const flow of this.flows.values()) flow.begin()
  }

  /** Something begins or is scheduled: no time passes that is not told. */
  hold(): void {
    const { all } = this
    for (let at = 0; at < all.length; at++) all[at]!.hold()
  }

  /** A gate in a sub-topology lets more time pass. */
  passed(subTopology: SubTopology): void {
    this.flows.get(subTopology)?.passed()
  }

  /** Whether time has not reached every operator yet. */
  get pending(): boolean {
    return this.flowing !== undefined
  }

  /** Carries time on, up to where an operator has begun something. */
  goOn(): void {
    this.flowing?.goOn()
  }

  private get flowing(): EventTimeFlow | undefined {
    const { all } = this
    for (let at = 0; at < all.length; at++) if (all[at]!.pending) return all[at]
    return undefined
  }

  /** How far time has come at what a sub-topology reads; undefined: it has no watermarks. */
  of(subTopology: SubTopology): number | undefined {
    return this.flows.get(subTopology)?.eventTime
  }

  /** The watermark of what is read, of one sub-topology; undefined: none is known, or there are none. */
  get watermark(): number | undefined {
    const [flow] = this.flows.values()
    return flow === undefined || flow.eventTime < 0 ? undefined : flow.eventTime - 1
  }

  /** By repartition topic that is written: how far event time has come behind all that was sent there. */
  *shuffleTimes(): Iterable<ShuffleTime> {
    for (const [subTopology, flow] of this.flows) {
      for (const topic of subTopology.repartitionSinks) {
        const eventTime = this.shuffleClocks.get(topic)?.now ?? -1
        yield { subTopology: subTopology.id, topic, eventTime, idle: flow.isIdle }
      }
    }
  }

  /** By sub-topology, as it is committed: how far time has come at each source. */
  get committed(): ReadonlyMap<number, readonly number[]> {
    return new Map([...this.flows].map(([{ id }, flow]) => [id, flow.committed]))
  }
}
