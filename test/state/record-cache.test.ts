import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_HEADERS, type RecordHeaders } from '../../src/serdes/record-headers.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { RecordCache } from '../../src/state/record-cache.js'
import { toEnd } from '../../src/state/steps.js'
import type { KeyValueStore } from '../../src/state/store.js'
import { TaskState } from '../../src/state/task-state.js'
import { Changelogs, commit, counts, optionsFor } from './support.js'

type Store = KeyValueStore<string, string>

const cached = { ...counts, caching: true }
const downstream = { ...counts, name: 'downstream', caching: true }

function open(cache: RecordCache): TaskState {
  return TaskState.openEmpty(optionsFor(new MemoryStateDatabase(), [cached, downstream], { cache }))
}

const put = (
  store: Store,
  key: string,
  value: string | undefined,
  timestamp = 1,
  headers = NO_HEADERS,
): void => store.write(store.entry(key), value, timestamp, headers)

/** Writes down what a store lets go of, as `key:old>new@timestamp`. */
function listen(store: Store): string[] {
  const flushed: string[] = []
  store.onFlush({
    flushed: ({ key, value }, old, _headers, timestamp) => {
      flushed.push(`${key}:${old ?? '-'}>${value ?? '-'}@${timestamp}`)
    },
  })
  return flushed
}

describe('record cache', () => {
  it('is off where it has no bytes or the store does not want it', () => {
    assert.equal(open(new RecordCache(0)).store<Store>('counts').cached, false)
    const state = TaskState.openEmpty(
      optionsFor(new MemoryStateDatabase(), [counts], { cache: new RecordCache(1 << 20) }),
    )
    assert.equal(state.store<Store>('counts').cached, false)
  })

  it('holds updates back until the commit, and hands on the last value of a key with the one before the first', () => {
    const state = open(new RecordCache(1 << 20))
    const store = state.store<Store>('counts')
    const flushed = listen(store)
    put(store, 'a', '1', 1)
    put(store, 'a', '2', 2)
    assert.equal(store.get('a')?.value, '2')
    assert.deepEqual(flushed, [])
    toEnd(state.flushCaches())
    put(store, 'a', '3', 3)
    put(store, 'a', undefined, 4)
    toEnd(state.flushCaches())
    toEnd(state.flushCaches())
    assert.deepEqual(flushed, ['a:->2@2', 'a:2>-@4'])
  })

  it('lets go in the order of the last writes', () => {
    const state = open(new RecordCache(1 << 20))
    const store = state.store<Store>('counts')
    const flushed = listen(store)
    for (const key of ['a', 'b', 'c', 'a', 'd', 'c', 'c']) put(store, key, 'x')
    toEnd(state.flushCaches())
    assert.deepEqual(
      flushed.map((each) => each[0]),
      ['b', 'a', 'd', 'c'],
    )
  })

  it('tells nobody of a row that came and went', () => {
    const state = open(new RecordCache(1 << 20))
    const store = state.store<Store>('counts')
    const flushed = listen(store)
    put(store, 'a', '1')
    put(store, 'a', undefined)
    toEnd(state.flushCaches())
    assert.deepEqual(flushed, [])
  })

  it('hands on the headers of the last record', () => {
    const state = open(new RecordCache(1 << 20))
    const store = state.store<Store>('counts')
    const seen: RecordHeaders[] = []
    store.onFlush({ flushed: (_entry, _old, headers) => void seen.push(headers) })
    const last = [{ key: 'h', value: null }]
    put(store, 'a', '1', 1, [])
    put(store, 'a', '2', 2, last)
    toEnd(state.flushCaches())
    assert.deepEqual(seen, [last])
  })

  it('lets go of the least recently written when it is full', () => {
    const cache = new RecordCache(1000)
    const state = open(cache)
    const store = state.store<Store>('counts')
    const flushed = listen(store)
    for (let key = 0; key < 20; key++) {
      put(store, 'hot', `${key}`)
      put(store, `k${key}`, 'x')
    }
    assert.ok(cache.usedBytes <= 1000)
    assert.ok(flushed.length > 0)
    assert.deepEqual(
      flushed,
      Array.from(flushed, (_, index) => `k${index}:->x@1`),
    )
    toEnd(state.flushCaches())
    assert.equal(flushed.length, 21)
    assert.equal(cache.usedBytes, 0)
  })

  it('hands on an update at once that is larger than all of it', () => {
    const state = open(new RecordCache(1))
    const store = state.store<Store>('counts')
    const flushed = listen(store)
    put(store, 'a', '1')
    put(store, 'a', '2')
    assert.deepEqual(flushed, ['a:->1@1', 'a:1>2@1'])
  })

  it('flushes what a flush has written to a store downstream, and every update once', () => {
    const state = open(new RecordCache(1 << 20))
    const [first, second] = [state.store<Store>('counts'), state.store<Store>('downstream')]
    first.onFlush({ flushed: ({ value }) => put(second, 'sum', `${second.get('sum')?.value ?? ''}${value}`) })
    const flushed = listen(second)
    put(first, 'a', '1')
    put(first, 'b', '2')
    toEnd(state.flushCaches())
    assert.deepEqual(flushed, ['sum:->12@1'])
  })

  it('flushes stores in whatever order they send to each other', () => {
    const state = open(new RecordCache(1 << 20))
    const [first, second] = [state.store<Store>('counts'), state.store<Store>('downstream')]
    second.onFlush({ flushed: ({ key, value }) => put(first, key, value) })
    const flushed = listen(first)
    put(second, 'a', '1')
    toEnd(state.flushCaches())
    assert.deepEqual(flushed, ['a:->1@1'])
  })

  it('forgets what it holds when uncommitted changes are discarded', async () => {
    const cache = new RecordCache(1 << 20)
    const state = open(cache)
    const store = state.store<Store>('counts')
    const flushed = listen(store)
    put(store, 'a', '1')
    await commit(state, new Changelogs())
    put(store, 'a', '2')
    state.discard()
    assert.equal(cache.usedBytes, 0)
    put(store, 'a', '3')
    toEnd(state.flushCaches())
    assert.deepEqual(flushed, ['a:->1@1', 'a:1>3@1'])
  })

  it('names a cached store that no operator listens to', () => {
    const state = open(new RecordCache(1 << 20))
    put(state.store<Store>('counts'), 'a', '1')
    assert.throws(() => toEnd(state.flushCaches()), /store counts is cached/)
  })
})
