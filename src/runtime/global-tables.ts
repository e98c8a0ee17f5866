import type { DropReason } from '../../operators/processor.js'
import { Admin } from '../kafka/admin/admin.js'
import { listOffsets } from '../kafka/consumer/list-offsets.js'
import { type TopicPartition, topicPartitionKey } from '../kafka/topic-partition.js'
import { NO_CHANGELOG } from '../state/changelog-writer.js'
import type { StoreCounts } from '../state/local-store.js'
import { RecordCache } from '../state/record-cache.js'
import { planRestore, type RestorePlan } from '../state/restore-plan.js'
import { StateMemory } from '../state/state-memory.js'
import { toEnd } from '../state/steps.js'
import { isVolatile } from '../state/storage.js'
import type { StateStore } from '../state/store.js'
import { TaskState } from '../state/task-state.js'
import type { SubTopology } from '../topology/sub-topology.js'
import { ProcessingGraph } from './processing-graph.js'
import { readOnly } from './read-only-store.js'
import type { RecordSender } from './sink-processor.js'
import { SlicePace } from './slice-pace.js'
import { StreamsError } from './streams-error.js'
import { TaskInput } from './task-input.js'
import type { TaskSurroundings } from './task-starter.js'

/** What is read is written to disk this often, milliseconds: queries see it then. */
const WRITE_INTERVAL_MS = 100
/** So many bytes of changed rows are written early. */
const WRITE_BYTES = 8 * 1024 * 1024
/** A slice of reading before tasks begin. */
const SLICE_MS = 10

/** Global stores send nothing. */
const NO_SENDER: RecordSender = {
  send: () => {
    throw new StreamsError('GLOBAL_STORE_SENDS', 'the processor of a global store has nothing to send to')
  },
}

export type GlobalSurroundings = Pick<
  TaskSurroundings,
  'topology' | 'config' | 'home' | 'transport' | 'topics' | 'fetcher' | 'topicCounts' | 'stopping' | 'warn'
> & {
  /** Index of the thread, which has a copy of its own. */
  readonly index: number
  dropped(node: string, reason: DropReason): void
  /** Where it is counted what is asked of a store. */
  storeCounts(task: string, store: string): StoreCounts
}

/**
 * The global stores of one thread. Each thread reads all partitions of their topics for itself and keeps the rows in a
 * database of its own, for rows are looked up synchronously, and worker threads share no memory. They are no part of
 * transactions: a topic says again what was lost. Rows and positions are written together, so that a restart reads on.
 */
export class GlobalTables {
  private readonly graph: ProcessingGraph
  private readonly readers = new Map<string, StateStore>()
  private inputs: readonly TaskInput[] = []
  private readonly pace = new SlicePace()
  private writing: Promise<void> | undefined
  private failure: unknown
  private changed = false
  private writtenAt = Number.NEGATIVE_INFINITY

  private constructor(
    private readonly around: GlobalSurroundings,
    readonly state: TaskState,
  ) {
    const { topology, config, home, index } = around
    this.graph = new ProcessingGraph(topology.globals, {
      taskId: `global-${index}`,
      store: (name) => state.store(name),
      sender: NO_SENDER,
      dropped: (node, reason) => around.dropped(node, reason),
      exceptions: config.exceptions,
      now: home.wallClock,
    })
  }

  /** Opens what the thread has of the global stores; undefined where the topology has none. */
  static async open(around: GlobalSurroundings): Promise<GlobalTables | undefined> {
    const { topology, config, home, index, stopping, warn } = around
    if (topology.globals.length === 0) return undefined
    const taskId = `global-${index}`
    const database = await home.openTask(taskId, { signal: stopping, warn })
    try {
      const state = await TaskState.open({
        taskId,
        database,
        stores: topology.globals.flatMap(({ stores }) => stores),
        cache: new RecordCache(0),
        memory: new StateMemory(config.stateMaxBytes),
        fingerprint: topology.fingerprint,
        counts: (store) => around.storeCounts(taskId, store),
      })
      return new GlobalTables(around, state)
    } catch (error) {
      await database.close()
      throw error
    }
  }

  /** A store, for processors of tasks; undefined where there is none of the name. */
  store(name: string): StateStore | undefined {
    if (!this.has(name)) return undefined
    const present = this.readers.get(name)
    if (present !== undefined) return present
    const reader = readOnly(this.state.store(name))
    this.readers.set(name, reader)
    return reader
  }

  has(name: string): boolean {
    return this.around.topology.globals.some(({ stores }) => stores.some((store) => store.name === name))
  }

  /** Reads the topics up to where they end now. */
  async catchUp(): Promise<void> {
    const { transport, stopping, fetcher, topology, topicCounts } = this.around
    const starts = new Map<string, number>()
    for (const part of topology.globals)
      for (const [key, from] of await this.begin(part)) starts.set(key, from)
    await this.state.prepare()
    this.graph.reset()
    const partitions = topology.globals.flatMap((part) => this.partitionsOf(part))
    this.inputs = partitions.map(({ topic, partition }) => {
      const from = starts.get(topicPartitionKey(topic, partition))!
      return new TaskInput(
        topic,
        partition,
        fetcher,
        this.graph.source(topic),
        from,
        topicCounts.input(topic),
      )
    })
    const ends = await listOffsets(transport, partitions, 'latest', 'read_committed')
    const behind = () =>
      this.inputs.some(
        ({ topic, partition, position }) => position < ends.get(topicPartitionKey(topic, partition))!,
      )
    const stopped = aborted(stopping)
    while (behind()) {
      stopping.throwIfAborted()
      if (!this.run(performance.now() + SLICE_MS))
        await Promise.race([
          fetcher.available(),
          stopped,
          ...this.inputs.flatMap(({ readable }) => readable ?? []),
        ])
      this.poll()
      if (this.state.dirtyBytes > WRITE_BYTES) await this.writing
      await new Promise(setImmediate)
    }
  }

  /** Makes a store ready, and tells where its topic is to be read from. */
  private async begin(part: SubTopology): Promise<Map<string, number>> {
    const { transport, topics } = this.around
    const [store] = part.stores
    const partitions = this.partitionsOf(part)
    const [{ topic }] = partitions as [TopicPartition]
    const topicId = topics.topicId(topic)
    const logStarts = await listOffsets(transport, partitions, 'earliest', 'read_committed')
    const logEnds = await listOffsets(transport, partitions, 'latest', 'read_committed')
    const configs = await new Admin(transport).topicConfigs(topic)
    const compacted = configs.get('cleanup.policy')?.includes('compact') ?? false
    const deleteRetentionMs = compacted
      ? Number(configs.get('delete.retention.ms') ?? Number.POSITIVE_INFINITY)
      : Number.POSITIVE_INFINITY
    const checkpoint = this.state.checkpointOf(store!.name)
    const known = checkpoint.topicId !== undefined && !isVolatile(store!.storage)
    const plans = new Map<string, RestorePlan>()
    for (const { partition } of partitions) {
      const key = topicPartitionKey(topic, partition)
      const { changelogOffset: _, ...rest } = checkpoint
      const saved = this.state.inputOffsets[key]
      const local = known && saved !== undefined ? { ...rest, changelogOffset: saved } : rest
      const log = { topicId, logStart: logStarts.get(key)!, logEnd: logEnds.get(key)!, deleteRetentionMs }
      plans.set(key, planRestore(local, log, false, Date.now()))
    }
    const wiped = [...plans.values()].find(({ wipe }) => wipe !== undefined)
    await this.state.prepareRestore(store!.name, wiped ?? { from: 0 }, topicId)
    return new Map(
      [...plans].map(([key, { from }]) => [key, wiped === undefined ? from : logStarts.get(key)!]),
    )
  }

  private partitionsOf({ sourceTopics: [topic] }: SubTopology): TopicPartition[] {
    const { topics } = this.around
    const count = topics.partitionCount(topic!) ?? 0
    return Array.from({ length: count }, (_, partition) => ({ topic: topic!, partition }))
  }

  /**
   * Takes what is fetched until `deadline` (as `performance.now()`).
   *
   * @returns whether there was anything to do
   * @throws what kept rows from being written, too
   */
  run(deadline: number): boolean {
    if (this.failure !== undefined) throw this.failure
    let processed = 0
    let left = this.pace.begin(deadline)
    for (const input of this.inputs) {
      while (left > 0 && input.advance()) {
        if (input.processHead() === 'awaited') break
        while (this.graph.unfinished) this.graph.goOn()
        processed++
        if (--left === 0) left = this.pace.look()
      }
    }
    if (this.graph.fireWallClock()) processed++
    if (processed > 0) this.changed = true
    return processed > 0
  }

  /** Milliseconds until there is something to do though nothing is fetched; infinite: never. */
  get timeToWork(): number {
    const write = this.changed
      ? this.writtenAt + WRITE_INTERVAL_MS - performance.now()
      : Number.POSITIVE_INFINITY
    return Math.max(0, Math.min(write, this.graph.timeToWallClock))
  }

  /** Writes what has changed, if it is time to. */
  poll(): void {
    const due = performance.now() - this.writtenAt >= WRITE_INTERVAL_MS || this.state.dirtyBytes > WRITE_BYTES
    if (!this.changed || this.writing !== undefined || !due) return
    this.writing = this.write()
      .catch((error: unknown) => {
        this.failure = error
      })
      .finally(() => {
        this.writing = undefined
      })
  }

  private async write(): Promise<void> {
    this.changed = false
    this.writtenAt = performance.now()
    const inputOffsets = new Map(
      this.inputs.map(({ topic, partition, position }) => [topicPartitionKey(topic, partition), position]),
    )
    const batches = this.inputs.map((input) => input.coverBatches())
    await this.state.persist(toEnd(this.state.stage(NO_CHANGELOG)), {
      changelogOffsets: new Map(),
      inputOffsets,
    })
    for (const covered of batches) covered.committed(this.around.home.wallClock())
  }

  /** Writes what has changed and closes the stores. */
  async close(): Promise<void> {
    try {
      await this.writing
      if (this.failure === undefined && this.inputs.length > 0) await this.write()
    } finally {
      for (const input of this.inputs) input.close()
      this.inputs = []
      this.graph.close()
      await this.state.close()
    }
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
