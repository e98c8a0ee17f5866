import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serde } from '../../src/serdes/custom-serde.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import type { StateDatabase } from '../../src/state/state-database.js'
import { StateMemory } from '../../src/state/state-memory.js'
import { toEnd } from '../../src/state/steps.js'
import type { KeyValueStore } from '../../src/state/store.js'
import { TaskState } from '../../src/state/task-state.js'
import { Changelogs, CountingDatabase, commit, counts, openState, optionsFor } from './support.js'

const put = (
  store: KeyValueStore<string, string>,
  key: string,
  value: string | undefined,
  timestamp = 1,
): void => store.write(store.entry(key), value, timestamp, NO_HEADERS)

async function reopened(database: StateDatabase, memory = new StateMemory(1 << 20)): Promise<TaskState> {
  return openState(optionsFor(database, [counts], { memory }))
}

describe('key-value store', () => {
  it('has no row for a key that was not written, and an empty one to write', () => {
    const state = TaskState.openEmpty(optionsFor(new MemoryStateDatabase(), [counts]))
    const store = state.store<KeyValueStore<string, string>>('counts')
    assert.equal(store.get('a'), undefined)
    const entry = store.entry('a')
    assert.equal(entry.value, undefined)
    assert.equal(entry.timestamp, -1)
    assert.equal(entry.windowStart, -1)
    assert.equal(store.get('a'), undefined)
  })

  it('gives back what was written, and nothing once it was deleted', () => {
    const state = TaskState.openEmpty(optionsFor(new MemoryStateDatabase(), [counts]))
    const store = state.store<KeyValueStore<string, string>>('counts')
    put(store, 'a', '1', 7)
    assert.equal(store.get('a')?.value, '1')
    assert.equal(store.get('a')?.timestamp, 7)
    put(store, 'a', undefined, 8)
    assert.equal(store.get('a'), undefined)
    assert.equal(store.entry('a').timestamp, -1)
  })

  it('reads a row from disk once, and not at all while all rows are in memory', async () => {
    const database = new CountingDatabase()
    const first = await reopened(database)
    const store = first.store<KeyValueStore<string, string>>('counts')
    const atOpen = database.reads
    put(store, 'a', '1', 7)
    store.get('b')
    store.entry('c')
    assert.equal(database.reads, atOpen)
    await commit(first, new Changelogs())

    const second = await reopened(database)
    const again = second.store<KeyValueStore<string, string>>('counts')
    const before = database.reads
    assert.equal(again.get('a')?.value, '1')
    assert.equal(again.get('a')?.timestamp, 7)
    assert.equal(again.entry('a').value, '1')
    assert.equal(again.get('missing'), undefined)
    assert.equal(again.get('missing'), undefined)
    assert.equal(database.reads, before + 2)
  })

  it('counts what is asked of it, and what it has to ask the database', async () => {
    const database = new CountingDatabase()
    const first = await reopened(database)
    put(first.store<KeyValueStore<string, string>>('counts'), 'a', '1')
    await commit(first, new Changelogs())
    const asked = { lookups: 0, misses: 0 }
    const options = optionsFor(database, [counts], { memory: new StateMemory(1 << 20) })
    const second = await openState({ ...options, counts: () => asked })
    const store = second.store<KeyValueStore<string, string>>('counts')
    const before = database.reads
    for (const key of ['a', 'b', 'a', 'a', 'b']) store.get(key)
    store.entry('c')
    assert.deepEqual(asked, { lookups: 6, misses: 3 })
    assert.equal(database.reads, before + asked.misses)
  })

  it('takes keys for the same whose serialized bytes are the same', () => {
    const caseless = serde<{ id: string }>({
      name: 'id',
      serialize: ({ id }) => Buffer.from(id.toLowerCase()),
      deserialize: (bytes) => ({ id: Buffer.from(bytes).toString() }),
    })
    const definition = { ...counts, key: caseless }
    const state = TaskState.openEmpty(optionsFor(new MemoryStateDatabase(), [definition]))
    const store = state.store<KeyValueStore<{ id: string }, string>>('counts')
    store.write(store.entry({ id: 'SFO' }), '1', 1, NO_HEADERS)
    assert.equal(store.get({ id: 'sfo' })?.value, '1')
    assert.equal(store.get({ id: 'jfk' }), undefined)
  })

  it('forgets rows that are on disk when memory is over its bound, and reads them again', async () => {
    const memory = new StateMemory(100_000)
    const state = TaskState.openEmpty(optionsFor(new MemoryStateDatabase(), [counts], { memory }))
    const store = state.store<KeyValueStore<string, string>>('counts')
    const changelogs = new Changelogs()
    for (let epoch = 0; epoch < 50; epoch++) {
      for (let key = 0; key < 100; key++) put(store, `k${epoch}-${key}`, `v${epoch}-${key}`)
      await commit(state, changelogs)
    }
    assert.ok(memory.usedBytes < 130_000, `${memory.usedBytes} bytes are in use`)
    for (let epoch = 0; epoch < 50; epoch++) {
      for (let key = 0; key < 100; key += 9)
        assert.equal(store.get(`k${epoch}-${key}`)?.value, `v${epoch}-${key}`)
    }
    assert.equal(store.get('k50-0'), undefined)
  })

  it('forgets no row whose change is not on disk, whatever the bound', () => {
    const memory = new StateMemory(0)
    const state = TaskState.openEmpty(optionsFor(new MemoryStateDatabase(), [counts], { memory }))
    const store = state.store<KeyValueStore<string, string>>('counts')
    for (let key = 0; key < 1000; key++) put(store, `k${key}`, `v${key}`)
    toEnd(state.stage(new Changelogs()))
    for (let key = 1000; key < 2000; key++) put(store, `k${key}`, `v${key}`)
    for (let key = 0; key < 2000; key++) assert.equal(store.get(`k${key}`)?.value, `v${key}`)
  })

  it('keeps rows in use rather than rows that are not', async () => {
    const database = new CountingDatabase()
    const memory = new StateMemory(60_000)
    const state = TaskState.openEmpty(optionsFor(database, [counts], { memory }))
    const store = state.store<KeyValueStore<string, string>>('counts')
    put(store, 'hot', '1')
    for (let epoch = 0; epoch < 200; epoch++) {
      for (let key = 0; key < 10; key++) {
        put(store, `cold-${epoch}-${key}`, 'v')
        store.get('hot')
      }
      await commit(state, new Changelogs())
    }
    const before = database.reads
    assert.equal(store.get('hot')?.value, '1')
    assert.equal(database.reads, before)
  })

  it('finds every row among many', async () => {
    const state = TaskState.openEmpty(
      optionsFor(new MemoryStateDatabase(), [counts], { memory: new StateMemory(1e9) }),
    )
    const store = state.store<KeyValueStore<string, string>>('counts')
    for (let key = 0; key < 100_000; key++) put(store, `user-${key}`, `${key}`)
    for (let key = 0; key < 100_000; key += 7) assert.equal(store.get(`user-${key}`)?.value, `${key}`)
    assert.equal(store.get('user-100000'), undefined)
  })
})
