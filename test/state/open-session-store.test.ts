import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { string } from '../../src/serdes/string.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { StateMemory } from '../../src/state/state-memory.js'
import { Stores } from '../../src/state/stores-factory.js'
import { TaskState } from '../../src/state/task-state.js'
import { Changelogs, commit, optionsFor } from './support.js'

const declared = Stores.session('sessions', { key: string(), value: string(), retention: 100 })

async function opened(database = new MemoryStateDatabase(), memory = new StateMemory(1 << 20)) {
  const state = await TaskState.open(optionsFor(database, [declared.definition], { memory }))
  return { state, sessions: declared.open(state.store('sessions'), () => 0) }
}

/** With four sessions of three keys. */
async function filled(database?: MemoryStateDatabase, memory?: StateMemory) {
  const made = await opened(database, memory)
  const { sessions } = made
  sessions.put('bob', { start: 40, end: 45 }, 'third')
  sessions.put('ann', { start: 0, end: 10 }, 'first')
  sessions.put('cid', { start: 90, end: 90 }, 'fourth')
  sessions.put('ann', { start: 60, end: 80 }, 'second')
  return made
}

const valuesOf = (rows: Iterable<readonly [string, object, string]>): string[] =>
  [...rows].map(([key, , value]) => `${key} ${value}`)

describe('sessions of several keys, read by a processor', () => {
  it('come in the order of keys, and of their ends within a key', async () => {
    const { sessions } = await filled()
    const all = ['ann first', 'ann second', 'bob third', 'cid fourth']
    assert.deepEqual(valuesOf(sessions.fetchRange('ann', 'cid')), all)
    assert.deepEqual(valuesOf(sessions.fetchRange(undefined, undefined)), all)
    assert.deepEqual(valuesOf(sessions.fetchRange('b', 'c')), ['bob third'])
    assert.deepEqual([...sessions.fetchRange('b', undefined)][1], ['cid', { start: 90, end: 90 }, 'fourth'])
    assert.deepEqual(valuesOf(sessions.fetchRange('d', 'a')), [])
  })

  it('come from the last to the first in reverse', async () => {
    const { sessions } = await filled()
    const reversed = ['bob third', 'ann second', 'ann first']
    assert.deepEqual(valuesOf(sessions.fetchRange(undefined, 'bob', { reverse: true })), reversed)
  })

  it('are those that end late enough and start early enough', async () => {
    const { sessions } = await filled()
    assert.deepEqual(valuesOf(sessions.findRange('ann', 'cid', 45, 60)), ['ann second', 'bob third'])
    assert.deepEqual(valuesOf(sessions.findRange('ann', 'cid', 46, 59)), [])
  })

  it('are not those that were deleted, or have expired', async () => {
    const { sessions } = await filled()
    sessions.delete('bob', { start: 40, end: 45 })
    sessions.put('dan', { start: 110, end: 110 }, 'fifth')
    const left = ['ann second', 'cid fourth', 'dan fifth']
    assert.deepEqual(valuesOf(sessions.fetchRange(undefined, undefined)), left)
  })

  it('may be written while they are read', async () => {
    const { sessions } = await filled()
    for (const [key, window, value] of sessions.fetchRange(undefined, undefined)) {
      sessions.delete(key, window)
      sessions.put(key, { start: window.start, end: window.end + 1 }, `${value}, longer`)
    }
    assert.deepEqual(valuesOf(sessions.fetchRange('b', undefined)), [
      'bob third, longer',
      'cid fourth, longer',
    ])
  })

  it('are found on disk, by the next owner of the task too', async () => {
    const database = new MemoryStateDatabase()
    const memory = new StateMemory(0)
    const { state, sessions } = await filled(database, memory)
    await commit(state, new Changelogs())
    memory.release()
    memory.release()
    const before = valuesOf(sessions.fetchRange(undefined, undefined))
    assert.equal(before.length, 4)
    const next = await opened(database)
    assert.deepEqual(valuesOf(next.sessions.fetchRange(undefined, undefined)), before)
  })
})
