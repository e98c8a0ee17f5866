import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { PagedKeys } from '../../src/state/paged-keys.js'
import { StateMemory } from '../../src/state/state-memory.js'
import { WriteBatch } from '../../src/state/write-batch.js'
import { CountingDatabase } from './support.js'

const END = '\u0100'

/** Pages of four keys at most, without memory: every page that is on disk may be forgotten. */
function paged({ maxBytes = 0, maxKeys = 4, database = new MemoryStateDatabase() } = {}) {
  const memory = new StateMemory(maxBytes)
  const epochs = { current: 1, persisted: 0 }
  const keys = new PagedKeys(1, { database, memory, epochs }, maxKeys)
  const stage = () => {
    const batch = new WriteBatch()
    epochs.current++
    keys.stage(batch)
    return batch
  }
  const persist = (batch: WriteBatch) => {
    database.writeSync(batch)
    epochs.persisted = epochs.current - 1
  }
  return { keys, memory, stage, persist }
}

const all = (keys: PagedKeys): string[] => {
  const found: string[] = []
  for (let key = keys.first('', END); key !== undefined; key = keys.first(`${key}\0`, END)) found.push(key)
  return found
}

const text = fc.string({ unit: fc.constantFrom('\x00', 'a', 'b', '\xff'), maxLength: 4 })
const action = fc.oneof(
  { weight: 8, arbitrary: fc.record({ op: fc.constant('toggle' as const), key: text }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('stage' as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('persist' as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('forget' as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('cut' as const), before: text }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('skip' as const), count: fc.nat(7) }) },
)

describe('keys in pages', () => {
  it('are a sorted set, whatever is on disk and forgotten', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), text, text, (actions, from, to) => {
        const { keys, memory, stage, persist } = paged()
        const model = new Set<string>()
        let staged: WriteBatch | undefined
        for (const each of actions) {
          if (each.op === 'stage') staged ??= stage()
          else if (each.op === 'forget') memory.release()
          else if (each.op === 'cut') {
            keys.deleteBefore(each.before)
            for (const key of model) if (key < each.before) model.delete(key)
          } else if (each.op === 'skip') {
            keys.deleteFirst(each.count)
            for (const key of [...model].sort().slice(0, each.count)) model.delete(key)
          } else if (each.op === 'persist') {
            if (staged !== undefined) persist(staged)
            staged = undefined
          } else if (model.delete(each.key)) keys.delete(each.key)
          else {
            model.add(each.key)
            keys.add(each.key)
          }
        }
        const sorted = [...model].sort()
        assert.deepEqual(all(keys), sorted)
        assert.equal(keys.size, sorted.length)
        const within = sorted.filter((key) => key >= from && key < to)
        assert.equal(keys.first(from, to), within[0])
        assert.equal(keys.last(from, to), within.at(-1))
        assert.equal(keys.has(from), model.has(from))
      }),
      { numRuns: 500 },
    )
  })

  it('stay in memory while there is room, and nothing is written', () => {
    const { keys, memory, stage } = paged({ maxBytes: 1_000_000 })
    for (let at = 0; at < 100; at++) keys.add(`key${at}`)
    assert.equal(stage().length, 0)
    memory.release()
    assert.equal(all(keys).length, 100)
  })

  it('take no more memory than there is once they are on disk', () => {
    const budget = 1_000_000
    const database = new CountingDatabase()
    const { keys, memory, stage, persist } = paged({ maxBytes: budget, maxKeys: 512, database })
    for (let epoch = 0; epoch < 100; epoch++) {
      for (let at = 0; at < 1000; at++) keys.add(String((epoch * 1000 + at) * 7919).padStart(12, '0'))
      persist(stage())
    }
    // Beyond it may be the keys of two epochs and two pages.
    assert.ok(memory.usedBytes < budget + 3000 * 180, `${memory.usedBytes} bytes`)
    assert.equal(keys.size, 100_000)
    assert.equal(keys.first('', END), '000000000000')
    assert.equal(database.reads, 1)
  })

  it('take no more memory than there is where they come in no order, each of which changes another page', () => {
    const budget = 2_000_000
    const { keys, memory, stage, persist } = paged({ maxBytes: budget, maxKeys: 512 })
    const count = 100_000
    for (let epoch = 0; epoch < 100; epoch++) {
      for (let at = 0; at < 1000; at++) {
        keys.add(String(((epoch * 1000 + at) * 7919) % count).padStart(12, '0'))
      }
      persist(stage())
      memory.reclaim()
    }
    assert.ok(memory.usedBytes < budget + 3000 * 180, `${memory.usedBytes} bytes`)
    assert.equal(keys.size, count)
    assert.equal(keys.first('', END), '000000000000')
    assert.equal(keys.last('', END), '000000099999')
  })

  it('are changed on disk without being read', () => {
    const database = new CountingDatabase()
    const { keys, memory, stage, persist } = paged({ database })
    for (const key of ['b', 'd', 'f']) keys.add(key)
    persist(stage())
    memory.release()
    memory.release()
    keys.add('a')
    keys.delete('d')
    assert.equal(keys.has('a'), true)
    assert.equal(keys.has('d'), false)
    assert.equal(database.reads, 0)
    assert.deepEqual(all(keys), ['a', 'b', 'f'])
    assert.equal(keys.last('', 'f'), 'b')
  })

  it('forget nothing that is not persisted', () => {
    const { keys, memory, stage, persist } = paged()
    for (const key of ['a', 'b', 'c']) keys.add(key)
    const staged = stage()
    memory.release()
    assert.deepEqual(all(keys), ['a', 'b', 'c'])
    persist(staged)
    keys.add('d')
    memory.release()
    assert.deepEqual(all(keys), ['a', 'b', 'c', 'd'])
  })
})
