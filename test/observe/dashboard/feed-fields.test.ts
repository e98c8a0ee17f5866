import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { feedFields } from '../../../src/observe/dashboard/results/feed-fields.js'

describe('a row of a feed, as a result', () => {
  test('has its key and its window under the names that are described', () => {
    const row = { key: 'ATL', window: { start: 5, end: 10 }, value: { flights: 3 } }
    assert.deepEqual(feedFields(row, { row: 'airport', windowStart: 'start' }), {
      airport: 'ATL',
      start: 5,
      flights: 3,
    })
  })

  test('is named by its value where that has the name', () => {
    const fields = feedFields({ key: 'tent', value: { item: 'tent: stove' } }, { row: 'item' })
    assert.deepEqual(fields, { item: 'tent: stove' })
  })
})
