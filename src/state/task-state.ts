import type { ChangelogWriter } from './changelog-writer.js'
import type { Checkpoint, StoreCheckpoint } from './checkpoint.js'
import { EpochBatches } from './epoch-batches.js'
import type { EpochNumbers, StagedStore, StoreCounts } from './local-store.js'
import { KeyValueView, type ReadOnlyWindowStore, WindowView } from './queries.js'
import type { RecordCache } from './record-cache.js'
import type { RestorePlan } from './restore-plan.js'
import { storeRange } from './row-layout.js'
import { SpanView } from './span-view.js'
import type { EpochPositions, StagedEpoch } from './staged-epoch.js'
import type { StateDatabase } from './state-database.js'
import { StateError } from './state-errors.js'
import type { StateMemory } from './state-memory.js'
import type { Steps } from './steps.js'
import type { StateStore } from './store.js'
import { type AnyStoreDefinition, hasBuckets } from './store-definition.js'
import type { StoreRestore } from './store-restore.js'
import { StoreSizes } from './store-sizes.js'
import { TaskCheckpoint } from './task-checkpoint.js'
import {
  buildEmptyStores,
  buildStores,
  hasRows,
  loadPlaces,
  requireDistinctNames,
  restoreOf,
  type TaskStore,
  type TaskStoresBase,
} from './task-stores.js'
import { VersionedView } from './versioned-view.js'
import { WindowRowsView } from './window-rows-view.js'
import { WindowSweeper } from './window-sweeper.js'
import { WriteBatch } from './write-batch.js'
import { WriteQueue } from './write-queue.js'

const DELETE_CHUNK_ROWS = 10_000

export interface TaskStateOptions {
  /** Names the task in errors; default: where its database is. */
  readonly taskId?: string
  /** Empty or of this task; it belongs to the task's state from now on. */
  readonly database: StateDatabase
  /** In topological order: what a store's flush sends downstream may reach those after it. */
  readonly stores: readonly AnyStoreDefinition[]
  /** The thread's. */
  readonly cache: RecordCache
  /** The thread's. */
  readonly memory: StateMemory
  /** Identifies the topology: state of another one is refused. */
  readonly fingerprint: string
  /** Wall time, epoch milliseconds. */
  readonly now?: () => number
  /** Where it is counted what is asked of a store; default: nowhere that lasts. */
  readonly counts?: (store: string) => StoreCounts
}

/** What a store holds at present. */
export interface StoreFigures {
  readonly task: string
  readonly store: string
  /** Rows in memory. */
  readonly memoryEntries: number
  /** Bytes that they count for in the thread's memory of state. */
  readonly memoryBytes: number
  /** Bytes of its rows in the database, by the estimate of that; undefined: not known. */
  readonly databaseBytes: number | undefined
}

/**
 * The state of one task: its stores, and the way their changes take to disk.
 *
 * Processors change live rows in memory. An epoch ends with `stage`, which serializes what it changed; live rows
 * go on being used by the next one. When Kafka has committed the epoch, `persist` writes rows and positions in one
 * atomic batch. So the disk holds exactly what is committed, and at most lags behind: the changelog has the rest.
 * After a failure `discard` forgets what is not on disk.
 */
export class TaskState {
  private readonly database: StateDatabase
  /** The task's own first, then those of stores that lie apart. */
  private readonly databases: ReadonlySet<StateDatabase>
  private readonly sweeper: WindowSweeper
  private readonly now: () => number
  private readonly restores = new Map<string, StoreRestore>()
  /** Used by one epoch after the other: one is persisted before the next is staged. */
  private readonly batches: EpochBatches
  private staged: StagedEpoch | undefined
  /** Each write carries the positions of all stores: none may miss the one before. */
  private readonly storeWrites = new WriteQueue()
  private persisting = false
  private readonly sizes: StoreSizes

  private constructor(
    private readonly options: TaskStateOptions,
    private readonly epochs: EpochNumbers,
    private readonly checkpoint: TaskCheckpoint,
    private readonly stores: ReadonlyMap<string, TaskStore>,
  ) {
    this.database = options.database
    this.now = options.now ?? Date.now
    this.batches = new EpochBatches(options.database)
    const swept = [...stores.values()].flatMap(({ store, ledger, database }) =>
      ledger === undefined ? [] : [{ id: store.id, ledger, database }],
    )
    this.sweeper = new WindowSweeper(swept)
    this.sizes = new StoreSizes([...stores.values()])
    this.databases = new Set([options.database, ...[...stores.values()].map(({ database }) => database)])
    for (const database of this.databases) options.memory.addDatabase(database)
  }

  /**
   * Opens the state that a database holds, or begins it in an empty one.
   *
   * @throws {UnknownStateFormatError} if another version wrote it
   * @throws {TopologyChangedError} if another topology wrote it
   * @throws {StateCorruptError} if it cannot be read
   */
  static async open(options: TaskStateOptions): Promise<TaskState> {
    const { database, fingerprint, stores: definitions } = options
    const onDisk = TaskCheckpoint.read(database, fingerprint)
    if (onDisk === undefined) return TaskState.openEmpty(options)
    requireDistinctNames(definitions)
    const checkpoint = new TaskCheckpoint(fingerprint, definitions, onDisk)
    const epochs = firstEpoch()
    const stores = await buildStores(storesBase(options, epochs), definitions, checkpoint)
    return new TaskState(options, epochs, checkpoint, stores)
  }

  /** Begins state in an empty database, at once. Throws if the database holds state. */
  static openEmpty(options: TaskStateOptions): TaskState {
    const { database, fingerprint, stores: definitions } = options
    if (TaskCheckpoint.read(database, fingerprint) !== undefined) {
      throw new StateError('STATE_NOT_EMPTY', `${database.location} holds state already`)
    }
    requireDistinctNames(definitions)
    const checkpoint = new TaskCheckpoint(fingerprint, definitions, undefined)
    const epochs = firstEpoch()
    const stores = buildEmptyStores(storesBase(options, epochs), definitions, checkpoint)
    return new TaskState(options, epochs, checkpoint, stores)
  }

  /** The store of a name. Throws if the task has none. */
  store<S extends StateStore>(name: string): S {
    return this.storeOf(name).store as unknown as S
  }

  /** Committed input positions on disk, by `topic-partition`. Those of the broker outrank them. */
  get inputOffsets(): Readonly<Record<string, number>> {
    return this.checkpoint.inputOffsets
  }

  /** Where a store on disk stands. */
  checkpointOf(store: string): StoreCheckpoint {
    this.storeOf(store)
    return this.checkpoint.of(store)
  }

  /** Makes the stores ready for records, after restores and `discard`. */
  async prepare(): Promise<void> {
    for (const store of this.stores.values()) await loadPlaces(store)
    await this.sizes.measure()
  }

  /** What each store holds. */
  get figures(): StoreFigures[] {
    const { taskId, database } = this.options
    return [...this.stores.values()].map(({ store: { name, rowCount, liveBytes } }) => ({
      task: taskId ?? database.location,
      store: name,
      memoryEntries: rowCount,
      memoryBytes: liveBytes,
      databaseBytes: this.sizes.of(name),
    }))
  }

  /** Sends all updates that the record cache holds downstream, store by store in topological order. */
  *flushCaches(): Steps<void> {
    let flushed = true
    while (flushed) {
      flushed = false
      for (const { store } of this.stores.values()) if (yield* store.flushCache()) flushed = true
    }
  }

  /** Bytes that wait for a commit, by estimate: live rows of the open epoch, serialized ones of a staged epoch. */
  get dirtyBytes(): number {
    let bytes = this.staged?.byteLength ?? 0
    for (const { store } of this.stores.values()) bytes += store.dirtyBytes
    return bytes
  }

  /**
   * Ends the epoch: serializes all rows that it changed, and appends those of logged stores to their changelogs.
   * The caches are flushed before, and nothing is processed between the steps. Throws while an epoch staged earlier is
   * not persisted.
   */
  *stage(changelog: ChangelogWriter): Steps<StagedEpoch> {
    if (this.staged !== undefined) {
      throw new StateError(
        'EPOCH_ORDER',
        `epoch ${this.staged.epoch} is not persisted yet: at most two are open`,
      )
    }
    const epoch = this.epochs.current++
    const { batches } = this
    batches.clear()
    const stores = new Map<string, StagedStore>()
    let rows = 0
    for (const { store, database } of this.stores.values()) {
      const staged = yield* store.stage(batches.of(database), changelog)
      stores.set(store.name, staged)
      rows += staged.rows
    }
    this.staged = { epoch, rows, byteLength: batches.byteLength, batches, stores }
    return this.staged
  }

  /** Writes a staged epoch and its positions to disk, in one batch. To be called when Kafka has committed it. */
  async persist(staged: StagedEpoch, positions: EpochPositions): Promise<void> {
    const checkpoint = this.beginPersist(staged, positions)
    this.persisting = true
    try {
      await staged.batches.write()
      if (this.sizes.due) await this.sizes.measure()
    } finally {
      this.persisting = false
    }
    this.finish(staged, checkpoint)
  }

  /** `persist` within a step, for databases that can. */
  persistSync(staged: StagedEpoch, positions: EpochPositions): void {
    const checkpoint = this.beginPersist(staged, positions)
    staged.batches.writeSync()
    this.finish(staged, checkpoint)
  }

  private beginPersist(staged: StagedEpoch, positions: EpochPositions): Checkpoint {
    if (this.staged !== staged || this.persisting) {
      throw new StateError('EPOCH_ORDER', `epoch ${staged.epoch} is not the one to be persisted`)
    }
    const observed = new Map<string, number>()
    for (const [name, { windows, observedStart }] of staged.stores) {
      const { ledger, database } = this.storeOf(name)
      const batch = staged.batches.of(database)
      for (const start of windows) ledger?.write(batch, start, this.checkpoint.nextOffset(name))
      observed.set(name, observedStart)
    }
    const checkpoint = this.checkpoint.after(observed, positions, this.now())
    this.checkpoint.add(staged.batches.of(this.database), checkpoint)
    return checkpoint
  }

  private finish({ epoch, stores }: StagedEpoch, checkpoint: Checkpoint): void {
    for (const [name, staged] of stores) {
      const { store, ledger } = this.storeOf(name)
      for (const start of staged.windows) ledger?.note(start, this.checkpoint.nextOffset(name))
      ledger?.observe(staged.observedStart)
      store.persisted(staged)
    }
    this.checkpoint.replace(checkpoint)
    this.epochs.persisted = epoch
    this.staged = undefined
    this.sweeper.start()
  }

  /** Forgets everything that is not on disk: live rows, clean ones too, waiting updates, a staged epoch. */
  discard(): void {
    if (this.persisting) {
      throw new StateError(
        'EPOCH_ORDER',
        'an epoch is being persisted: its end is to be awaited before discarding',
      )
    }
    this.staged = undefined
    this.epochs.persisted = this.epochs.current++
    this.restores.clear()
    for (const { store } of this.stores.values()) store.discard()
  }

  /** Makes a store ready to be replayed as planned: wipes it if it must be, notes which topic it follows. */
  async prepareRestore(name: string, plan: RestorePlan, topicId: string): Promise<void> {
    const { store, ledger, database } = this.storeOf(name)
    this.requireUnused(name)
    const { checkpoint } = this
    const before = checkpoint.of(name)
    const position = { topicId, changelogOffset: plan.from }
    if (plan.wipe === undefined) {
      checkpoint.set(name, { ...before, ...position })
      return
    }
    // The checkpoint goes first: should the process die, the next one finds a store that has to be wiped again.
    const wiped = { id: before.id, observedStart: -1, savedAt: 0 }
    await this.writeStore(new WriteBatch(), name, wiped)
    while (await database.deleteRange(storeRange(before.id), DELETE_CHUNK_ROWS));
    ledger?.clear()
    store.replaced(false)
    checkpoint.set(name, { ...wiped, ...position })
  }

  /** Takes changelog records of a store straight to disk. Throws if the store has live rows: `discard` first. */
  beginRestore(name: string): StoreRestore {
    const taskStore = this.storeOf(name)
    this.requireUnused(name)
    const present = this.restores.get(name)
    if (present !== undefined) return present
    const restore = restoreOf(taskStore, (batch, nextOffset) =>
      this.applyRestored(taskStore, batch, nextOffset),
    )
    this.restores.set(name, restore)
    return restore
  }

  private async applyRestored(
    { store, ledger }: TaskStore,
    batch: WriteBatch,
    nextOffset: number,
  ): Promise<void> {
    const observedStart = ledger?.observedStart ?? -1
    const rows = batch.length
    const position = { changelogOffset: nextOffset, observedStart, savedAt: this.now() }
    await this.writeStore(batch, store.name, { ...this.checkpoint.of(store.name), ...position })
    if (rows > 0) store.replaced(true)
    this.sweeper.start()
  }

  /**
   * The lowest offset of a windowed store's changelog that windows on disk need which have not expired: what lies
   * before may be deleted. 0 where nothing may.
   */
  trimOffset(name: string): number {
    const { ledger } = this.storeOf(name)
    return ledger?.lowestNeededOffset ?? 0
  }

  /** Committed rows of a key-value store. */
  keyValueView<K, V>(name: string): KeyValueView<K, V> {
    const { definition, store, database } = this.storeOf(name)
    if (definition.kind !== 'keyValue') {
      const kind = definition.kind === 'versioned' ? 'versioned' : 'a window store'
      throw new StateError('STORE_KIND', `store ${name} is ${kind}, not a key-value store`)
    }
    return new KeyValueView(database, store.id, definition)
  }

  /** Committed rows of a window store, or of a session store. */
  windowView<K, V>(name: string): ReadOnlyWindowStore<K, V> {
    const { definition, store, database, ledger } = this.storeOf(name)
    if (definition.kind === 'keyValue' && definition.windows !== undefined) {
      return new WindowRowsView<K, V>(this.keyValueView(name), definition, () => store.observedStart)
    }
    if (ledger !== undefined && hasBuckets(definition)) {
      return new SpanView<unknown, unknown>(database, store.id, definition, ledger) as ReadOnlyWindowStore<
        K,
        V
      >
    }
    if (definition.kind !== 'window' || ledger === undefined) {
      const kind = definition.kind === 'versioned' ? 'versioned' : 'a key-value store'
      throw new StateError('STORE_KIND', `store ${name} is ${kind}, not a window store`)
    }
    return new WindowView(database, store.id, definition, ledger)
  }

  /** Committed rows of a versioned store. */
  versionedView<K, V>(name: string): VersionedView<K, V> {
    const { definition, store, database } = this.storeOf(name)
    if (definition.kind !== 'versioned') {
      throw new StateError('STORE_KIND', `store ${name} is not versioned`)
    }
    return new VersionedView(database, store.id, definition, () => store.observedStart)
  }

  /** Whether a store has committed rows, whatever they are. */
  hasRows(name: string): Promise<boolean> {
    const { store, database } = this.storeOf(name)
    return hasRows(database, store.id)
  }

  /** Resolves when no expired windows are being deleted in the background. */
  swept(): Promise<void> {
    return this.sweeper.idle()
  }

  /** Forgets what is not on disk and closes the database. */
  async close(): Promise<void> {
    await Promise.all([this.sweeper.stop(), this.storeWrites.idle()])
    for (const { store } of this.stores.values()) store.close()
    for (const database of this.databases) {
      this.options.memory.removeDatabase(database)
      if (database !== this.database) await database.close()
    }
    await this.database.close()
  }

  private requireUnused(name: string): void {
    if (this.staged === undefined && this.storeOf(name).store.rowCount === 0) return
    throw new StateError('STORE_IN_USE', `store ${name} has live rows: they are to be discarded before`)
  }

  private storeOf(name: string): TaskStore {
    const store = this.stores.get(name)
    if (store !== undefined) return store
    const { taskId, database } = this.options
    const names = [...this.stores.keys()].join(', ') || 'none'
    throw new StateError(
      'UNKNOWN_STORE',
      `task ${taskId ?? database.location} has no store ${name}; its stores: ${names}`,
    )
  }

  /** Writes a batch together with where it brings a store to; stores of a task are restored side by side. */
  private writeStore(batch: WriteBatch, name: string, after: StoreCheckpoint): Promise<void> {
    const { database } = this.storeOf(name)
    return this.storeWrites.run(async () => {
      // Positions of stores that lie elsewhere are not kept.
      if (database === this.database) this.checkpoint.add(batch, this.checkpoint.with(name, after))
      await database.write(batch)
      this.checkpoint.set(name, after)
    })
  }
}

const firstEpoch = (): EpochNumbers => ({ current: 1, persisted: 0 })

const storesBase = (options: TaskStateOptions, epochs: EpochNumbers): TaskStoresBase => ({
  ...options,
  taskId: options.taskId ?? options.database.location,
  epochs,
  counts: options.counts ?? (() => ({ lookups: 0, misses: 0 })),
})
