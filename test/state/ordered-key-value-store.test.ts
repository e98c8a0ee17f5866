import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { string } from '../../src/serdes/string.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { RecordCache } from '../../src/state/record-cache.js'
import { StateMemory } from '../../src/state/state-memory.js'
import { toEnd } from '../../src/state/steps.js'
import type { OrderedStore } from '../../src/state/store.js'
import type { KeyValueStoreDefinition } from '../../src/state/store-definition.js'
import { TaskState } from '../../src/state/task-state.js'

const definition: KeyValueStoreDefinition<string, string> = {
  kind: 'keyValue',
  name: 's',
  key: string(),
  value: string(),
  caching: false,
  logging: false,
  ordered: true,
}
const NOWHERE = { append: () => undefined }
const NO_POSITIONS = { changelogOffsets: new Map(), inputOffsets: new Map() }

async function opened(database = new MemoryStateDatabase()) {
  const state = await TaskState.open({
    database,
    stores: [definition],
    cache: new RecordCache(0),
    // Whatever is on disk may be forgotten.
    memory: new StateMemory(0),
    fingerprint: 'f',
  })
  const store = state.store<OrderedStore<string, string>>('s')
  const put = (key: string, value: string | undefined) => store.write(store.entry(key), value, 1, NO_HEADERS)
  const commit = () => state.persistSync(toEnd(state.stage(NOWHERE)), NO_POSITIONS)
  return { database, state, store, put, commit }
}

const keysOf = (rows: Iterable<{ readonly key: string }>) => [...rows].map(({ key }) => key)

describe('a key-value store that is read in order', () => {
  it('has the rows that a map has, in the order of their bytes, on disk or not', async () => {
    const key = fc.constantFrom('a', 'ab', 'b', 'ba', 'ü', '\u{1f600}', '\uffff')
    const action = fc.oneof(
      fc.tuple(key, fc.option(fc.constant('v'), { nil: undefined })),
      fc.constant('commit'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), key, key, async (actions, from, to) => {
        const { store, put, commit } = await opened()
        const model = new Set<string>()
        for (const each of actions) {
          if (typeof each === 'string') commit()
          else {
            const [changed, value] = each
            put(changed, value)
            if (value === undefined) model.delete(changed)
            else model.add(changed)
          }
        }
        const sorted = [...model].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        assert.deepEqual(keysOf(store.range(undefined, undefined)), sorted)
        assert.equal(store.count, sorted.length)
        const within = sorted.filter(
          (each) =>
            Buffer.compare(Buffer.from(each), Buffer.from(from)) >= 0 &&
            Buffer.compare(Buffer.from(each), Buffer.from(to)) <= 0,
        )
        assert.deepEqual(keysOf(store.range(from, to)), within)
        assert.deepEqual(keysOf(store.range(from, to, true)), within.toReversed())
        assert.deepEqual(
          keysOf(store.prefix('b', string())),
          sorted.filter((each) => each.startsWith('b')),
        )
      }),
      { numRuns: 50 },
    )
  })

  it('can be changed while it is read', async () => {
    const { store, put } = await opened()
    for (const key of ['a', 'b', 'c']) put(key, key)
    for (const { key } of store.range(undefined, undefined)) put(key, undefined)
    assert.deepEqual(keysOf(store.range(undefined, undefined)), [])
  })

  it('knows after a discard what is on disk, once it is prepared', async () => {
    const { state, store, put, commit } = await opened()
    put('a', 'committed')
    commit()
    put('b', 'not committed')
    put('a', undefined)
    state.discard()
    await state.prepare()
    assert.deepEqual(keysOf(store.range(undefined, undefined)), ['a'])
  })

  it('knows the rows that it is opened with', async () => {
    const before = await opened()
    before.put('a', '1')
    before.commit()
    const { store } = await opened(before.database)
    assert.deepEqual(keysOf(store.range(undefined, undefined)), ['a'])
  })
})
