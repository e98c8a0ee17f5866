import {
  type Checkpoint,
  decodeCheckpoint,
  durable,
  encodeCheckpoint,
  type StoreCheckpoint,
  storeCheckpoints,
} from './checkpoint.js'
import { CHECKPOINT_KEY } from './row-layout.js'
import type { EpochPositions } from './staged-epoch.js'
import type { StateDatabase } from './state-database.js'
import { TopologyChangedError } from './state-errors.js'
import { isVolatile } from './storage.js'
import type { AnyStoreDefinition } from './store-definition.js'
import type { WriteBatch } from './write-batch.js'

/** Where a task stands on disk, as this process knows it: what the last batch said. */
export class TaskCheckpoint {
  private readonly stores: Map<string, StoreCheckpoint>
  /** Stores that are not on disk. */
  private readonly volatile: ReadonlySet<string>
  inputOffsets: Readonly<Record<string, number>>

  constructor(
    private readonly fingerprint: string,
    definitions: readonly AnyStoreDefinition[],
    onDisk: Checkpoint | undefined,
  ) {
    this.stores = storeCheckpoints(definitions, onDisk)
    this.volatile = new Set(definitions.flatMap(({ name, storage }) => (isVolatile(storage) ? [name] : [])))
    this.inputOffsets = onDisk?.inputOffsets ?? {}
  }

  /**
   * Reads the checkpoint of a database; undefined where that is empty.
   *
   * @throws {TopologyChangedError} if another topology wrote it
   */
  static read(database: StateDatabase, fingerprint: string): Checkpoint | undefined {
    const bytes = database.get(CHECKPOINT_KEY)
    if (bytes === undefined) return undefined
    const checkpoint = decodeCheckpoint(bytes, database.location)
    if (checkpoint.fingerprint !== fingerprint) {
      throw new TopologyChangedError(database.location, checkpoint.fingerprint, fingerprint)
    }
    return checkpoint
  }

  of(store: string): StoreCheckpoint {
    return this.stores.get(store)!
  }

  /** Takes note of where a store stands, without its being on disk yet. */
  set(store: string, checkpoint: StoreCheckpoint): void {
    this.stores.set(store, checkpoint)
  }

  /** What it will be when one store has changed. */
  with(store: string, checkpoint: StoreCheckpoint): Checkpoint {
    const { fingerprint, inputOffsets } = this
    return { fingerprint, stores: { ...Object.fromEntries(this.stores), [store]: checkpoint }, inputOffsets }
  }

  /** The offset in a store's changelog that the next record gets at least. */
  nextOffset(store: string): number {
    return this.of(store).changelogOffset ?? 0
  }

  /** What it will be when an epoch is on disk. */
  after(
    observedStarts: ReadonlyMap<string, number>,
    { changelogOffsets, inputOffsets }: EpochPositions,
    savedAt: number,
  ): Checkpoint {
    const stores: Record<string, StoreCheckpoint> = {}
    for (const [name, before] of this.stores) {
      const changelogOffset = changelogOffsets.get(name) ?? before.changelogOffset
      const position = changelogOffset === undefined ? {} : { changelogOffset }
      stores[name] = { ...before, ...position, observedStart: observedStarts.get(name)!, savedAt }
    }
    return {
      fingerprint: this.fingerprint,
      stores,
      inputOffsets: { ...this.inputOffsets, ...Object.fromEntries(inputOffsets) },
    }
  }

  /** Takes over what is on disk now. */
  replace({ stores, inputOffsets }: Checkpoint): void {
    for (const [name, checkpoint] of Object.entries(stores)) this.stores.set(name, checkpoint)
    this.inputOffsets = inputOffsets
  }

  /** Adds a checkpoint to a batch: it becomes true together with the rows in it. */
  add(batch: WriteBatch, checkpoint: Checkpoint): void {
    batch.add(CHECKPOINT_KEY, encodeCheckpoint(durable(checkpoint, this.volatile)))
  }
}
