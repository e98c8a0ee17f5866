import type { StateDatabase } from './state-database.js'

/** For which task a store's rows are to be kept. */
export interface StorageRequest {
  readonly store: string
  /** For example `0_3`: sub-topology 0, partition 3. */
  readonly taskId: string
}

/** Opens a database for the committed rows of one store of one task. The store closes it. */
export type StorageSupplier = (request: StorageRequest) => StateDatabase

/**
 * Where the committed rows of a store lie:
 *
 * - `disk`: in the task's database. What is committed survives the process; rows that are used stay in memory as far
 *   as `stateMaxBytes` allows.
 * - `memory`: all of them in memory, which counts against `stateMaxBytes`. They are replayed from the changelog each
 *   time that a task begins.
 * - a function: in a database of your own, which passes for any {@link StateDatabase}. What it holds is not relied
 *   on: a store with a changelog is emptied and replayed each time that a task begins.
 *
 * Whatever the storage, a store answers the same, and holds nothing that is not committed.
 */
export type Storage = 'disk' | 'memory' | StorageSupplier

/** Whether what a storage holds when a task begins is not relied on. */
export const isVolatile = (storage: Storage | undefined): boolean =>
  storage !== undefined && storage !== 'disk'
