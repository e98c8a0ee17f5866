import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { string } from '../../src/serdes/string.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { RecordCache } from '../../src/state/record-cache.js'
import { toEnd } from '../../src/state/steps.js'
import type { SpanEntry, SpanStore } from '../../src/state/store.js'
import type { SpanStoreDefinition } from '../../src/state/store-definition.js'
import { TaskState } from '../../src/state/task-state.js'
import { Changelogs, commit, optionsFor } from './support.js'

type Store = SpanStore<string, string>

const sessions: SpanStoreDefinition<string, string> = {
  kind: 'session',
  name: 'spans',
  key: string(),
  value: string(),
  caching: true,
  logging: true,
  segment: 7,
  retention: 1000,
}

const keys = fc.constantFrom('a', 'b')
const commands = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ key: keys, start: fc.nat(9), length: fc.nat(3), removed: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.constant('flush' as const) },
    { weight: 1, arbitrary: fc.constant('commit' as const) },
  ),
  { maxLength: 60 },
)

/** A store whose record cache has so many bytes, and what it lets go of, as `key start-end:old>new@timestamp`. */
function open(maxBytes: number): { state: TaskState; store: Store; flushed: string[] } {
  const cache = new RecordCache(maxBytes)
  const state = TaskState.openEmpty(optionsFor(new MemoryStateDatabase(), [sessions], { cache }))
  const store = state.store<Store>('spans')
  const flushed: string[] = []
  store.onFlush({
    flushed: (entry, old, _headers, timestamp) => {
      const { key, windowStart, windowEnd, value } = entry as SpanEntry<string, string>
      flushed.push(`${key} ${windowStart}-${windowEnd}:${old ?? '-'}>${value ?? '-'}@${timestamp}`)
    },
  })
  return { state, store, flushed }
}

describe('the record cache of a store of spans', () => {
  it('lets go of the last value of each span, in the order of the last writes', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (script) => {
        const { state, store, flushed } = open(1 << 20)
        const changelogs = new Changelogs()
        const present = new Map<string, string>()
        const told = new Map<string, string>()
        const waiting = new Map<string, number>()
        const expected: string[] = []
        for (const [index, command] of script.entries()) {
          if (typeof command === 'object') {
            const { key, start, length, removed } = command
            const value = removed ? undefined : `v${index}`
            store.write(store.span(key, start, start + length)!, value, index, NO_HEADERS)
            const id = `${key} ${start}-${start + length}`
            if (value === undefined) present.delete(id)
            else present.set(id, value)
            waiting.delete(id)
            waiting.set(id, index)
            continue
          }
          for (const [id, timestamp] of waiting) {
            const [before, after] = [told.get(id), present.get(id)]
            if (before === undefined && after === undefined) continue
            expected.push(`${id}:${before ?? '-'}>${after ?? '-'}@${timestamp}`)
            if (after === undefined) told.delete(id)
            else told.set(id, after)
          }
          waiting.clear()
          if (command === 'flush') toEnd(state.flushCaches())
          else await commit(state, changelogs)
          assert.deepEqual(flushed, expected)
        }
      }),
    )
  })

  it('lets go of the oldest when it is full', () => {
    const { store, flushed } = open(500)
    for (let start = 0; start < 9; start++)
      store.write(store.span('a', start, start)!, 'x', start, NO_HEADERS)
    assert.ok(flushed.length > 0)
    assert.deepEqual(
      flushed,
      flushed.map((_each, start) => `a ${start}-${start}:->x@${start}`),
    )
  })

  it('holds one update of a span, however often that is written', () => {
    const { state, store, flushed } = open(1 << 20)
    for (let index = 0; index < 5000; index++) {
      store.write(store.span('a', index % 3, 8)!, `v${index}`, index, NO_HEADERS)
    }
    toEnd(state.flushCaches())
    assert.deepEqual(flushed, ['a 2-8:->v4997@4997', 'a 0-8:->v4998@4998', 'a 1-8:->v4999@4999'])
  })
})
