import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { formatTaskId } from '../../src/runtime/task-id.js'
import { RecordCache } from '../../src/state/record-cache.js'
import { openTaskDatabase } from '../../src/state/state-directory.js'
import { StateMemory } from '../../src/state/state-memory.js'
import { TaskState } from '../../src/state/task-state.js'
import chaosTopology, { APPLICATION, STORE, type Totals } from './chaos-topology.js'

/** A store as a worker has it on disk, with the position in the changelog that it claims. */
export interface LocalStore {
  readonly worker: string
  readonly partition: number
  readonly changelogOffset: number
  /** JSON text of the totals, by group. */
  readonly rows: Record<string, string>
}

/** Reads the stores that a worker has left. */
export async function localStoresOf(worker: string, stateDir: string): Promise<LocalStore[]> {
  const topology = chaosTopology()
  const owner = topology.subTopologies.find(({ stores }) => stores.length > 0)!
  const directory = join(stateDir, APPLICATION)
  const stores: LocalStore[] = []
  for (const taskId of await readdir(join(directory, 'tasks'))) {
    const partition = Number(taskId.split('_')[1])
    if (taskId !== formatTaskId(owner.id, partition)) continue
    const state = await TaskState.open({
      taskId,
      database: await openTaskDatabase(directory, taskId),
      stores: owner.stores,
      cache: new RecordCache(0),
      memory: new StateMemory(1024 * 1024),
      fingerprint: topology.fingerprint,
    })
    try {
      const { changelogOffset } = state.checkpointOf(STORE)
      if (changelogOffset === undefined) continue
      const rows: Record<string, string> = {}
      for await (const { key, value } of state.keyValueView<string, Totals>(STORE).all()) {
        rows[key] = JSON.stringify(value)
      }
      stores.push({ worker, partition, changelogOffset, rows })
    } finally {
      await state.close()
    }
  }
  return stores
}
