import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { string } from '../../src/serdes/string.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { planRestore } from '../../src/state/restore-plan.js'
import { StateMemory } from '../../src/state/state-memory.js'
import type { Storage, StorageRequest } from '../../src/state/storage.js'
import type { KeyValueStore, SpanStore, WindowStore } from '../../src/state/store.js'
import type { AnyStoreDefinition, SessionStoreDefinition } from '../../src/state/store-definition.js'
import { TaskState } from '../../src/state/task-state.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import { ListedDatabase } from '../support/listed-database.js'
import { stateDatabaseConformance } from './state-database-conformance.js'
import { Changelogs, collect, commit, counts, delays, optionsFor, replay } from './support.js'

stateDatabaseConformance({ name: "a user's", create: async () => new ListedDatabase('list') })

const sessions: SessionStoreDefinition<string, string> = {
  kind: 'session',
  name: 'sessions',
  key: string(),
  value: string(),
  caching: false,
  logging: true,
  segment: 10,
  retention: 30,
}

const kinds: readonly AnyStoreDefinition[] = [counts, delays, sessions]
const storedIn = (storage: Storage): AnyStoreDefinition[] => kinds.map((kind) => ({ ...kind, storage }))

/** Puts a row into each store. */
function fill(state: TaskState, value: string): void {
  const keyValue = state.store<KeyValueStore<string, string>>('counts')
  keyValue.write(keyValue.entry('k'), value, 1, NO_HEADERS)
  const windows = state.store<WindowStore<string, string>>('delays')
  windows.write(windows.entry('k', 20)!, value, 21, NO_HEADERS)
  const spans = state.store<SpanStore<string, string>>('sessions')
  spans.write(spans.span('k', 20, 25)!, value, 25, NO_HEADERS)
}

async function content(state: TaskState): Promise<(string | undefined)[]> {
  const [window] = await collect(state.windowView<string, string>('delays').all())
  const [session] = await collect(state.windowView<string, string>('sessions').all())
  const row = await state.keyValueView<string, string>('counts').get('k')
  return [row?.value, window?.value, session?.value]
}

/** Restores the stores as a task does that begins. */
async function restoreAll(state: TaskState, changelogs: Changelogs): Promise<void> {
  for (const { name } of kinds) {
    const end = changelogs.of(name).length
    const log = { topicId: 'id', logStart: 0, logEnd: end, deleteRetentionMs: Number.POSITIVE_INFINITY }
    const plan = planRestore(state.checkpointOf(name), log, name !== 'counts', Date.now())
    await state.prepareRestore(name, plan, 'id')
    if (plan.from < end) await replay(state, name, changelogs, plan.from)
  }
  await state.prepare()
}

const storages: Record<string, () => Storage> = {
  memory: () => 'memory',
  'a database of the user': () => () => new ListedDatabase('list'),
}

for (const [name, storage] of Object.entries(storages)) {
  describe(`stores in ${name}`, () => {
    it('hold what is committed, beside a database that has their positions only', async () => {
      const disk = new MemoryStateDatabase('disk')
      const state = TaskState.openEmpty(optionsFor(disk, storedIn(storage())))
      const changelogs = new Changelogs()
      fill(state, 'first')
      assert.deepEqual(await content(state), [undefined, undefined, undefined])
      await commit(state, changelogs)
      assert.deepEqual(await content(state), ['first', 'first', 'first'])
      const everything = { start: Buffer.alloc(0), end: Buffer.from([0xff]) }
      const [rows] = await collect(disk.scan(everything))
      assert.equal(rows!.keys.length, 1)
    })

    it('are replayed from their changelogs when the task begins again', async () => {
      const disk = new MemoryStateDatabase('disk')
      const changelogs = new Changelogs()
      const first = TaskState.openEmpty(optionsFor(disk, storedIn(storage())))
      fill(first, 'first')
      await commit(first, changelogs)
      fill(first, 'second')
      await commit(first, changelogs)

      const again = await TaskState.open(optionsFor(disk, storedIn(storage())))
      assert.equal(again.checkpointOf('counts').changelogOffset, undefined)
      await restoreAll(again, changelogs)
      assert.deepEqual(await content(again), ['second', 'second', 'second'])
    })

    it('go on from the changelog when they are put on disk', async () => {
      const disk = new MemoryStateDatabase('disk')
      const changelogs = new Changelogs()
      const onDisk = TaskState.openEmpty(optionsFor(disk, kinds))
      fill(onDisk, 'on disk')
      await commit(onDisk, changelogs)
      const apart = await TaskState.open(optionsFor(disk, storedIn(storage())))
      await restoreAll(apart, changelogs)
      fill(apart, 'apart')
      await commit(apart, changelogs)

      const back = await TaskState.open(optionsFor(disk, kinds))
      await restoreAll(back, changelogs)
      assert.deepEqual(await content(back), ['apart', 'apart', 'apart'])
    })

    it('forget what is not committed', async () => {
      const state = TaskState.openEmpty(optionsFor(new MemoryStateDatabase(), storedIn(storage())))
      fill(state, 'first')
      await commit(state, new Changelogs())
      fill(state, 'second')
      state.discard()
      assert.equal(state.store<KeyValueStore<string, string>>('counts').get('k')?.value, 'first')
    })
  })
}

describe('a store in a database of the user', () => {
  it('asks for one by store and task, empties what it finds there, and closes it', async () => {
    const requests: StorageRequest[] = []
    const list = new ListedDatabase('list')
    const storage = (request: StorageRequest): ListedDatabase => {
      requests.push(request)
      return list
    }
    const definitions = [{ ...counts, storage }]
    const changelogs = new Changelogs()
    const disk = new MemoryStateDatabase()
    const first = TaskState.openEmpty(optionsFor(disk, definitions))
    const store = first.store<KeyValueStore<string, string>>('counts')
    store.write(store.entry('gone'), 'x', 1, NO_HEADERS)
    await commit(first, changelogs)
    assert.equal(list.size, 1)

    const again = await TaskState.open(optionsFor(disk, definitions))
    const log = { topicId: 'other', logStart: 0, logEnd: 0, deleteRetentionMs: Number.POSITIVE_INFINITY }
    await again.prepareRestore('counts', planRestore(again.checkpointOf('counts'), log, false, 0), 'other')
    assert.equal(list.size, 0)
    await again.close()
    assert.equal(list.closed, true)
    assert.deepEqual(requests, [
      { store: 'counts', taskId: '0_0' },
      { store: 'counts', taskId: '0_0' },
    ])
  })
})

describe('a test driver whose state is in memory', () => {
  it('says what to do with a database that cannot be written within a step', () => {
    const builder = new StreamsBuilder()
    const texts = { key: string(), value: string() }
    builder.table('in', { ...texts, store: 'rows', storage: () => new ListedDatabase('list') })
    using driver = new TopologyTestDriver(builder.build())
    const input = driver.createInputTopic('in', texts)
    assert.throws(() => input.pipe('k', 'v'), /list cannot be written within a step: use .*onDisk/)
  })
})

describe('a store in memory', () => {
  it('counts against the memory of state until it is closed', async () => {
    const memory = new StateMemory(1_000_000)
    const definitions = [{ ...counts, storage: 'memory' as const }]
    const state = TaskState.openEmpty(optionsFor(new MemoryStateDatabase(), definitions, { memory }))
    const store = state.store<KeyValueStore<string, string>>('counts')
    for (let key = 0; key < 100; key++) store.write(store.entry(`key${key}`), 'x'.repeat(100), 1, NO_HEADERS)
    await commit(state, new Changelogs())
    state.discard()
    assert.ok(memory.usedBytes > 100 * 100, `${memory.usedBytes} bytes`)
    await state.close()
    assert.equal(memory.usedBytes, 0)
  })
})
