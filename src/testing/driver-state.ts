import type { ChangelogWriter } from '../state/changelog-writer.js'
import { MemoryStateDatabase } from '../state/memory-state-database.js'
import type { ReadOnlyKeyValueStore, ReadOnlyWindowStore } from '../state/queries.js'
import { RecordCache } from '../state/record-cache.js'
import type { EpochPositions } from '../state/staged-epoch.js'
import { StateMemory } from '../state/state-memory.js'
import type { StateStore } from '../state/store.js'
import { TaskState } from '../state/task-state.js'
import type { Topology } from '../topology/topology.js'

const MEMORY_BYTES = 64 * 1024 * 1024
const NO_CHANGELOG: ChangelogWriter = { append: () => undefined }
const NO_POSITIONS: EpochPositions = { changelogOffsets: new Map(), inputOffsets: new Map() }

/** The state of the one task of a test driver: the stores of production over a database in memory. */
export class DriverState {
  private readonly state: TaskState

  constructor(topology: Topology, taskId: string, cacheMaxBytes: number, now: () => number) {
    this.state = TaskState.openEmpty({
      taskId,
      database: new MemoryStateDatabase(),
      stores: topology.subTopologies.flatMap((subTopology) => subTopology.stores),
      cache: new RecordCache(cacheMaxBytes),
      memory: new StateMemory(MEMORY_BYTES),
      fingerprint: topology.fingerprint,
      now,
    })
  }

  store(name: string): StateStore {
    return this.state.store(name)
  }

  /** Sends what the record cache holds downstream. */
  flush(): void {
    this.state.flushCaches()
  }

  /** Makes what has changed readable. */
  commit(): void {
    this.state.persistSync(this.state.stage(NO_CHANGELOG), NO_POSITIONS)
  }

  keyValueStore<K, V>(name: string): ReadOnlyKeyValueStore<K, V> {
    return this.state.keyValueView(name)
  }

  windowStore<K, V>(name: string): ReadOnlyWindowStore<K, V> {
    return this.state.windowView(name)
  }
}
