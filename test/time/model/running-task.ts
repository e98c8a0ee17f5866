import { ProcessingGraph } from '../../../src/runtime/processing-graph.js'
import { MemoryStateDatabase } from '../../../src/state/memory-state-database.js'
import { StateMemory } from '../../../src/state/state-memory.js'
import { toEnd } from '../../../src/state/steps.js'
import { TaskState } from '../../../src/state/task-state.js'
import { DriverQueue } from '../../../src/testing/driver-queue.js'
import type { RawRecord } from '../../../src/testing/test-record.js'
import { encodeMarker, markerHeaders } from '../../../src/time/watermark-marker.js'
import type { SubTopology } from '../../../src/topology/sub-topology.js'
import { Changelogs, optionsFor, replay } from '../../state/support.js'
import { type Sent, TaskSender } from './task-sender.js'

/** One task of a sub-topology, with the processors, state and event time of production. Each record is committed. */
export class RunningTask {
  private readonly sender: TaskSender
  private readonly queue = new DriverQueue()
  private readonly changelogs = new Changelogs()
  private readonly trimmed = new Map<string, number>()
  /** By topic: when something was read last, on the wall clock. */
  private readonly lastRead = new Map<string, number>()
  /** By topic, as they are committed: the greatest timestamp, and how far event time has come. */
  private readonly partitionTimes = new Map<string, number>()
  private readonly inputTimes = new Map<string, number>()
  private operatorTimes = ''
  private streamTime = -1
  private database = new MemoryStateDatabase()
  private state: TaskState
  private graph: ProcessingGraph
  /** How many records were late, of each window once. */
  late = 0

  constructor(
    private readonly subTopology: SubTopology,
    readonly partition: number,
    private readonly clock: { readonly now: number },
    /** How many partitions, and so tasks, there are. */
    private readonly partitions: number,
    private readonly deliver: (sent: Sent) => void,
  ) {
    this.sender = new TaskSender(partitions)
    this.state = TaskState.openEmpty(this.stateOptions())
    this.graph = this.begin()
  }

  reads(topic: string): boolean {
    return this.graph.reads(topic)
  }

  get repartitionSinks(): readonly string[] {
    return this.subTopology.repartitionSinks
  }

  process(topic: string, record: RawRecord): void {
    this.lastRead.set(topic, this.clock.now)
    this.queue.add(topic, record)
    this.graph.source(topic).process(this.queue.take()!.view, this.partition)
    this.commit()
  }

  /** Has topics become idle that nothing was read from for long enough, and what the clock has due. */
  tick(): void {
    const { now } = this.clock
    for (const topic of this.graph.sourceTopics) {
      this.graph.source(topic).tick(now, now - this.lastRead.get(topic)!)
    }
    this.commit()
  }

  endInput(): void {
    for (const topic of this.graph.sourceTopics) this.graph.source(topic).endInput()
    this.commit()
  }

  /** The marker by which it tells those who read a topic how far it has come, if it knows. */
  marker(topic: string): RawRecord | undefined {
    const shuffle = [...this.graph.shuffleTimes()].find((each) => each.topic === topic)
    if (shuffle === undefined || (shuffle.eventTime < 0 && !shuffle.idle)) return undefined
    const { subTopology, eventTime, idle } = shuffle
    const watermarks = [{ task: this.partition, eventTime, idle }]
    return {
      key: null,
      value: encodeMarker({ subTopology, tasks: this.partitions, watermarks }),
      timestamp: 0,
      headers: markerHeaders,
    }
  }

  /** Ends, and begins again from what was committed: with its state on disk, or from its changelogs. */
  async restart(lost: boolean): Promise<void> {
    this.graph.close()
    await this.state.swept()
    if (lost) {
      this.database = new MemoryStateDatabase()
      this.state = TaskState.openEmpty(this.stateOptions())
      for (const { name, logging } of this.subTopology.stores) {
        if (logging) await replay(this.state, name, this.changelogs, this.trimmed.get(name) ?? 0)
      }
    } else this.state = await TaskState.open(this.stateOptions())
    await this.state.prepare()
    this.graph = this.begin()
    this.commit()
  }

  private begin(): ProcessingGraph {
    const graph = new ProcessingGraph([this.subTopology], {
      taskId: `${this.subTopology.id}_${this.partition}`,
      store: (name) => this.state.store(name),
      sender: this.sender,
      dropped: (_, reason) => {
        if (reason === 'late') this.late++
      },
      strictValues: true,
      now: () => this.clock.now,
    })
    graph.reset(this.streamTime, [this.operatorTimes])
    for (const topic of graph.sourceTopics) {
      this.lastRead.set(topic, this.clock.now)
      const source = graph.source(topic)
      source.setPartitionTime(this.partition, this.partitionTimes.get(topic) ?? -1)
      source.beginReading(this.partition, this.inputTimes.get(topic))
    }
    graph.beginTime()
    return graph
  }

  private commit(): void {
    const { graph, state, changelogs } = this
    do while (graph.unfinished) graph.goOn()
    while (graph.timeToWallClock <= 0 && graph.fireWallClock())
    toEnd(state.flushCaches())
    this.operatorTimes = graph.operatorTimes
    this.streamTime = graph.watermark ?? -1
    for (const topic of graph.sourceTopics) {
      const source = graph.source(topic)
      this.partitionTimes.set(topic, source.partitionTime(this.partition))
      this.inputTimes.set(topic, source.inputEventTime)
    }
    const staged = toEnd(state.stage(changelogs))
    state.persistSync(staged, { changelogOffsets: changelogs.ends, inputOffsets: new Map() })
    for (const { name } of this.subTopology.stores) this.trimmed.set(name, state.trimOffset(name))
    for (const sent of this.sender.take()) this.deliver(sent)
  }

  private stateOptions() {
    return optionsFor(this.database, this.subTopology.stores, { memory: new StateMemory(0) })
  }
}
