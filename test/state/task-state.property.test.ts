import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { ClassicLevelStateDatabase } from '../../src/state/classic-level-state-database.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { RecordCache } from '../../src/state/record-cache.js'
import type { StagedEpoch } from '../../src/state/staged-epoch.js'
import type { StateDatabase } from '../../src/state/state-database.js'
import { StateMemory } from '../../src/state/state-memory.js'
import { toEnd } from '../../src/state/steps.js'
import type { KeyValueStore, WindowStore } from '../../src/state/store.js'
import { TaskState } from '../../src/state/task-state.js'
import { Changelogs, collect, counts, delays, optionsFor, replay, temporaryDirectory } from './support.js'

/** The rows of both stores, as `key` or `key@start`, and the greatest window start written. */
interface Model {
  readonly rows: Map<string, string>
  observedStart: number
}

const copyOf = ({ rows, observedStart }: Model): Model => ({ rows: new Map(rows), observedStart })

const expired = ({ observedStart }: Model, start: number): boolean =>
  start <= observedStart - delays.retention

const startOf = (row: string): number => Number(row.split('@')[1] ?? Number.MAX_SAFE_INTEGER)

/** What a model has in order, expired windows left out. */
const visible = (model: Model): string[] =>
  [...model.rows]
    .filter(([row]) => !expired(model, startOf(row)))
    .map(([row, value]) => `${row}=${value}`)
    .sort()

async function onDisk(state: TaskState): Promise<string[]> {
  const rows: string[] = []
  for (const { key, value } of await collect(state.keyValueView<string, string>('counts').all())) {
    rows.push(`${key}=${value}`)
  }
  for (const { key, windowStart, value } of await collect(state.windowView<string, string>('delays').all())) {
    rows.push(`${key}@${windowStart}=${value}`)
  }
  return rows.sort()
}

/** A task's state beside models of what it must hold: live, on its way, and on disk. */
class Subject {
  private live: Model = { rows: new Map(), observedStart: -1 }
  private onItsWay:
    | { readonly staged: StagedEpoch; readonly model: Model; readonly ends: Map<string, number> }
    | undefined
  private persisted = copyOf(this.live)
  private persistedEnds = new Map<string, number>()
  private readonly changelogs = new Changelogs()

  constructor(
    private state: TaskState,
    private readonly reopen: (state: TaskState) => Promise<TaskState>,
    private readonly fresh: () => Promise<TaskState>,
  ) {}

  put(key: string, value: string | undefined): void {
    const store = this.state.store<KeyValueStore<string, string>>('counts')
    store.write(store.entry(key), value, 1, NO_HEADERS)
    this.set(key, value)
  }

  putWindow(key: string, start: number, value: string | undefined): void {
    const store = this.state.store<WindowStore<string, string>>('delays')
    const entry = store.entry(key, start)
    assert.equal(entry === undefined, expired(this.live, start))
    if (entry === undefined) return
    store.write(entry, value, start, NO_HEADERS)
    this.live.observedStart = Math.max(this.live.observedStart, start)
    this.set(`${key}@${start}`, value)
  }

  private set(row: string, value: string | undefined): void {
    if (value === undefined) this.live.rows.delete(row)
    else this.live.rows.set(row, value)
  }

  check(key: string, start: number): void {
    const byKey = this.state.store<KeyValueStore<string, string>>('counts').get(key)?.value
    assert.equal(byKey, this.live.rows.get(key))
    const inWindow = this.state.store<WindowStore<string, string>>('delays').get(key, start)?.value
    assert.equal(inWindow, expired(this.live, start) ? undefined : this.live.rows.get(`${key}@${start}`))
  }

  stage(): void {
    if (this.onItsWay !== undefined) return
    const staged = toEnd(this.state.stage(this.changelogs))
    this.onItsWay = { staged, model: copyOf(this.live), ends: this.changelogs.ends }
  }

  async persist(): Promise<void> {
    if (this.onItsWay === undefined) return
    const { staged, model, ends } = this.onItsWay
    await this.state.persist(staged, { changelogOffsets: ends, inputOffsets: new Map() })
    this.onItsWay = undefined
    this.persisted = model
    this.persistedEnds = ends
    await this.checkDisk()
  }

  discard(): void {
    this.state.discard()
    this.goBack()
  }

  /** The process dies: whatever is not on disk is gone. */
  async crash(): Promise<void> {
    this.state = await this.reopen(this.state)
    this.goBack()
    await this.checkDisk()
  }

  private goBack(): void {
    this.live = copyOf(this.persisted)
    this.onItsWay = undefined
    this.changelogs.truncate(this.persistedEnds)
  }

  private async checkDisk(): Promise<void> {
    assert.deepEqual(await onDisk(this.state), visible(this.persisted))
  }

  /** A replay of the changelogs gives what is on disk, also from where they may be trimmed to. */
  async checkReplay(): Promise<void> {
    this.discard()
    await this.state.swept()
    const replica = await this.fresh()
    await replay(replica, 'counts', this.changelogs)
    await replay(replica, 'delays', this.changelogs, this.state.trimOffset('delays'))
    assert.deepEqual(await onDisk(replica), visible(this.persisted))
    await replica.close()
    await this.state.close()
  }
}

const key = fc.constantFrom('a', 'b', 'c', 'dd', 'é')
const start = fc.integer({ min: 0, max: 12 }).map((window) => window * 10)
const value = fc.option(fc.constantFrom('1', '22', '333'), { nil: undefined, freq: 4 })

type Step = (subject: Subject) => void | Promise<void>

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(key, value).map(
      ([k, v]): Step =>
        (subject) =>
          subject.put(k, v),
    ),
  },
  {
    weight: 8,
    arbitrary: fc.tuple(key, start, value).map(
      ([k, s, v]): Step =>
        (subject) =>
          subject.putWindow(k, s, v),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(key, start).map(
      ([k, s]): Step =>
        (subject) =>
          subject.check(k, s),
    ),
  },
  { weight: 3, arbitrary: fc.constant<Step>((subject) => subject.stage()) },
  { weight: 3, arbitrary: fc.constant<Step>((subject) => subject.persist()) },
  { weight: 1, arbitrary: fc.constant<Step>((subject) => subject.discard()) },
  { weight: 1, arbitrary: fc.constant<Step>((subject) => subject.crash()) },
)

/** Looks for rows to forget at every row that is added, and has room for none. */
class NoMemory extends StateMemory {
  override makeRoom(): void {
    for (let look = 0; look < 64; look++) super.makeRoom()
  }
}

const open = (database: StateDatabase): Promise<TaskState> =>
  TaskState.open(
    optionsFor(database, [counts, delays], { memory: new NoMemory(0), cache: new RecordCache(0) }),
  )

/** Runs steps against a state in a new database each time. */
async function holds(
  create: () => Promise<StateDatabase>,
  reopen: (state: TaskState) => Promise<TaskState>,
  runs: number,
) {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 80, size: 'max' }), async (steps) => {
      const subject = new Subject(await open(await create()), reopen, () => open(new MemoryStateDatabase()))
      for (const each of steps) await each(subject)
      await subject.checkReplay()
    }),
    { numRuns: runs },
  )
}

describe('the state of a task, whatever happens to it', () => {
  it('is its model while it lives, and on disk what was last persisted (memory)', async () => {
    let database = new MemoryStateDatabase()
    await holds(
      async () => {
        database = new MemoryStateDatabase()
        return database
      },
      () => open(database),
      300,
    )
  })

  it('is its model while it lives, and on disk what was last persisted (classic-level)', async (test) => {
    const directory = await temporaryDirectory(test)
    let run = 0
    await holds(
      () => ClassicLevelStateDatabase.open(`${directory}/${++run}`),
      async (state) => {
        await state.close()
        return open(await ClassicLevelStateDatabase.open(`${directory}/${run}`))
      },
      40,
    )
  })
})
