import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { string } from '../../src/serdes/string.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { KeyValueView } from '../../src/state/queries.js'
import type { ScanChunk } from '../../src/state/state-database.js'
import type { KeyValueStore, WindowStore } from '../../src/state/store.js'
import type { TaskState } from '../../src/state/task-state.js'
import { backends, Changelogs, collect, commit, counts, delays, openState, optionsFor } from './support.js'

async function put(state: TaskState, rows: Record<string, string>): Promise<void> {
  const store = state.store<KeyValueStore<string, string>>('counts')
  for (const [key, value] of Object.entries(rows)) store.write(store.entry(key), value, 5, NO_HEADERS)
  await commit(state, new Changelogs())
}

async function putWindows(
  state: TaskState,
  rows: readonly (readonly [key: string, start: number])[],
): Promise<void> {
  const store = state.store<WindowStore<string, string>>('delays')
  for (const [key, start] of rows) store.write(store.entry(key, start)!, `${key}${start}`, start, NO_HEADERS)
  await commit(state, new Changelogs())
}

const ENDLESS_CHUNK = 100

/** Has rows for as long as someone asks for them. */
class EndlessDatabase extends MemoryStateDatabase {
  given = 0
  closed = false

  override async *scan(): AsyncIterableIterator<ScanChunk> {
    try {
      for (;;) {
        const keys = Array.from({ length: ENDLESS_CHUNK }, () => Buffer.from(`12345${this.given++}`))
        yield { keys, values: keys.map(() => Buffer.from('\0\0\0\0\0\0\0\x05value')) }
      }
    } finally {
      this.closed = true
    }
  }
}

for (const backend of backends) {
  describe(`key-value queries on ${backend.name}`, () => {
    it('see committed values only', async (test) => {
      const state = await openState(optionsFor(await backend.create(test), [counts]))
      await put(state, { a: '1' })
      const view = state.keyValueView<string, string>('counts')
      const store = state.store<KeyValueStore<string, string>>('counts')
      store.write(store.entry('a'), '2', 6, NO_HEADERS)
      store.write(store.entry('b'), '2', 6, NO_HEADERS)
      assert.deepEqual(await view.get('a'), { value: '1', timestamp: 5 })
      assert.equal(await view.get('b'), undefined)
      assert.equal(await view.count(), 1)
    })

    it('give ranges in the order of serialized keys, both ends included', async (test) => {
      const state = await openState(
        optionsFor(await backend.create(test), [counts, { ...counts, name: 'other' }]),
      )
      // UTF-16 would put the last two the other way round.
      await put(state, { b: '2', a: '1', ab: '12', '\uffee': '3', '\u{1f600}': '4' })
      const view = state.keyValueView<string, string>('counts')
      const keys = async (rows: AsyncIterable<{ key: string }>) => (await collect(rows)).map(({ key }) => key)
      assert.deepEqual(await keys(view.all()), ['a', 'ab', 'b', '\uffee', '\u{1f600}'])
      assert.deepEqual(await keys(view.all({ reverse: true, limit: 2 })), ['\u{1f600}', '\uffee'])
      assert.deepEqual(await keys(view.range('a', 'b')), ['a', 'ab', 'b'])
      assert.deepEqual(await keys(view.range('aa', undefined)), ['ab', 'b', '\uffee', '\u{1f600}'])
      assert.deepEqual(await keys(view.range(undefined, 'aa')), ['a'])
      assert.deepEqual(await keys(view.prefix('a', string())), ['a', 'ab'])
      assert.deepEqual(await collect(view.range('a', 'a')), [{ key: 'a', value: '1', timestamp: 5 }])
      assert.deepEqual(await collect(state.keyValueView('other').all()), [])
    })

    it('go on behind a row', async (test) => {
      const state = await openState(optionsFor(await backend.create(test), [counts]))
      await put(state, { a: '1', ab: '2', b: '3', c: '4' })
      const view = state.keyValueView<string, string>('counts')
      const keys = async (rows: AsyncIterable<{ key: string }>) => (await collect(rows)).map(({ key }) => key)
      assert.deepEqual(await keys(view.range('a', 'b', { after: 'a' })), ['ab', 'b'])
      assert.deepEqual(await keys(view.range('b', 'c', { after: 'a', limit: 1 })), ['b'])
      assert.deepEqual(await keys(view.range('a', 'b', { after: 'ab', reverse: true })), ['a'])
      assert.deepEqual(await keys(view.range('a', 'b', { after: 'c', reverse: true })), ['b', 'ab', 'a'])
    })

    it('show a range of one moment, whatever is committed meanwhile', async (test) => {
      const state = await openState(optionsFor(await backend.create(test), [counts]))
      await put(state, { a: '1', b: '1' })
      const rows = state.keyValueView<string, string>('counts').all()
      await put(state, { a: '2', b: '2', c: '2' })
      assert.deepEqual(
        (await collect(rows)).map(({ value }) => value),
        ['1', '1'],
      )
    })
  })

  describe(`window queries on ${backend.name}`, () => {
    it('give the windows of a key in order of time', async (test) => {
      const state = await openState(optionsFor(await backend.create(test), [delays]))
      await putWindows(state, [
        ['a', 30],
        ['a', 10],
        ['b', 20],
        ['a', 20],
      ])
      const view = state.windowView<string, string>('delays')
      assert.deepEqual(await view.get('a', 10), { value: 'a10', timestamp: 10 })
      assert.equal(await view.get('b', 10), undefined)
      assert.deepEqual(await view.fetch('a', 15, 30), [
        { key: 'a', windowStart: 20, windowEnd: 30, value: 'a20', timestamp: 20 },
        { key: 'a', windowStart: 30, windowEnd: 40, value: 'a30', timestamp: 30 },
      ])
      assert.deepEqual(await view.fetch('a', 31, 100), [])
    })

    it('give all rows by window and then by key', async (test) => {
      const state = await openState(optionsFor(await backend.create(test), [delays]))
      await putWindows(state, [
        ['b', 20],
        ['a', 20],
        ['a', 10],
        ['c', 30],
      ])
      const view = state.windowView<string, string>('delays')
      const values = async (rows: AsyncIterable<{ value: string }>) =>
        (await collect(rows)).map(({ value }) => value)
      assert.deepEqual(await values(view.all()), ['a10', 'a20', 'b20', 'c30'])
      assert.deepEqual(await values(view.fetchAll(11, 20)), ['a20', 'b20'])
      assert.deepEqual(await values(view.fetchAll(0, 30, { reverse: true, limit: 3 })), ['c30', 'b20', 'a20'])
      assert.deepEqual(await values(view.fetchAll(25, 15)), [])
    })

    it('go on behind a row', async (test) => {
      const state = await openState(optionsFor(await backend.create(test), [delays]))
      await putWindows(state, [
        ['b', 20],
        ['a', 20],
        ['a', 10],
        ['c', 30],
      ])
      const view = state.windowView<string, string>('delays')
      for (const reverse of [false, true]) {
        const rows = await collect(view.all({ reverse }))
        for (const [at, after] of rows.entries()) {
          assert.deepEqual(
            await collect(view.fetchAll(0, 30, { reverse, after, limit: 2 })),
            rows.slice(at + 1, at + 3),
          )
        }
      }
    })

    it('do not show windows that have expired, deleted or not', async (test) => {
      const state = await openState(optionsFor(await backend.create(test), [delays]))
      await putWindows(state, [['a', 10]])
      await putWindows(state, [['a', 40]])
      const view = state.windowView<string, string>('delays')
      assert.equal(await view.get('a', 10), undefined)
      assert.deepEqual((await view.fetch('a', 0, 100)).length, 1)
      assert.deepEqual((await collect(view.fetchAll(0, 10))).length, 0)
      assert.deepEqual((await collect(view.all())).length, 1)
    })
  })
}

describe('queries', () => {
  it('read a range as it is consumed, however long it is', async () => {
    const database = new EndlessDatabase()
    let rows = 0
    for await (const _ of new KeyValueView(database, 1, counts).all()) {
      if (++rows === 10 * ENDLESS_CHUNK) break
      assert.ok(database.given <= rows + ENDLESS_CHUNK)
    }
    assert.ok(database.closed)
  })

  it('say which kind a store is', async (test) => {
    const state = await openState(optionsFor(await backends[0]!.create(test), [counts, delays]))
    assert.throws(() => state.windowView('counts'), /store counts is a key-value store/)
    assert.throws(() => state.keyValueView('delays'), /store delays is a window store/)
  })
})
