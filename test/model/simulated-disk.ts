import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import type { KeyRange, ScanChunk, ScanOptions, StateDatabase } from '../../src/state/state-database.js'
import { StateDirectoryLockedError, StateError } from '../../src/state/state-errors.js'
import type { WriteBatch } from '../../src/state/write-batch.js'
import type { Owner, SimulatedTime } from './simulated-time.js'

/** The state directory of a process: what was written survives the process. */
export class SimulatedDisk {
  /** Called after every write. */
  onWrite: (taskId: string, database: MemoryStateDatabase) => Promise<void> = async () => {}
  private readonly databases = new Map<string, MemoryStateDatabase>()
  private readonly handles = new Map<string, DatabaseHandle>()
  private readonly changedAt = new Map<string, number>()

  constructor(private readonly time: SimulatedTime) {}

  /** @param delay how long the next write takes */
  async open(taskId: string, owner: Owner, delay: () => number): Promise<StateDatabase> {
    const held = this.handles.get(taskId)
    if (held?.isOpen && held.owner.alive) throw new StateDirectoryLockedError(taskId)
    const database = this.databases.get(taskId) ?? new MemoryStateDatabase(taskId)
    this.databases.set(taskId, database)
    const handle = new DatabaseHandle(database, owner, async (batch) => {
      await new Promise<void>((resolve) => this.time.schedule(delay(), resolve, owner))
      database.writeSync(batch)
      this.changedAt.set(taskId, Math.floor(this.time.now))
      await this.onWrite(taskId, database)
    })
    this.handles.set(taskId, handle)
    return handle
  }

  tasks(): [taskId: string, changedAt: number][] {
    return [...this.databases.keys()].map((taskId) => [taskId, this.changedAt.get(taskId) ?? 0])
  }
}

/** A database as long as its process lives. */
class DatabaseHandle implements StateDatabase {
  isOpen = true
  private writing: Promise<void> = Promise.resolve()

  constructor(
    private readonly database: MemoryStateDatabase,
    readonly owner: Owner,
    private readonly writeLater: (batch: WriteBatch) => Promise<void>,
  ) {}

  get location(): string {
    return this.database.location
  }

  get(key: Buffer): Buffer | undefined {
    return this.opened.get(key)
  }

  getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    return this.opened.getMany(keys)
  }

  write(batch: WriteBatch): Promise<void> {
    this.requireOpen()
    this.writing = this.writing.then(() => this.writeLater(batch))
    return this.writing
  }

  scan(range: KeyRange, options?: ScanOptions): AsyncIterableIterator<ScanChunk> {
    return this.opened.scan(range, options)
  }

  deleteRange(range: KeyRange, limit: number): Promise<boolean> {
    return this.opened.deleteRange(range, limit)
  }

  async close(): Promise<void> {
    this.isOpen = false
    await this.writing
  }

  destroy(): Promise<void> {
    throw new Error('the simulated process destroys no database')
  }

  private get opened(): MemoryStateDatabase {
    this.requireOpen()
    return this.database
  }

  private requireOpen(): void {
    if (!this.isOpen) throw new StateError('STATE_CLOSED', `state database ${this.location} is closed`)
  }
}
