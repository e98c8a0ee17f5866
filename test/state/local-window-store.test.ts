import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { StateMemory } from '../../src/state/state-memory.js'
import { toEnd } from '../../src/state/steps.js'
import type { WindowStore } from '../../src/state/store.js'
import { TaskState } from '../../src/state/task-state.js'
import { Changelogs, CountingDatabase, collect, commit, delays, openState, optionsFor } from './support.js'

type Store = WindowStore<string, string>

function put(store: Store, key: string, windowStart: number, value: string | undefined): void {
  const entry = store.entry(key, windowStart)
  assert.ok(entry !== undefined, `window ${windowStart} has expired`)
  store.write(entry, value, windowStart + 5, NO_HEADERS)
}

function emptyState(memory = new StateMemory(1 << 20), database = new MemoryStateDatabase()): TaskState {
  return TaskState.openEmpty(optionsFor(database, [delays], { memory }))
}

/** Window starts that a database still has rows of. */
async function windowsOnDisk(database: MemoryStateDatabase): Promise<number[]> {
  const starts = new Set<number>()
  for await (const { keys } of database.scan({
    start: Buffer.from([0, 1, 1]),
    end: Buffer.from([0, 1, 2]),
  })) {
    for (const key of keys) starts.add(Number(key.readBigInt64BE(3)))
  }
  return [...starts]
}

describe('window store', () => {
  it('keeps the windows of a key apart', () => {
    const store = emptyState().store<Store>('delays')
    put(store, 'a', 0, '1')
    put(store, 'a', 10, '2')
    put(store, 'b', 10, '3')
    assert.equal(store.get('a', 0)?.value, '1')
    assert.equal(store.get('a', 10)?.value, '2')
    assert.equal(store.get('a', 10)?.windowStart, 10)
    assert.equal(store.get('a', 10)?.timestamp, 15)
    assert.equal(store.get('b', 0), undefined)
  })

  it('hides a window as soon as its start is the retention behind the greatest start written', () => {
    const store = emptyState().store<Store>('delays')
    put(store, 'a', 10, '1')
    put(store, 'a', 39, '2')
    assert.equal(store.get('a', 10)?.value, '1')
    put(store, 'a', 40, '3')
    assert.equal(store.get('a', 10), undefined)
    assert.equal(store.entry('a', 10), undefined)
    assert.equal(store.entry('a', 11)?.value, undefined)
  })

  it('does not count a window that was only asked for as written', () => {
    const store = emptyState().store<Store>('delays')
    put(store, 'a', 0, '1')
    store.entry('a', 1000)
    store.get('a', 1000)
    assert.equal(store.get('a', 0)?.value, '1')
  })

  it('does not ask the disk for windows that have no rows there', async () => {
    const database = new CountingDatabase()
    const state = emptyState(undefined, database)
    const store = state.store<Store>('delays')
    put(store, 'a', 0, '1')
    await commit(state, new Changelogs())
    state.discard()
    const before = database.reads
    assert.equal(store.get('a', 10), undefined)
    assert.equal(database.reads, before)
    assert.equal(store.get('a', 0)?.value, '1')
    assert.equal(database.reads, before + 1)
  })

  it('remembers over a reopening what has expired', async () => {
    const database = new MemoryStateDatabase()
    const state = emptyState(undefined, database)
    const store = state.store<Store>('delays')
    put(store, 'a', 10, '1')
    put(store, 'a', 40, '2')
    await commit(state, new Changelogs())
    const again = (await openState(optionsFor(database, [delays]))).store<Store>('delays')
    assert.equal(again.entry('a', 10), undefined)
    assert.equal(again.get('a', 40)?.value, '2')
  })

  it('neither logs nor stores a row whose window has expired within the epoch', async () => {
    const database = new MemoryStateDatabase()
    const state = emptyState(undefined, database)
    const store = state.store<Store>('delays')
    const changelogs = new Changelogs()
    put(store, 'a', 0, '1')
    put(store, 'a', 100, '2')
    await commit(state, changelogs)
    assert.equal(changelogs.of('delays').length, 1)
    assert.deepEqual(await windowsOnDisk(database), [100])
  })

  it('deletes expired windows from disk, not through the changelog', async () => {
    const database = new MemoryStateDatabase()
    const state = emptyState(undefined, database)
    const store = state.store<Store>('delays')
    const changelogs = new Changelogs()
    for (let start = 0; start <= 60; start += 10) {
      for (let key = 0; key < 1500; key++) put(store, `k${key}`, start, `v${start}`)
      await commit(state, changelogs)
    }
    await state.swept()
    assert.deepEqual(await windowsOnDisk(database), [40, 50, 60])
    assert.equal(changelogs.of('delays').length, 7 * 1500)
    assert.ok(changelogs.of('delays').every(({ value }) => value !== null))
    const view = state.windowView<string, string>('delays')
    assert.equal((await collect(view.all())).length, 3 * 1500)
  })

  it('goes on deleting after a reopening what was not deleted before', async () => {
    const database = new MemoryStateDatabase()
    const state = emptyState(undefined, database)
    const store = state.store<Store>('delays')
    put(store, 'a', 0, '1')
    await commit(state, new Changelogs())
    put(store, 'a', 100, '2')
    const staged = toEnd(state.stage(new Changelogs()))
    // A process that dies right after the batch is written: nothing is swept.
    await database.write(staged.batches.of(database))
    const again = await openState(optionsFor(database, [delays]))
    put(again.store<Store>('delays'), 'a', 200, '3')
    await commit(again, new Changelogs())
    await again.swept()
    assert.deepEqual(
      (await windowsOnDisk(database)).filter((start) => start < 100),
      [],
    )
  })

  it('knows the lowest changelog offset that windows need which have not expired', async () => {
    const database = new MemoryStateDatabase()
    const state = emptyState(undefined, database)
    const store = state.store<Store>('delays')
    const changelogs = new Changelogs()
    assert.equal(state.trimOffset('delays'), 0)
    put(store, 'a', 0, '1')
    await commit(state, changelogs)
    put(store, 'a', 10, '2')
    put(store, 'b', 10, '2')
    await commit(state, changelogs)
    put(store, 'a', 20, '3')
    await commit(state, changelogs)
    assert.equal(state.trimOffset('delays'), 0)
    put(store, 'a', 30, '4')
    await commit(state, changelogs)
    assert.equal(state.trimOffset('delays'), 1)
    put(store, 'a', 45, '5')
    await commit(state, changelogs)
    assert.equal(state.trimOffset('delays'), 3)
    const again = await openState(optionsFor(database, [delays]))
    assert.equal(again.trimOffset('delays'), 3)
  })

  it('forgets rows that are on disk when memory is over its bound, and reads them again', async () => {
    const memory = new StateMemory(200_000)
    const state = emptyState(memory)
    const store = state.store<Store>('delays')
    for (let round = 0; round < 40; round++) {
      for (let key = 0; key < 50; key++) put(store, `k${round}-${key}`, (round % 3) * 10, `v${round}-${key}`)
      await commit(state, new Changelogs())
    }
    assert.ok(memory.usedBytes < 260_000, `${memory.usedBytes} bytes are in use`)
    for (let round = 0; round < 40; round++) {
      assert.equal(store.get(`k${round}-7`, (round % 3) * 10)?.value, `v${round}-7`)
    }
  })
})
