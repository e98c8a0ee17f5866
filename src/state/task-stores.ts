import { ByteWriter } from '../serdes/byte-writer.js'
import { BucketRestore } from './bucket-restore.js'
import { IndexedKeyValueStore } from './indexed-key-value-store.js'
import { LocalKeyValueStore } from './local-key-value-store.js'
import { LocalSpanStore, segmentRetention } from './local-span-store.js'
import type { AnyLocalStore, EpochNumbers, StoreContext, StoreCounts } from './local-store.js'
import { LocalVersionedStore } from './local-versioned-store.js'
import { LocalWindowStore } from './local-window-store.js'
import { MemoryStateDatabase } from './memory-state-database.js'
import { OrderedKeyValueStore } from './ordered-key-value-store.js'
import { OrderedLocalSpanStore } from './ordered-span-store.js'
import type { RecordCache } from './record-cache.js'
import { kindRange, ROW } from './row-layout.js'
import { SourceTopicRestore } from './source-topic-restore.js'
import type { StateDatabase } from './state-database.js'
import { StateError } from './state-errors.js'
import type { StateMemory } from './state-memory.js'
import type { StorageRequest } from './storage.js'
import {
  type AnyStoreDefinition,
  expiresOnRequest,
  hasBuckets,
  type KeyValueStoreDefinition,
  type SpanStoreDefinition,
} from './store-definition.js'
import { KeyValueRestore, type StoreRestore, WindowRestore } from './store-restore.js'
import type { TaskCheckpoint } from './task-checkpoint.js'
import { TimeOrderedKeyValueStore } from './time-ordered-store.js'
import { WindowLedger, windowsOnDisk } from './window-ledger.js'
import type { WriteBatch } from './write-batch.js'

/** A store of a task with what belongs to it. */
export interface TaskStore {
  readonly definition: AnyStoreDefinition
  readonly store: AnyLocalStore
  /** Where its committed rows lie. */
  readonly database: StateDatabase
  /** Stores of windows and sessions only. */
  readonly ledger: WindowLedger | undefined
}

/** What the stores of a task are built on. */
export interface TaskStoresBase {
  readonly taskId: string
  /** The task's own: of the stores on disk. */
  readonly database: StateDatabase
  readonly epochs: EpochNumbers
  readonly cache: RecordCache
  readonly memory: StateMemory
  /** Where it is counted what is asked of a store. */
  counts(store: string): StoreCounts
}

/** What a store finds on disk when it is built. */
interface FoundOnDisk {
  readonly rows: boolean
  /** The greatest window start written; -1: none. */
  readonly observedStart: number
  /** Offsets by windows with rows; see {@link WindowLedger}. */
  readonly windows: ReadonlyMap<number, number>
}

const NOTHING: FoundOnDisk = { rows: false, observedStart: -1, windows: new Map() }

/** Builds the stores of a task whose database holds nothing. */
export function buildEmptyStores(
  base: TaskStoresBase,
  definitions: readonly AnyStoreDefinition[],
  checkpoint: TaskCheckpoint,
): Map<string, TaskStore> {
  const scratch = new ByteWriter()
  return new Map(
    definitions.map((definition) => {
      const { id } = checkpoint.of(definition.name)
      const context = contextOf(definition, base, databaseOf(definition, base), scratch)
      return [definition.name, buildStore(definition, id, context, NOTHING)]
    }),
  )
}

/** Builds the stores of a task on what its database holds. */
export async function buildStores(
  base: TaskStoresBase,
  definitions: readonly AnyStoreDefinition[],
  checkpoint: TaskCheckpoint,
): Promise<Map<string, TaskStore>> {
  const scratch = new ByteWriter()
  const stores = new Map<string, TaskStore>()
  for (const definition of definitions) {
    const { id, observedStart } = checkpoint.of(definition.name)
    const database = databaseOf(definition, base)
    const rows = await hasRows(database, id)
    const windows = await windowsOnDisk(database, id)
    const context = contextOf(definition, base, database, scratch)
    const store = buildStore(definition, id, context, { rows, observedStart, windows })
    await loadPlaces(store)
    stores.set(definition.name, store)
  }
  return stores
}

const contextOf = (
  { name }: AnyStoreDefinition,
  { epochs, cache, memory, counts }: TaskStoresBase,
  database: StateDatabase,
  scratch: ByteWriter,
): StoreContext => ({ epochs, cache, memory, counts: counts(name), database, scratch })

function databaseOf(
  { name, storage = 'disk' }: AnyStoreDefinition,
  { database, memory, taskId }: TaskStoresBase,
): StateDatabase {
  if (storage === 'disk') return database
  const request: StorageRequest = { store: name, taskId }
  return storage === 'memory' ? new MemoryStateDatabase(`memory of ${name}`, memory) : storage(request)
}

function buildStore(
  definition: AnyStoreDefinition,
  id: number,
  context: StoreContext,
  { rows, observedStart, windows }: FoundOnDisk,
): TaskStore {
  const { database } = context
  if (definition.kind === 'keyValue') {
    const store = buildKeyValueStore(definition, id, context, rows)
    return { definition, store, database, ledger: undefined }
  }
  if (definition.kind === 'versioned') {
    const store = new LocalVersionedStore(definition, id, context, rows)
    return { definition, store, database, ledger: undefined }
  }
  const retention = hasBuckets(definition) ? segmentRetention(definition) : definition.retention
  const ledger = new WindowLedger(id, retention, observedStart, windows)
  const store = hasBuckets(definition)
    ? buildSpanStore(definition, id, context, ledger)
    : new LocalWindowStore(definition, id, context, ledger)
  return { definition, store, database, ledger }
}

function buildSpanStore(
  definition: SpanStoreDefinition<unknown, unknown>,
  id: number,
  context: StoreContext,
  ledger: WindowLedger,
): LocalSpanStore<unknown, unknown> {
  if (definition.ordered === true) return new OrderedLocalSpanStore(definition, id, context, ledger)
  return new LocalSpanStore(definition, id, context, ledger)
}

function buildKeyValueStore(
  definition: KeyValueStoreDefinition<unknown, unknown>,
  id: number,
  context: StoreContext,
  onDisk: boolean,
): LocalKeyValueStore<unknown, unknown> {
  const { timeOrder, ordered } = definition
  if (timeOrder !== undefined) {
    return new TimeOrderedKeyValueStore(definition, timeOrder, id, context, onDisk)
  }
  if (ordered === true) return new OrderedKeyValueStore(definition, id, context, onDisk)
  return new LocalKeyValueStore(definition, id, context, onDisk)
}

/** Has a store that reads in an order know the rows on disk. */
export async function loadPlaces({ store }: TaskStore): Promise<void> {
  if (store instanceof IndexedKeyValueStore || store instanceof LocalWindowStore) await store.loadPlaces()
}

/** Whether a store has rows in its database. */
export async function hasRows(database: StateDatabase, storeId: number): Promise<boolean> {
  for await (const { keys } of database.scan(kindRange(storeId, ROW), { limit: 1 })) return keys.length > 0
  return false
}

/** How the changelog records of a store become rows. */
export function restoreOf(
  { definition, store, database, ledger }: TaskStore,
  apply: (batch: WriteBatch, nextOffset: number) => Promise<void>,
): StoreRestore {
  if (definition.sourceTopic !== undefined) return new SourceTopicRestore(store, definition, apply)
  if (ledger === undefined) return new KeyValueRestore(store, apply)
  if (hasBuckets(definition)) return new BucketRestore(store, definition, ledger, database, apply)
  const onRequest = definition.kind === 'window' && expiresOnRequest(definition)
  return new WindowRestore(store, onRequest, ledger, apply)
}

/** Names must be distinct: a store is found by its name. */
export function requireDistinctNames(definitions: readonly AnyStoreDefinition[]): void {
  const names = new Set<string>()
  for (const { name } of definitions) {
    if (names.has(name)) throw new StateError('DUPLICATE_STORE', `there are two stores named ${name}`)
    names.add(name)
  }
}
