import { ProcessingGraph } from '../../src/runtime/processing-graph.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import type { ReadOnlyKeyValueStore, ReadOnlyWindowStore } from '../../src/state/queries.js'
import { StateMemory } from '../../src/state/state-memory.js'
import { toEnd } from '../../src/state/steps.js'
import { TaskState } from '../../src/state/task-state.js'
import type { ReadOnlyVersionedStore } from '../../src/state/versioned-view.js'
import { DriverQueue } from '../../src/testing/driver-queue.js'
import { DriverSender } from '../../src/testing/driver-sender.js'
import { DriverTime } from '../../src/testing/driver-time.js'
import { type InputTopicOptions, TestInputTopic } from '../../src/testing/test-input-topic.js'
import { TestOutputTopic } from '../../src/testing/test-output-topic.js'
import type { RawRecord, TopicSerdes } from '../../src/testing/test-record.js'
import type { TopologyTestDriverOptions } from '../../src/testing/topology-test-driver.js'
import { type Duration, parseDuration } from '../../src/time/duration.js'
import type { Topology } from '../../src/topology/topology.js'
import { Changelogs, optionsFor, replay } from '../state/support.js'
import type { VectorDriver } from './vector-run.js'

interface Position {
  readonly streamTime: number
  readonly operatorTimes: string
  /** By topic. */
  readonly partitionTimes: ReadonlyMap<string, number>
}

const NOTHING: Position = { streamTime: -1, operatorTimes: '', partitionTimes: new Map() }

/**
 * A driver whose task ends after each step and begins again from what was committed: offsets, operators' times,
 * changelogs trimmed to what windows need, and its state on disk unless that is `lost`. A step is a record, or a part
 * of what one has begun. The first comes with `pipe`, the others with `settle`.
 */
export class RestartingDriver implements VectorDriver {
  private readonly sender = new DriverSender()
  private readonly queue = new DriverQueue()
  private readonly outputs = new Map<string, RawRecord[]>()
  private readonly changelogs = new Changelogs()
  private readonly trimmed = new Map<string, number>()
  private database = new MemoryStateDatabase()
  private state: TaskState
  private graph: ProcessingGraph
  private time!: DriverTime
  private committed = NOTHING
  private streamTime = -1
  private now: number
  /** How many steps were taken. */
  steps = 0

  constructor(
    private readonly topology: Topology,
    private readonly options: TopologyTestDriverOptions,
    private readonly lost: boolean,
  ) {
    this.now = options.initialWallClock ?? 0
    this.state = TaskState.openEmpty(this.stateOptions())
    this.graph = this.newGraph()
  }

  createInputTopic<K, V>(name: string, options: InputTopicOptions<K, V>): TestInputTopic<K, V> {
    return new TestInputTopic(name, options, this.now, (record) => {
      this.queue.add(name, record)
      this.step()
    })
  }

  createOutputTopic<K, V>(name: string, serdes: TopicSerdes<K, V>): TestOutputTopic<K, V> {
    return new TestOutputTopic(name, serdes, this.output(name))
  }

  advanceWallClock(by: Duration): void {
    this.now += parseDuration('advanceWallClock', by)
    if (this.graph.fireWallClock()) this.commit()
  }

  async settle(): Promise<void> {
    do await this.restart()
    while (this.step())
  }

  /** Ends what a record has begun, and begins again before each step of it. */
  async finish(): Promise<void> {
    while (this.graph.unfinished) {
      await this.restart()
      this.step()
    }
  }

  /** Ends event time, where it comes from watermarks. */
  async endInput(): Promise<void> {
    if (this.time.end()) this.commit()
    await this.settle()
    await this.finish()
  }

  /** Takes all that waits, without an end in between. */
  drain(): void {
    while (this.step());
  }

  /** Ends the task, and begins again from what was committed. */
  async restart(): Promise<void> {
    this.graph.close()
    await this.state.swept()
    if (this.lost) {
      this.database = new MemoryStateDatabase()
      this.state = TaskState.openEmpty(this.stateOptions())
      for (const { name, logging } of this.stores) {
        if (logging) await replay(this.state, name, this.changelogs, this.trimmed.get(name) ?? 0)
      }
    } else this.state = await TaskState.open(this.stateOptions())
    await this.state.prepare()
    this.graph = this.newGraph()
  }

  keyValueStore<K, V>(name: string): ReadOnlyKeyValueStore<K, V> {
    return this.state.keyValueView(name)
  }

  windowStore<K, V>(name: string): ReadOnlyWindowStore<K, V> {
    return this.state.windowView(name)
  }

  versionedStore<K, V>(name: string): ReadOnlyVersionedStore<K, V> {
    return this.state.versionedView(name)
  }

  /** @returns whether there was anything to do */
  private step(): boolean {
    const { graph } = this
    if (graph.unfinished) graph.goOn()
    else if (graph.full) return false
    else {
      const next = this.queue.take()
      if (next === undefined) return false
      this.streamTime = Math.max(this.streamTime, next.view.timestamp)
      graph.source(next.topic).process(next.view, 0)
    }
    this.steps++
    this.commit()
    return true
  }

  private commit(): void {
    toEnd(this.state.flushCaches())
    const { operatorTimes, sourceTopics } = this.graph
    this.committed = {
      streamTime: this.streamTime,
      operatorTimes,
      partitionTimes: new Map(
        sourceTopics.map((topic) => [topic, this.graph.source(topic).partitionTime(0)]),
      ),
    }
    const staged = toEnd(this.state.stage(this.changelogs))
    this.state.persistSync(staged, { changelogOffsets: this.changelogs.ends, inputOffsets: new Map() })
    for (const { name } of this.stores) this.trimmed.set(name, this.state.trimOffset(name))
    for (const { topic, record } of this.sender.take()) {
      this.output(topic).push(record)
      if (this.graph.reads(topic)) this.queue.add(topic, record)
    }
    for (const { topic, record } of this.time.markers()) this.queue.add(topic, record)
  }

  private newGraph(): ProcessingGraph {
    const graph = new ProcessingGraph(this.parts, {
      taskId: '0_0',
      store: (name) => this.state.store(name),
      globalStore: (name) => this.state.store(name),
      sender: this.sender,
      dropped: () => undefined,
      strictValues: true,
      exceptions: this.options,
      now: () => this.now,
      emitInterval: parseDuration('emitInterval', this.options.emitInterval ?? 0),
    })
    const { streamTime, operatorTimes, partitionTimes } = this.committed
    graph.reset(streamTime, [operatorTimes])
    for (const [topic, time] of partitionTimes) graph.source(topic).setPartitionTime(0, time)
    this.time = new DriverTime(graph, () => this.now)
    return graph
  }

  private get parts() {
    return [...this.topology.globals, ...this.topology.subTopologies]
  }

  private get stores() {
    return this.parts.flatMap(({ stores }) => stores)
  }

  private stateOptions() {
    return optionsFor(this.database, this.stores, { memory: new StateMemory(0) })
  }

  private output(topic: string): RawRecord[] {
    const records = this.outputs.get(topic) ?? []
    this.outputs.set(topic, records)
    return records
  }
}
