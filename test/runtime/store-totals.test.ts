import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StoreTotals } from '../../src/runtime/store-totals.js'

const held = { task: '0_0', store: 'counts', memoryEntries: 4, memoryBytes: 400, databaseBytes: 90 }

describe('totals of stores', () => {
  it('join what a store holds, what was asked of it and how far its restore is', () => {
    const totals = new StoreTotals()
    totals.of('0_0', 'counts').lookups += 3
    const restore = { task: '0_0', store: 'counts', records: 10, remaining: 2 }
    assert.deepEqual(totals.metrics([held], [restore]), [
      { ...held, lookups: 3, misses: 0, restore: { records: 10, remaining: 2 } },
    ])
  })

  it('go on where the task comes back, and meanwhile have what was asked only', () => {
    const totals = new StoreTotals()
    totals.of('0_0', 'counts').lookups += 3
    const [gone] = totals.metrics([], [])
    assert.equal(gone!.lookups, 3)
    assert.equal(gone!.memoryEntries, undefined)
    totals.of('0_0', 'counts').lookups += 2
    assert.equal(totals.metrics([held], [])[0]!.lookups, 5)
  })
})
