import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { encodeCheckpoint } from '../../src/state/checkpoint.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { CHECKPOINT_KEY } from '../../src/state/row-layout.js'
import {
  StateCorruptError,
  StateError,
  TopologyChangedError,
  UnknownStateFormatError,
} from '../../src/state/state-errors.js'
import { toEnd } from '../../src/state/steps.js'
import type { KeyValueStore, WindowStore } from '../../src/state/store.js'
import { TaskState } from '../../src/state/task-state.js'
import { WriteBatch } from '../../src/state/write-batch.js'
import {
  backends,
  Changelogs,
  collect,
  commit,
  counts,
  cursorOf,
  delays,
  NO_POSITIONS,
  openState,
  optionsFor,
  replay,
} from './support.js'

type Counts = KeyValueStore<string, string>
type Delays = WindowStore<string, string>

const put = (state: TaskState, key: string, value: string | undefined, timestamp = 1): void => {
  const store = state.store<Counts>('counts')
  store.write(store.entry(key), value, timestamp, NO_HEADERS)
}

function putWindow(state: TaskState, key: string, windowStart: number, value: string | undefined): void {
  const store = state.store<Delays>('delays')
  store.write(store.entry(key, windowStart)!, value, windowStart, NO_HEADERS)
}

const committed = async (state: TaskState): Promise<string[]> =>
  (await collect(state.keyValueView<string, string>('counts').all())).map(
    ({ key, value }) => `${key}=${value}`,
  )

const empty = (database = new MemoryStateDatabase()): TaskState =>
  TaskState.openEmpty(optionsFor(database, [counts, delays]))

for (const backend of backends) {
  describe(`task state on ${backend.name}`, () => {
    it('puts nothing on disk before an epoch is persisted, then all of it, with its positions', async (test) => {
      const database = await backend.create(test)
      const state = await openState(optionsFor(database, [counts, delays], { now: () => 1234 }))
      put(state, 'a', '1')
      putWindow(state, 'a', 10, 'w')
      const staged = toEnd(state.stage(new Changelogs()))
      assert.equal(staged.rows, 2)
      assert.deepEqual(await committed(state), [])
      assert.deepEqual(await committed(await openState(optionsFor(database, [counts, delays]))), [])
      await state.persist(staged, {
        changelogOffsets: new Map([['counts', 7]]),
        inputOffsets: new Map([['flights-0', 42]]),
      })
      assert.deepEqual(await committed(state), ['a=1'])

      const again = await openState(optionsFor(database, [counts, delays]))
      assert.deepEqual(again.inputOffsets, { 'flights-0': 42 })
      assert.equal(again.checkpointOf('counts').changelogOffset, 7)
      assert.equal(again.checkpointOf('counts').savedAt, 1234)
      assert.equal(again.checkpointOf('delays').changelogOffset, undefined)
      assert.equal(again.checkpointOf('delays').observedStart, 10)
      assert.equal(again.store<Delays>('delays').get('a', 10)?.value, 'w')
    })

    it('is the same after a replay of its changelogs into an empty database', async (test) => {
      const changelogs = new Changelogs()
      const state = await openState(optionsFor(await backend.create(test), [counts, delays]))
      for (let round = 0; round < 5; round++) {
        for (let key = 0; key < 50; key++) {
          put(state, `k${key}`, (key + round) % 7 === 0 ? undefined : `${round}`, round)
          putWindow(state, `k${key}`, round * 10, `${round}`)
        }
        await commit(state, changelogs)
      }
      const replica = await openState(optionsFor(await backend.create(test), [counts, delays]))
      await replay(replica, 'counts', changelogs)
      await replay(replica, 'delays', changelogs)
      for (const rows of [
        (each: TaskState) => each.keyValueView('counts').all(),
        (each: TaskState) => each.windowView('delays').all(),
      ] as const) {
        assert.deepEqual(await collect(rows(replica)), await collect(rows(state)))
      }
      assert.equal(replica.checkpointOf('counts').changelogOffset, changelogs.of('counts').length)
      assert.equal(replica.trimOffset('delays'), state.trimOffset('delays'))
      assert.equal(replica.store<Counts>('counts').get('k4')?.value, '4')
      assert.equal(replica.store<Delays>('delays').entry('k4', 10), undefined)
    })
  })
}

describe('changelog format', () => {
  it("is Kafka Streams': a row is its key and raw value with the row's timestamp", () => {
    const state = empty()
    const changelogs = new Changelogs()
    put(state, 'a', '1', 7)
    put(state, 'b', '2', 8)
    put(state, 'b', undefined, 9)
    toEnd(state.stage(changelogs))
    assert.deepEqual(changelogs.of('counts'), [
      { key: Buffer.from('a'), value: Buffer.from('1'), timestamp: 7 },
      { key: Buffer.from('b'), value: null, timestamp: 9 },
    ])
  })

  it("is Kafka Streams': a windowed key is key, window start and a sequence number of 0", () => {
    const state = empty()
    const changelogs = new Changelogs()
    putWindow(state, 'a', 0x0102, '1')
    toEnd(state.stage(changelogs))
    assert.deepEqual(changelogs.of('delays')[0]?.key, Buffer.from('61000000000000010200000000', 'hex'))
  })

  it('has the last value of a row once an epoch, however often it changed', () => {
    const state = empty()
    const changelogs = new Changelogs()
    for (let count = 0; count < 10; count++) put(state, 'a', `${count}`)
    toEnd(state.stage(changelogs))
    assert.deepEqual(
      changelogs.of('counts').map(({ value }) => String(value)),
      ['9'],
    )
  })

  it('has nothing of a store without logging, whose rows reach the disk all the same', async () => {
    const database = new MemoryStateDatabase()
    const state = TaskState.openEmpty(optionsFor(database, [{ ...counts, logging: false }]))
    const changelogs = new Changelogs()
    put(state, 'a', '1')
    await commit(state, changelogs)
    assert.deepEqual(changelogs.of('counts'), [])
    assert.deepEqual(await committed(state), ['a=1'])
  })
})

describe('epochs', () => {
  it('go on with the live rows while the one before is on its way', async () => {
    const state = empty()
    const changelogs = new Changelogs()
    put(state, 'a', '1')
    const first = toEnd(state.stage(changelogs))
    assert.equal(state.store<Counts>('counts').get('a')?.value, '1')
    put(state, 'a', '2')
    put(state, 'b', '2')
    await state.persist(first, NO_POSITIONS)
    assert.deepEqual(await committed(state), ['a=1'])
    await state.persist(toEnd(state.stage(changelogs)), NO_POSITIONS)
    assert.deepEqual(await committed(state), ['a=2', 'b=2'])
    const third = toEnd(state.stage(changelogs))
    assert.equal(third.rows, 0)
  })

  it('are two at most, and are persisted once, in their order', async () => {
    const state = empty()
    const changelogs = new Changelogs()
    put(state, 'a', '1')
    const first = toEnd(state.stage(changelogs))
    assert.throws(() => toEnd(state.stage(changelogs)), { code: 'EPOCH_ORDER' })
    await state.persist(first, NO_POSITIONS)
    await assert.rejects(state.persist(first, NO_POSITIONS), { code: 'EPOCH_ORDER' })
    const second = toEnd(state.stage(changelogs))
    const persisting = state.persist(second, NO_POSITIONS)
    assert.throws(() => state.discard(), { code: 'EPOCH_ORDER' })
    await assert.rejects(state.persist(second, NO_POSITIONS), { code: 'EPOCH_ORDER' })
    await persisting
  })

  it('are gone with everything in them when they are discarded, staged or not', async () => {
    const state = empty()
    const changelogs = new Changelogs()
    put(state, 'a', '1')
    putWindow(state, 'a', 100, '1')
    await commit(state, changelogs)
    put(state, 'a', '2')
    const staged = toEnd(state.stage(changelogs))
    put(state, 'b', '3')
    putWindow(state, 'a', 900, '1')
    state.discard()
    assert.equal(state.store<Counts>('counts').get('a')?.value, '1')
    assert.equal(state.store<Counts>('counts').get('b'), undefined)
    assert.equal(state.store<Delays>('delays').get('a', 100)?.value, '1')
    assert.equal(state.dirtyBytes, 0)
    await assert.rejects(state.persist(staged, NO_POSITIONS), { code: 'EPOCH_ORDER' })
    await commit(state, changelogs)
    assert.deepEqual(await committed(state), ['a=1'])
  })

  it('weigh what they have changed, in memory and on the way', async () => {
    const state = empty()
    assert.equal(state.dirtyBytes, 0)
    put(state, 'a', 'x'.repeat(10_000))
    assert.ok(state.dirtyBytes > 500)
    const staged = toEnd(state.stage(new Changelogs()))
    assert.ok(staged.byteLength > 10_000)
    assert.equal(state.dirtyBytes, staged.byteLength)
    await state.persist(staged, NO_POSITIONS)
    assert.equal(state.dirtyBytes, 0)
    put(state, 'b', 'x'.repeat(10_000))
    assert.ok(state.dirtyBytes > 5_000)
  })

  it('can be persisted within a step on a database in memory', async () => {
    const state = empty()
    put(state, 'a', '1')
    state.persistSync(toEnd(state.stage(new Changelogs())), NO_POSITIONS)
    assert.deepEqual(await committed(state), ['a=1'])
  })

  it('cannot be persisted within a step on disk', async (test) => {
    const database = await backends.find(({ name }) => name === 'classic-level')!.create(test)
    const state = await openState(optionsFor(database, [counts]))
    assert.throws(() => state.persistSync(toEnd(state.stage(new Changelogs())), NO_POSITIONS), {
      code: 'NOT_SYNCHRONOUS',
    })
  })

  it('name the store whose value cannot be serialized', () => {
    const state = empty()
    assert.throws(
      () => put(state, 'a', 7 as unknown as string),
      /store counts cannot serialize a row: serde string/,
    )
    put(state, 'b', '1')
    put(state, 'c', 7 as unknown as string)
    assert.throws(
      () => toEnd(state.stage(new Changelogs())),
      /store counts cannot serialize a row: serde string/,
    )
  })
})

describe('opening a task state', () => {
  it('refuses another format, naming the cure', async () => {
    const database = new MemoryStateDatabase('state/app/tasks/0_0')
    const batch = new WriteBatch()
    batch.add(CHECKPOINT_KEY, Buffer.from('{"formatVersion":2}'))
    database.writeSync(batch)
    await assert.rejects(openState(optionsFor(database, [counts])), (error) => {
      assert.ok(error instanceof UnknownStateFormatError)
      assert.match(error.message, /state\/app\/tasks\/0_0 .* 2, .* reads 1: .*delete the directory/)
      return true
    })
  })

  it('refuses the state of another topology, naming the cure', async () => {
    const database = new MemoryStateDatabase()
    await commit(empty(database), new Changelogs())
    const other = optionsFor(database, [counts, delays], { fingerprint: 'topology-2' })
    await assert.rejects(openState(other), (error) => {
      assert.ok(error instanceof TopologyChangedError)
      assert.match(error.message, /topology-1.*topology-2.*reset/)
      return true
    })
  })

  it('tells a checkpoint that cannot be read', async () => {
    for (const bytes of ['{"formatVersion":1', 'null']) {
      const database = new MemoryStateDatabase()
      const batch = new WriteBatch()
      batch.add(CHECKPOINT_KEY, Buffer.from(bytes))
      database.writeSync(batch)
      await assert.rejects(openState(optionsFor(database, [counts])), StateCorruptError)
    }
  })

  it('finds the rows of a store by its name, in whatever order the stores are declared', async () => {
    const database = new MemoryStateDatabase()
    const state = empty(database)
    put(state, 'a', '1')
    await commit(state, new Changelogs())
    const added = { ...counts, name: 'added' }
    const again = await openState(optionsFor(database, [added, delays, counts]))
    assert.equal(again.store<Counts>('counts').get('a')?.value, '1')
    assert.equal(again.store<Counts>('added').get('a'), undefined)
    assert.notEqual(again.checkpointOf('added').id, again.checkpointOf('delays').id)
  })

  it('knows its stores, and says which it has', () => {
    assert.throws(() => empty().store('nope'), /no store nope; its stores: counts, delays/)
    assert.throws(
      () => TaskState.openEmpty(optionsFor(new MemoryStateDatabase(), [counts, counts])),
      StateError,
    )
  })

  it('does not take a database with state for an empty one', async () => {
    const database = new MemoryStateDatabase()
    const batch = new WriteBatch()
    batch.add(CHECKPOINT_KEY, encodeCheckpoint({ fingerprint: 'topology-1', stores: {}, inputOffsets: {} }))
    database.writeSync(batch)
    assert.throws(() => empty(database), { code: 'STATE_NOT_EMPTY' })
  })
})

describe('restoring a store', () => {
  it('goes on where it stands, through tombstones and repeated keys', async () => {
    const changelogs = new Changelogs()
    const source = empty()
    for (const [key, value] of [
      ['a', '1'],
      ['b', '1'],
      ['a', '2'],
      ['b', undefined],
      ['c', '1'],
    ] as const) {
      put(source, key, value)
      await commit(source, changelogs)
    }
    const database = new MemoryStateDatabase()
    const first = empty(database)
    await first.prepareRestore('counts', { from: 0, wipe: 'no-position' }, 'T')
    const restore = first.beginRestore('counts')
    const records = changelogs.of('counts')
    for (const offset of [0, 1]) restore.add(cursorOf(records[offset]!, offset))
    await restore.write(2)
    assert.deepEqual(await committed(first), ['a=1', 'b=1'])

    const second = await openState(optionsFor(database, [counts, delays]))
    const { changelogOffset, topicId } = second.checkpointOf('counts')
    assert.deepEqual([changelogOffset, topicId], [2, 'T'])
    await replay(second, 'counts', changelogs, changelogOffset)
    assert.deepEqual(await committed(second), ['a=2', 'c=1'])
    assert.equal(second.store<Counts>('counts').get('a')?.value, '2')
  })

  it('moves on past records that are none, such as markers', async () => {
    const state = empty()
    await state.beginRestore('counts').write(5)
    assert.equal(state.checkpointOf('counts').changelogOffset, 5)
    assert.deepEqual(await committed(state), [])
  })

  it('wipes a store first when it must', async () => {
    const database = new MemoryStateDatabase()
    const state = empty(database)
    put(state, 'old', '1')
    putWindow(state, 'a', 10, 'kept')
    await commit(state, new Changelogs())
    state.discard()
    await state.prepareRestore('counts', { from: 3, wipe: 'changelog-recreated' }, 'U')
    assert.deepEqual(await committed(state), [])
    assert.equal(state.store<Counts>('counts').get('old'), undefined)
    assert.equal(state.store<Delays>('delays').get('a', 10)?.value, 'kept')
    const { changelogOffset, topicId } = state.checkpointOf('counts')
    assert.deepEqual([changelogOffset, topicId], [3, 'U'])
  })

  it('restores several stores side by side', async (test) => {
    const database = await backends.find(({ name }) => name === 'classic-level')!.create(test)
    const state = await openState(optionsFor(database, [counts, delays]))
    await Promise.all([
      state.prepareRestore('counts', { from: 3, wipe: 'no-position' }, 'T'),
      state.prepareRestore('delays', { from: 4, wipe: 'no-position' }, 'U'),
    ])
    await Promise.all([state.beginRestore('counts').write(30), state.beginRestore('delays').write(40)])
    for (const each of [state, await openState(optionsFor(database, [counts, delays]))]) {
      const { changelogOffset, topicId } = each.checkpointOf('counts')
      assert.deepEqual([changelogOffset, topicId], [30, 'T'])
      const windowed = each.checkpointOf('delays')
      assert.deepEqual([windowed.changelogOffset, windowed.topicId], [40, 'U'])
    }
  })

  it('forgets which windows there were when it wipes them', async () => {
    const state = empty()
    putWindow(state, 'a', 1000, '1')
    await commit(state, new Changelogs())
    state.discard()
    await state.prepareRestore('delays', { from: 0, wipe: 'below-log-start' }, 'T')
    assert.equal(state.trimOffset('delays'), 0)
    assert.equal(state.store<Delays>('delays').entry('a', 10)?.value, undefined)
  })

  it('leaves out windows that have expired, and trims no less than their owner did', async () => {
    const changelogs = new Changelogs()
    const source = empty()
    for (const start of [0, 10, 20, 30, 40, 50]) {
      putWindow(source, 'a', start, `${start}`)
      await commit(source, changelogs)
    }
    const replica = empty()
    await replay(replica, 'delays', changelogs)
    await replica.swept()
    const rows = await collect(replica.windowView<string, string>('delays').all())
    assert.deepEqual(
      rows.map(({ windowStart }) => windowStart),
      [30, 40, 50],
    )
    assert.equal(replica.trimOffset('delays'), 3)
    assert.equal(replica.store<Delays>('delays').entry('a', 20), undefined)
  })

  it('refuses while the store is in use', () => {
    const state = empty()
    put(state, 'a', '1')
    assert.throws(() => state.beginRestore('counts'), { code: 'STORE_IN_USE' })
    state.discard()
    state.beginRestore('counts')
  })

  it('names the record that no store has written', () => {
    const state = empty()
    const noKey = {
      offset: 17,
      timestamp: 1,
      buffer: Buffer.alloc(4),
      keyStart: 0,
      keyEnd: -1,
      valueStart: 0,
      valueEnd: 1,
    }
    assert.throws(() => state.beginRestore('counts').add(noKey), /store counts, offset 17: no key/)
    const short = { ...noKey, keyEnd: 3 }
    assert.throws(() => state.beginRestore('delays').add(short), /store delays, offset 17: a key of 3 bytes/)
  })
})
