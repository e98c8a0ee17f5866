import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { formatTaskId } from '../../src/runtime/task-id.js'
import { encodedSpans } from '../../src/state/bucket-codec.js'
import type { StoreCheckpoint } from '../../src/state/checkpoint.js'
import {
  INT64_BYTES,
  int64,
  kindRange,
  PREFIX_BYTES,
  ROW,
  readInt64,
  VALUE_OFFSET,
} from '../../src/state/row-layout.js'
import type { StateDatabase } from '../../src/state/state-database.js'
import { openTaskDatabase } from '../../src/state/state-directory.js'
import { type AnyStoreDefinition, hasBuckets } from '../../src/state/store-definition.js'
import { TaskCheckpoint } from '../../src/state/task-checkpoint.js'
import { APPLICATION } from './application.js'
import { changelogOf, type Workload } from './workload.js'

/** A store as a worker has it on disk, with the position in the changelog that it claims. */
export interface LocalStore {
  readonly worker: string
  readonly changelog: string
  readonly partition: number
  readonly changelogOffset: number
  /** Windows that start up to then have expired; null: rows do not expire. */
  readonly expiredUpTo: number | null
  /** The rows as the changelog has them: timestamp and value by key, bytes in base64. */
  readonly rows: Record<string, string>
}

/** Reads the stores that a worker has left. */
export async function localStoresOf(
  workload: Workload,
  worker: string,
  stateDir: string,
): Promise<LocalStore[]> {
  const directory = join(stateDir, APPLICATION)
  const { subTopologies, fingerprint } = workload.topology()
  const stores: LocalStore[] = []
  for (const taskId of await readdir(join(directory, 'tasks'))) {
    const partition = Number(taskId.split('_')[1])
    const owner = subTopologies.find(({ id }) => formatTaskId(id, partition) === taskId)!
    const database = await openTaskDatabase(directory, taskId)
    try {
      const checkpoint = TaskCheckpoint.read(database, fingerprint)
      if (checkpoint === undefined) continue
      for (const store of owner.stores) {
        const place = checkpoint.stores[store.name]
        const { changelogOffset } = place ?? {}
        if (place === undefined || changelogOffset === undefined) continue
        const rows = await rowsOf(database, store, place)
        const expires = store.kind === 'window' || hasBuckets(store)
        const expiredUpTo = expires ? place.observedStart - store.retention : null
        const changelog = changelogOf(store.name)
        stores.push({ worker, changelog, partition, changelogOffset, expiredUpTo, rows })
      }
    } finally {
      await database.close()
    }
  }
  return stores
}

async function rowsOf(
  database: StateDatabase,
  store: AnyStoreDefinition,
  { id }: StoreCheckpoint,
): Promise<Record<string, string>> {
  const rows: Record<string, string> = {}
  const add = (key: Buffer, timestamp: number, value: Buffer): void => {
    rows[key.toString('base64')] = `${timestamp} ${value.toString('base64')}`
  }
  for await (const { keys, values } of database.scan(kindRange(id, ROW))) {
    for (const [at, key] of keys.entries()) {
      const stored = values[at]!
      if (store.kind === 'window') {
        const start = readInt64(key, PREFIX_BYTES)
        const row = windowKey(key.subarray(PREFIX_BYTES + INT64_BYTES), start)
        add(row, readInt64(stored, 0), stored.subarray(VALUE_OFFSET))
      } else if (!hasBuckets(store)) {
        add(key.subarray(PREFIX_BYTES), readInt64(stored, 0), stored.subarray(VALUE_OFFSET))
      } else {
        const inner = key.subarray(PREFIX_BYTES + INT64_BYTES)
        for (const { start, timestamp, valueStart, valueEnd } of encodedSpans(stored, VALUE_OFFSET)) {
          add(windowKey(inner, start), timestamp, stored.subarray(valueStart, valueEnd))
        }
      }
    }
  }
  return rows
}

/** The key of a row of a window in the changelog: behind the start is a sequence number. */
const windowKey = (key: Buffer, start: number): Buffer => Buffer.concat([key, int64(start), Buffer.alloc(4)])
