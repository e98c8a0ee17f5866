import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { string } from '../../src/serdes/string.js'
import { StateMemory } from '../../src/state/state-memory.js'
import type { OrderedSpanStore, SpanStore } from '../../src/state/store.js'
import type { SpanStoreDefinition } from '../../src/state/store-definition.js'
import { TaskState } from '../../src/state/task-state.js'
import { backends, Changelogs, collect, commit, optionsFor, replay } from './support.js'

type Store = SpanStore<string, string>

const common = { name: 'spans', key: string(), value: string(), caching: false, logging: true, segment: 7 }
const RETENTION = 20
const definitions: readonly SpanStoreDefinition<string, string>[] = [
  { kind: 'session', ...common, retention: RETENTION },
  { kind: 'session', ...common, retention: RETENTION, ordered: true },
  { kind: 'rangedWindow', ...common, retention: RETENTION, windowSize: 5 },
]

const times = fc.integer({ min: 0, max: 60 })
const keys = fc.constantFrom('a', 'b', 'bc')
const commands = fc.array(
  fc.oneof(
    fc.record({ op: fc.constant('put' as const), key: keys, start: times, length: fc.nat(9) }),
    fc.record({ op: fc.constant('remove' as const), key: keys, start: times, length: fc.nat(9) }),
    fc.record({ op: fc.constant('commit' as const) }),
    fc.record({ op: fc.constant('discard' as const) }),
  ),
  { maxLength: 40 },
)

/** What a span store should hold: rows by key, start and end. */
class Model {
  rows = new Map<string, { key: string; start: number; end: number; value: string }>()
  observed = -1

  constructor(private readonly kind: SpanStoreDefinition<string, string>['kind']) {}

  copy(): Model {
    const copy = new Model(this.kind)
    copy.rows = new Map(this.rows)
    copy.observed = this.observed
    return copy
  }

  position(start: number, end: number): number {
    return this.kind === 'session' ? end : start
  }

  /** Live rows of a key, in order, as text. */
  of(key: string): string[] {
    return [...this.rows.values()]
      .filter((row) => row.key === key && this.position(row.start, row.end) > this.observed - RETENTION)
      .sort((a, b) => this.position(a.start, a.end) - this.position(b.start, b.end) || a.start - b.start)
      .map(({ start, end, value }) => `${start}-${end}=${value}`)
  }
}

/** What a store that is read in order has to give for the keys from one to another. */
function assertOrdered(store: Store, model: Model, from: string, to: string): void {
  const keys = ['a', 'b', 'bc'].filter((key) => key >= from && key <= to && model.of(key).length > 0)
  const ordered = store as OrderedSpanStore<string, string>
  const seen = (reverse: boolean) =>
    [...ordered.keys(from, to, 0, reverse)].filter((key) => rowsOf(store, key).length > 0)
  assert.deepEqual(seen(false), keys)
  assert.deepEqual(seen(true), keys.reverse())
}

const rowsOf = (store: Store, key: string): string[] =>
  store
    .range(key, 0, Number.MAX_SAFE_INTEGER)
    .map(({ windowStart, windowEnd, value }) => `${windowStart}-${windowEnd}=${value}`)

for (const definition of definitions) {
  for (const backend of backends) {
    describe(`${definition.ordered === true ? 'ordered ' : ''}${definition.kind} store on ${backend.name}`, () => {
      it('holds what was written, across commits, discards, eviction and replay', async (test) => {
        await fc.assert(
          fc.asyncProperty(commands, async (script) => {
            // No memory: every bucket that is on disk may be forgotten.
            const memory = new StateMemory(0)
            const state = TaskState.openEmpty(
              optionsFor(await backend.create(test), [definition], { memory }),
            )
            const store = state.store<Store>('spans')
            const changelogs = new Changelogs()
            let model = new Model(definition.kind)
            let committed = model.copy()
            for (const [index, command] of script.entries()) {
              if (command.op === 'commit') {
                await commit(state, changelogs)
                committed = model.copy()
              } else if (command.op === 'discard') {
                state.discard()
                await state.prepare()
                model = committed.copy()
              } else {
                const { key, start, length } = command
                const end = start + (definition.kind === 'session' ? length : 5)
                const position = model.position(start, end)
                const entry = store.span(key, start, end)
                assert.equal(entry === undefined, position <= model.observed - RETENTION)
                if (entry === undefined) continue
                const value = command.op === 'put' ? `v${index}` : undefined
                store.write(entry, value, end, NO_HEADERS)
                model.observed = Math.max(model.observed, position)
                if (value === undefined) model.rows.delete(`${key} ${start} ${end}`)
                else model.rows.set(`${key} ${start} ${end}`, { key, start, end, value })
              }
              for (const key of ['a', 'b', 'bc']) assert.deepEqual(rowsOf(store, key), model.of(key))
              if (definition.ordered !== true) continue
              assertOrdered(store, model, 'a', 'c')
              assertOrdered(store, model, 'aa', 'b')
            }
            await commit(state, changelogs)
            const seen = await collect(state.windowView<string, string>('spans').all())
            assert.equal(seen.length, model.of('a').length + model.of('b').length + model.of('bc').length)
            await state.swept()

            const restored = TaskState.openEmpty(optionsFor(await backend.create(test), [definition]))
            await replay(restored, 'spans', changelogs)
            const again = restored.store<Store>('spans')
            for (const key of ['a', 'b', 'bc']) {
              // A removal of what the changelog does not have is not told there, so less may have expired.
              const rows = rowsOf(again, key)
              assert.deepEqual(rows.slice(rows.length - model.of(key).length), model.of(key))
            }
          }),
          { numRuns: backend.name === 'memory' ? 200 : 20 },
        )
      })
    })
  }
}
