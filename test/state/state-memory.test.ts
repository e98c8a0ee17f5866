import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { type LiveRows, StateMemory } from '../../src/state/state-memory.js'
import { TaskState } from '../../src/state/task-state.js'
import { counts, optionsFor } from './support.js'

/** A database that takes memory for itself. */
class HeavyDatabase extends MemoryStateDatabase {
  constructor(readonly memoryBytes: number) {
    super()
  }
}

/** Rows of one byte each. */
class Rows implements LiveRows {
  readonly rowBytes = 1

  constructor(public liveBytes: number) {}

  evict(count: number): void {
    this.liveBytes -= Math.min(count, this.liveBytes)
  }
}

describe('memory of state', () => {
  it('has the rows forgotten that are beyond it, of each store in proportion', () => {
    const memory = new StateMemory(1000)
    const [many, few] = [new Rows(900), new Rows(300)]
    memory.register(many)
    memory.register(few)
    memory.reclaim()
    assert.deepEqual([many.liveBytes, few.liveBytes], [750, 250])
    assert.equal(memory.excess, 0)
  })

  it('counts what open databases take', () => {
    const memory = new StateMemory(1000)
    const rows = new Rows(1000)
    memory.register(rows)
    memory.addDatabase(new HeavyDatabase(300))
    assert.equal(memory.excess, 300)
    memory.reclaim()
    assert.equal(rows.liveBytes, 700)
  })

  it('leaves half to the rows, however many databases are open', () => {
    const memory = new StateMemory(1000)
    for (let open = 0; open < 4; open++) memory.addDatabase(new HeavyDatabase(300))
    assert.equal(memory.maxRowBytes, 500)
  })

  it('counts the databases of a task from its beginning to its end, each once', async () => {
    const memory = new StateMemory(1000)
    const apart = new HeavyDatabase(100)
    const stores = [
      counts,
      { ...counts, name: 'a', storage: () => apart },
      { ...counts, name: 'b', storage: () => apart },
    ]
    const state = TaskState.openEmpty(optionsFor(new HeavyDatabase(200), stores, { memory }))
    assert.equal(memory.maxRowBytes, 700)
    await state.close()
    assert.equal(memory.maxRowBytes, 1000)
  })
})
