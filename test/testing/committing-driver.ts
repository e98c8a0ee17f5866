import { ProcessingGraph } from '../../src/runtime/processing-graph.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { RecordCache } from '../../src/state/record-cache.js'
import { StateMemory } from '../../src/state/state-memory.js'
import { toEnd } from '../../src/state/steps.js'
import { TaskState } from '../../src/state/task-state.js'
import { DriverQueue } from '../../src/testing/driver-queue.js'
import { DriverSender } from '../../src/testing/driver-sender.js'
import { TestInputTopic } from '../../src/testing/test-input-topic.js'
import { TestOutputTopic } from '../../src/testing/test-output-topic.js'
import type { RawRecord, TestRecord, TopicSerdes } from '../../src/testing/test-record.js'
import type { Topology } from '../../src/topology/topology.js'
import { Changelogs, NO_POSITIONS, optionsFor } from '../state/support.js'

/** A driver that commits when it is told to, not after each record: in between, a record cache holds updates back. */
export class CommittingDriver {
  private readonly state: TaskState
  private readonly graph: ProcessingGraph
  private readonly sender = new DriverSender()
  private readonly queue = new DriverQueue()
  private readonly outputs = new Map<string, RawRecord[]>()

  constructor(topology: Topology, cacheMaxBytes: number) {
    const { subTopologies } = topology
    const stores = subTopologies.flatMap((each) => each.stores)
    const cache = new RecordCache(cacheMaxBytes)
    const memory = new StateMemory(0)
    this.state = TaskState.openEmpty(optionsFor(new MemoryStateDatabase(), stores, { cache, memory }))
    this.graph = new ProcessingGraph(subTopologies, {
      taskId: '0_0',
      store: (name) => this.state.store(name),
      sender: this.sender,
      dropped: () => undefined,
      strictValues: true,
      now: () => 0,
      emitInterval: 0,
    })
    for (const topic of this.graph.sourceTopics) this.graph.source(topic).beginReading(0)
    this.graph.beginTime()
  }

  input<K, V>(name: string, serdes: TopicSerdes<K, V>): TestInputTopic<K, V> {
    return new TestInputTopic(name, serdes, 0, (record) => {
      this.queue.add(name, record)
      this.drain()
    })
  }

  /** All that was committed to a topic. */
  read<K, V>(name: string, serdes: TopicSerdes<K, V>): TestRecord<K, V>[] {
    return new TestOutputTopic(name, serdes, this.outputs.get(name) ?? []).readAll()
  }

  /** Commits, and what comes out of repartition topics then, too. */
  commit(): void {
    do {
      this.drain()
      toEnd(this.state.flushCaches())
      this.state.persistSync(toEnd(this.state.stage(new Changelogs())), NO_POSITIONS)
    } while (this.send())
  }

  private drain(): void {
    for (let next = this.queue.take(); next !== undefined; next = this.queue.take()) {
      this.graph.source(next.topic).process(next.view, 0)
      while (this.graph.unfinished) this.graph.goOn()
    }
  }

  /** @returns whether anything is to be processed */
  private send(): boolean {
    let more = false
    for (const { topic, record } of this.sender.take()) {
      const records = this.outputs.get(topic) ?? []
      this.outputs.set(topic, records)
      records.push(record)
      if (!this.graph.reads(topic)) continue
      this.queue.add(topic, record)
      more = true
    }
    return more
  }
}
