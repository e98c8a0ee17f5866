import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { string } from '../../src/serdes/string.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import type { StateDatabase } from '../../src/state/state-database.js'
import { StateMemory } from '../../src/state/state-memory.js'
import { EXPIRED, LATEST, type VersionedStore } from '../../src/state/store.js'
import type { VersionedStoreDefinition } from '../../src/state/store-definition.js'
import { TaskState } from '../../src/state/task-state.js'
import { backends, Changelogs, commit, optionsFor, replay } from './support.js'

const RETENTION = 10
const NAME = 'prices'

const definition: VersionedStoreDefinition<string, string> = {
  kind: 'versioned',
  name: NAME,
  key: string(),
  value: string(),
  caching: false,
  logging: true,
  historyRetention: RETENTION,
}

type Versions = VersionedStore<string, string>

/** What is on disk may be forgotten at any time. */
const open = (database: StateDatabase) =>
  TaskState.open(optionsFor(database, [definition], { memory: new StateMemory(0) }))

async function opened(database: StateDatabase = new MemoryStateDatabase()) {
  const state = await open(database)
  const changelogs = new Changelogs()
  return {
    state,
    database,
    changelogs,
    store: state.store<Versions>(NAME),
    commit: () => commit(state, changelogs),
  }
}

/** A list of all versions ever put, and the rules of when they count. */
class ListModel {
  private readonly versions = new Map<string, Map<number, string | null>>()
  observed = -1

  copy(): ListModel {
    const copy = new ListModel()
    for (const [key, versions] of this.versions) copy.versions.set(key, new Map(versions))
    copy.observed = this.observed
    return copy
  }

  put(key: string, value: string | null, time: number): number {
    if (time < this.observed - RETENTION) return EXPIRED
    this.observed = Math.max(this.observed, time)
    this.versions.set(key, (this.versions.get(key) ?? new Map()).set(time, value))
    return this.validTo(key, time)
  }

  latest(key: string): Found {
    return this.at(key, LATEST)
  }

  asOf(key: string, time: number): Found {
    if (time >= this.observed - RETENTION) return this.at(key, time)
    const latest = this.latest(key)
    return latest !== undefined && latest.validFrom <= time ? latest : undefined
  }

  private at(key: string, time: number): Found {
    const validFrom = Math.max(...this.timesOf(key).filter((each) => each <= time))
    const value = this.versions.get(key)?.get(validFrom) ?? null
    return value === null ? undefined : { value, validFrom, validTo: this.validTo(key, validFrom) }
  }

  private validTo(key: string, time: number): number {
    return Math.min(...this.timesOf(key).filter((each) => each > time))
  }

  private timesOf(key: string): number[] {
    return [...(this.versions.get(key)?.keys() ?? [])]
  }
}

type Found = { value: string; validFrom: number; validTo: number } | undefined

function shown(store: Versions, version: ReturnType<Versions['latest']>): Found {
  if (version === undefined) return undefined
  const { value, timestamp, key } = version
  assert.equal(timestamp, key.validFrom)
  return { value: value!, validFrom: timestamp, validTo: store.validTo(version) }
}

/** One key's bytes begin with another's, and go on with those of a time. */
const KEYS = ['a', 'b', 'a\0\0\0\0\0\0\0\u0005', '']
const TIMES = Array.from({ length: 45 }, (_, time) => time)

function assertSame(store: Versions, model: ListModel): void {
  for (const key of KEYS) {
    assert.deepEqual(shown(store, store.latest(key)), model.latest(key))
    for (const time of TIMES) assert.deepEqual(shown(store, store.asOf(key, time)), model.asOf(key, time))
  }
}

const put = fc.record({
  key: fc.constantFrom(...KEYS),
  value: fc.option(fc.constantFrom('x', 'y', ''), { nil: null }),
  time: fc.integer({ min: 0, max: 40 }),
})
const step = fc.oneof(
  { weight: 8, arbitrary: put },
  { weight: 3, arbitrary: fc.constantFrom('commit' as const, 'discard' as const, 'reopen' as const) },
)

describe('a versioned store', () => {
  for (const backend of backends) {
    it(`answers as a list of all versions does, whatever is committed, dropped or opened anew, in ${backend.name}`, async (test) => {
      const property = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        // One database for each run; those on disk are opened again as they are, so they stay open.
        const database = await backend.create(test)
        let { state, store, changelogs } = await opened(database)
        const model = { now: new ListModel(), committed: new ListModel() }
        for (const each of steps) {
          if (typeof each === 'object') {
            const { key, value, time } = each
            assert.equal(store.put(key, value, time), model.now.put(key, value, time))
          } else if (each === 'commit') {
            await commit(state, changelogs)
            model.committed = model.now.copy()
          } else {
            state.discard()
            if (each === 'reopen') state = await open(database)
            await state.prepare()
            store = state.store<Versions>(NAME)
            // As with any operator's time it is committed with the offsets.
            store.observeTime(model.committed.observed)
            changelogs.truncate(new Map([[NAME, state.checkpointOf(NAME).changelogOffset ?? 0]]))
            model.now = model.committed.copy()
          }
          assertSame(store, model.now)
        }
        await commit(state, changelogs)
        const restored = await opened()
        await replay(restored.state, NAME, changelogs)
        await restored.state.prepare()
        restored.store.observeTime(model.now.observed)
        assertSame(restored.store, model.now)
        const view = restored.state.versionedView<string, string>(NAME)
        for (const key of KEYS) {
          assert.deepEqual(await view.get(key), model.now.latest(key))
          for (const time of TIMES) assert.deepEqual(await view.get(key, time), model.now.asOf(key, time))
        }
      })
      await fc.assert(property, { numRuns: backend.name === 'memory' ? 150 : 15 })
    })
  }

  it('tells at a put when the version ends, and whether it is kept', async () => {
    const { store } = await opened()
    assert.equal(store.put('a', '1', 100), LATEST)
    assert.equal(store.put('a', '0', 95), 100)
    assert.equal(store.put('b', null, 110), LATEST)
    assert.equal(store.put('a', 'late', 99), EXPIRED)
  })

  it('keeps the latest version of a key for ever, and others as long as they can be read', async () => {
    const { store, database, commit } = await opened()
    store.put('idle', 'stays', 0)
    store.put('gone', 'x', 0)
    store.put('gone', null, 1)
    for (let time = 0; time < 100; time++) store.put('busy', String(time), time)
    await commit()
    let rows = 0
    for await (const { keys } of database.scan({
      start: Buffer.from([0, 1, 1]),
      end: Buffer.from([0, 1, 2]),
    })) {
      rows += keys.length
    }
    // Of `busy` what counted at 89 or later, and the one of `idle`.
    assert.equal(rows, 11 + 1)
    assert.equal(store.latest('idle')?.value, 'stays')
  })

  it('deletes from its changelog what nobody can read any more', async () => {
    const { store, changelogs, commit } = await opened()
    for (let time = 0; time < 100; time++) {
      store.put('busy', String(time), time)
      await commit()
    }
    const compacted = new Map(changelogs.of(NAME).map(({ key, value }) => [key.toString('hex'), value]))
    assert.equal([...compacted.values()].filter((value) => value !== null).length, 11)
  })

  it('shows the versions of a time span in order', async () => {
    const { store, state, commit } = await opened()
    for (const time of [100, 103, 106]) store.put('a', String(time), time)
    store.put('a', null, 108)
    await commit()
    const view = state.versionedView<string, string>(NAME)
    const times = async (...span: [from?: number, to?: number, options?: { reverse: boolean }]) =>
      (await view.versions('a', ...span)).map(({ validFrom, validTo }) => [validFrom, validTo])
    assert.deepEqual(await times(), [
      [100, 103],
      [103, 106],
      [106, 108],
    ])
    assert.deepEqual(await times(104, 106), [
      [103, 106],
      [106, 108],
    ])
    assert.deepEqual(await times(101, 103, { reverse: true }), [
      [103, 106],
      [100, 103],
    ])
    assert.deepEqual(await times(108), [])
  })
})
