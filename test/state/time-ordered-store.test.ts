import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { json } from '../../src/serdes/json.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { string } from '../../src/serdes/string.js'
import { StateMemory } from '../../src/state/state-memory.js'
import type { TimeOrderedStore } from '../../src/state/store.js'
import type { KeyValueStoreDefinition } from '../../src/state/store-definition.js'
import { TaskState } from '../../src/state/task-state.js'
import { backends, Changelogs, commit, optionsFor, replay } from './support.js'

interface Waiting {
  readonly time: number
  readonly note: boolean
  readonly size: number
}

type Store = TimeOrderedStore<string, Waiting>

const definition: KeyValueStoreDefinition<string, Waiting> = {
  kind: 'keyValue',
  name: 'buffer',
  key: string(),
  value: json<Waiting>(),
  caching: false,
  logging: true,
  timeOrder: {
    waits: ({ note }) => !note,
    timeOf: ({ time }) => time,
    sizeOf: (keyBytes, { size }) => keyBytes + size,
  },
}

const key = fc.constantFrom('a', 'ab', 'b', 'ü', '\uffff')
const value = fc.record({ time: fc.nat(300), note: fc.boolean(), size: fc.nat(9) })
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant('put' as const), key, value }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('remove' as const), key }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('commit' as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('discard' as const) }) },
)

/** What the store says of itself, and what it should say. */
const told = (store: Store) => [store.first()?.key, store.firstNote()?.key, store.waiting, store.waitingBytes]
function expected(rows: ReadonlyMap<string, Waiting>) {
  const ordered = [...rows].sort(
    ([left, one], [right, other]) => one.time - other.time || Buffer.from(left).compare(Buffer.from(right)),
  )
  const waiting = ordered.filter(([, { note }]) => !note)
  const bytes = waiting.reduce((sum, [each, { size }]) => sum + Buffer.byteLength(each) + size, 0)
  return [waiting[0]?.[0], ordered.find(([, { note }]) => note)?.[0], waiting.length, bytes]
}

for (const backend of backends) {
  describe(`a store in order of time on ${backend.name}`, () => {
    it('knows whose turn it is, across commits, discards, eviction and replay', async (test) => {
      await fc.assert(
        fc.asyncProperty(fc.array(command, { maxLength: 40 }), async (commands) => {
          // No memory: whatever is on disk may be forgotten.
          const memory = new StateMemory(0)
          const state = TaskState.openEmpty(optionsFor(await backend.create(test), [definition], { memory }))
          const store = state.store<Store>('buffer')
          const changelogs = new Changelogs()
          let rows = new Map<string, Waiting>()
          let committed = new Map(rows)
          for (const each of commands) {
            if (each.op === 'commit') {
              await commit(state, changelogs)
              committed = new Map(rows)
              memory.release()
            } else if (each.op === 'discard') {
              state.discard()
              await state.prepare()
              rows = new Map(committed)
            } else {
              const given = each.op === 'put' ? each.value : undefined
              store.write(store.entry(each.key), given, 1, NO_HEADERS)
              if (given === undefined) rows.delete(each.key)
              else rows.set(each.key, given)
            }
            assert.deepEqual(told(store), expected(rows))
          }
          await commit(state, changelogs)
          const restored = TaskState.openEmpty(optionsFor(await backend.create(test), [definition]))
          await replay(restored, 'buffer', changelogs)
          await restored.prepare()
          assert.deepEqual(told(restored.store<Store>('buffer')), expected(rows))
        }),
        { numRuns: backend.name === 'memory' ? 300 : 20 },
      )
    })

    it('takes no more memory than there is, beside what is not committed', async (test) => {
      const memory = new StateMemory(2_000_000)
      const state = TaskState.openEmpty(optionsFor(await backend.create(test), [definition], { memory }))
      const store = state.store<Store>('buffer')
      const changelogs = new Changelogs()
      const epoch = 2000
      for (let at = 0; at < 15 * epoch; at++) {
        const value = { time: at % 1000, note: false, size: 1 }
        store.write(store.entry(`row ${at}`), value, 1, NO_HEADERS)
        if ((at + 1) % epoch === 0) await commit(state, changelogs)
      }
      memory.reclaim()
      // An epoch of rows and their places, by the estimates that memory is counted by.
      assert.ok(memory.usedBytes < memory.maxBytes + epoch * 1500, `${memory.usedBytes} bytes`)
      assert.equal(store.waiting, 15 * epoch)
      assert.equal(store.first()?.key, 'row 0')
    })
  })
}
