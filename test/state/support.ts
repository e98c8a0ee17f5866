import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { string } from '../../src/serdes/string.js'
import type { ChangelogWriter } from '../../src/state/changelog-writer.js'
import { ClassicLevelStateDatabase } from '../../src/state/classic-level-state-database.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { RecordCache } from '../../src/state/record-cache.js'
import type { EpochPositions } from '../../src/state/staged-epoch.js'
import type { StateDatabase } from '../../src/state/state-database.js'
import { StateMemory } from '../../src/state/state-memory.js'
import { toEnd } from '../../src/state/steps.js'
import type {
  AnyStoreDefinition,
  KeyValueStoreDefinition,
  WindowStoreDefinition,
} from '../../src/state/store-definition.js'
import type { ChangelogRecord, StoreRestore } from '../../src/state/store-restore.js'
import { TaskState, type TaskStateOptions } from '../../src/state/task-state.js'

/** A new directory that is deleted after the test. */
export async function temporaryDirectory(test: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-state-'))
  test.after(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** A memory database that counts its reads. */
export class CountingDatabase extends MemoryStateDatabase {
  reads = 0

  override get(key: Buffer): Buffer | undefined {
    this.reads++
    return super.get(key)
  }
}

export interface Backend {
  readonly name: string
  /** An empty database, closed after the test. */
  create(test: TestContext): Promise<StateDatabase>
}

export const backends: readonly Backend[] = [
  {
    name: 'memory',
    async create(test) {
      const database = new MemoryStateDatabase()
      test.after(() => database.close())
      return database
    },
  },
  {
    name: 'classic-level',
    async create(test) {
      const database = await ClassicLevelStateDatabase.open(await temporaryDirectory(test))
      test.after(() => database.close())
      return database
    },
  },
]

export const counts: KeyValueStoreDefinition<string, string> = {
  kind: 'keyValue',
  name: 'counts',
  key: string(),
  value: string(),
  caching: false,
  logging: true,
}

export const delays: WindowStoreDefinition<string, string> = {
  kind: 'window',
  name: 'delays',
  key: string(),
  value: string(),
  caching: false,
  logging: true,
  windowSize: 10,
  retention: 30,
}

export const NO_POSITIONS: EpochPositions = { changelogOffsets: new Map(), inputOffsets: new Map() }

const MIB = 1024 * 1024

export const optionsFor = (
  database: StateDatabase,
  stores: readonly AnyStoreDefinition[],
  overrides: Partial<TaskStateOptions> = {},
): TaskStateOptions => ({
  database,
  stores,
  cache: new RecordCache(0),
  memory: new StateMemory(MIB),
  taskId: '0_0',
  fingerprint: 'topology-1',
  ...overrides,
})

/** A record as it is in a changelog. */
export interface LoggedRecord {
  readonly key: Buffer
  readonly value: Buffer | null
  readonly timestamp: number
}

/** Changelogs in memory, one a store. */
export class Changelogs implements ChangelogWriter {
  private readonly topics = new Map<string, LoggedRecord[]>()

  append(
    store: string,
    key: Buffer,
    keyStart: number,
    keyEnd: number,
    value: Buffer,
    valueStart: number,
    valueEnd: number,
    timestamp: number,
  ): void {
    this.of(store).push({
      key: Buffer.from(key.subarray(keyStart, keyEnd)),
      value: valueEnd < 0 ? null : Buffer.from(value.subarray(valueStart, valueEnd)),
      timestamp,
    })
  }

  of(store: string): LoggedRecord[] {
    const records = this.topics.get(store) ?? []
    this.topics.set(store, records)
    return records
  }

  /** As many records as there are of each store, as positions. */
  get ends(): Map<string, number> {
    return new Map([...this.topics].map(([store, records]) => [store, records.length]))
  }

  /** Forgets what was appended behind these positions, as an aborted transaction does. */
  truncate(ends: ReadonlyMap<string, number>): void {
    for (const [store, records] of this.topics) records.length = ends.get(store) ?? 0
  }
}

/** One record of a changelog as a cursor shows it: key and value somewhere in a larger buffer. */
export function cursorOf({ key, value, timestamp }: LoggedRecord, offset: number): ChangelogRecord {
  const buffer = Buffer.concat([Buffer.from('..'), key, value ?? Buffer.alloc(0), Buffer.from('..')])
  const keyEnd = 2 + key.length
  const valueEnd = value === null ? -1 : keyEnd + value.length
  return { offset, timestamp, buffer, keyStart: 2, keyEnd, valueStart: keyEnd, valueEnd }
}

/** Replays the changelog of a store from a position to its end. */
export async function replay(
  state: TaskState,
  store: string,
  changelogs: Changelogs,
  from = 0,
): Promise<void> {
  const records = changelogs.of(store)
  const restore: StoreRestore = state.beginRestore(store)
  for (let offset = from; offset < records.length; offset++) restore.add(cursorOf(records[offset]!, offset))
  await restore.write(records.length)
}

/** Ends the epoch and persists it, with the changelogs' ends as positions. */
export async function commit(
  state: TaskState,
  changelogs: Changelogs,
  inputOffsets: ReadonlyMap<string, number> = new Map(),
): Promise<void> {
  toEnd(state.flushCaches())
  const staged = toEnd(state.stage(changelogs))
  await state.persist(staged, { changelogOffsets: changelogs.ends, inputOffsets })
}

export const openState = (options: TaskStateOptions): Promise<TaskState> => TaskState.open(options)

/** All that an iterator gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
