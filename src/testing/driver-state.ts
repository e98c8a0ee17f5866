import { NO_CHANGELOG } from '../state/changelog-writer.js'
import { ClassicLevelStateDatabase } from '../state/classic-level-state-database.js'
import { MemoryStateDatabase } from '../state/memory-state-database.js'
import type { ReadOnlyKeyValueStore, ReadOnlyWindowStore } from '../state/queries.js'
import { RecordCache } from '../state/record-cache.js'
import type { EpochPositions, StagedEpoch } from '../state/staged-epoch.js'
import { StateMemory } from '../state/state-memory.js'
import { toEnd } from '../state/steps.js'
import type { StateStore } from '../state/store.js'
import { TaskState, type TaskStateOptions } from '../state/task-state.js'
import type { ReadOnlyVersionedStore } from '../state/versioned-view.js'
import type { Topology } from '../topology/topology.js'

const MEMORY_BYTES = 64 * 1024 * 1024
const NO_POSITIONS: EpochPositions = { changelogOffsets: new Map(), inputOffsets: new Map() }

/** What the state of a driver depends on. */
export interface DriverStateOptions {
  readonly topology: Topology
  readonly taskId: string
  readonly cacheMaxBytes: number
  /** Wall time, epoch milliseconds. */
  readonly now: () => number
}

/** The state of the one task of a test driver: the stores of production. */
export class DriverState {
  private constructor(
    private readonly state: TaskState,
    private readonly memory: StateMemory,
    /** Whether a record's changes can be written within its step. */
    private readonly synchronous: boolean,
  ) {}

  /** State that ends with the driver. */
  static inMemory(options: DriverStateOptions): DriverState {
    const memory = new StateMemory(MEMORY_BYTES)
    const state = TaskState.openEmpty(taskState(options, new MemoryStateDatabase(), memory))
    return new DriverState(state, memory, true)
  }

  /** State in LevelDB, as in production. */
  static async onDisk(options: DriverStateOptions, directory: string): Promise<DriverState> {
    // Nothing stays in memory that is on disk: it is read from there again.
    const memory = new StateMemory(0)
    const database = await ClassicLevelStateDatabase.open(directory)
    return new DriverState(await TaskState.open(taskState(options, database, memory)), memory, false)
  }

  store(name: string): StateStore {
    return this.state.store(name)
  }

  /** Sends what the record cache holds downstream. */
  flush(): void {
    toEnd(this.state.flushCaches())
  }

  /** Makes what has changed readable, where that can be done at once. */
  commit(): void {
    if (this.synchronous) this.state.persistSync(this.stage(), NO_POSITIONS)
  }

  /** Makes what has changed readable; what is on disk is read from there again. */
  async settle(): Promise<void> {
    if (this.synchronous) return
    await this.state.persist(this.stage(), NO_POSITIONS)
    this.memory.release()
  }

  private stage(): StagedEpoch {
    return toEnd(this.state.stage(NO_CHANGELOG))
  }

  close(): Promise<void> {
    return this.state.close()
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
}

function taskState(
  { topology, taskId, cacheMaxBytes, now }: DriverStateOptions,
  database: TaskStateOptions['database'],
  memory: StateMemory,
): TaskStateOptions {
  return {
    taskId,
    database,
    stores: [...topology.globals, ...topology.subTopologies].flatMap(({ stores }) => stores),
    cache: new RecordCache(cacheMaxBytes),
    memory,
    fingerprint: topology.fingerprint,
    now,
  }
}
