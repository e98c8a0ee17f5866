/**
 * Counts what a record costs on its way through a task, and a row that it changed at the end of an epoch, and prints it:
 * bytes of JavaScript heap (needs `--expose-gc` and a young generation that holds a whole measurement) and bytes copied. With the argument `watermarks`
 * event time comes from watermarks.
 */
import { workloadTopology } from '../../bench/millrace-runner/workload-topology.js'
import { eventAt, PARTITIONS, type Workload } from '../../bench/workloads.js'
import { RecordCursor } from '../../src/kafka/records/record-cursor.js'
import { ProcessingGraph } from '../../src/runtime/processing-graph.js'
import { RecordCollector } from '../../src/runtime/record-collector.js'
import { TaskChangelog } from '../../src/runtime/task-changelog.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { RecordCache } from '../../src/state/record-cache.js'
import { StateMemory } from '../../src/state/state-memory.js'
import { toEnd } from '../../src/state/steps.js'
import { TaskState } from '../../src/state/task-state.js'
import { Watermarks } from '../../src/time/watermark-strategy.js'
import { batchOf, chunkOf, record } from '../kafka/records/batches.js'
import { bytesCopiedBy, heapBytesPer } from './counted-bytes.js'
import { COUNTED_WORKLOADS } from './counted-workloads.js'

const RECORDS = 8_000
/** Each of them has four records. */
const USERS = 2_000
const START = 1_700_000_000_000
const MIB = 1024 * 1024

const events = Array.from({ length: RECORDS }, (_, id) => {
  const user = `user-${String(id % USERS).padStart(5, '0')}`
  return record(START + id, user, JSON.stringify({ ...eventAt(id), user }))
})
/** Read again and again, so never given back. */
const chunk = { ...chunkOf([batchOf(events)]), release: () => {} }

const watermark = process.argv[2] === 'watermarks' ? Watermarks.monotonous() : undefined

/** One task of a workload, with nothing around it. */
class Engine {
  private readonly collector: RecordCollector
  private readonly state: TaskState
  private readonly graph: ProcessingGraph
  private readonly changelog: TaskChangelog
  private readonly cursor = new RecordCursor()

  constructor(workload: Workload) {
    const topology = workloadTopology(workload, 'input', 'output', undefined, watermark)
    const [subTopology] = topology.subTopologies
    const directory = { partitionCount: () => PARTITIONS, lookUp: async () => PARTITIONS }
    const { stores } = subTopology!
    this.collector = new RecordCollector(directory, (topic) => topic)
    this.changelog = new TaskChangelog(this.collector, new Map(stores.map(({ name }) => [name, name])), 0)
    this.state = TaskState.openEmpty({
      database: new MemoryStateDatabase(),
      stores,
      cache: new RecordCache(10 * MIB),
      memory: new StateMemory(256 * MIB),
      fingerprint: topology.fingerprint,
    })
    this.graph = new ProcessingGraph([subTopology!], {
      taskId: '0_0',
      store: (name) => this.state.store(name),
      sender: this.collector,
      dropped: () => {},
    })
    this.graph.reset()
    this.graph.source('input').beginReading(0)
    this.graph.beginTime()
  }

  readonly process = (): void => {
    const source = this.graph.source('input')
    this.cursor.open(chunk)
    while (this.cursor.next()) source.process(this.cursor, 0)
  }

  /** Ends the epoch as a commit does: caches flushed, rows serialized, batches completed. */
  readonly endEpoch = (): void => {
    toEnd(this.state.flushCaches())
    const staged = toEnd(this.state.stage(this.changelog))
    const output = this.collector.take()
    for (const { builder } of [...output.batches, ...output.changelogs]) builder.seal(1, 0, 0, true)
    this.collector.recycle(output)
    this.state.persistSync(staged, { changelogOffsets: new Map(), inputOffsets: new Map() })
  }

  readonly epoch = (): void => {
    this.process()
    this.endEpoch()
  }
}

const counted = Object.fromEntries(
  COUNTED_WORKLOADS.map((workload) => {
    const engine = new Engine(workload)
    const heap = heapBytesPer(RECORDS, engine.process, engine.endEpoch)
    const copied = bytesCopiedBy(engine.epoch) / RECORDS
    return [workload, { heap, copied }]
  }),
)
console.log(JSON.stringify(counted))
