import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ResultTable } from '../../../src/observe/dashboard/results/result-table.js'
import { hasSeries, windowSeries } from '../../../src/observe/dashboard/results/shown-results.js'

const HOUR_MS = 3_600_000

const description = {
  title: 'Busiest',
  row: 'airport',
  windowStart: 'start',
  lastHours: 24,
  columns: [{ title: 'flights', field: 'flights', combine: 'sum' }],
} as const

const tableOf = (...results: readonly (readonly [airport: string, hour: number, flights: number])[]) => {
  const table = new ResultTable(description)
  for (const [airport, hour, flights] of results) {
    table.take({ airport, start: hour * HOUR_MS, flights }, true)
  }
  return table
}

describe('a column of results over event time', () => {
  test('is there where it can be added up', () => {
    assert.equal(hasSeries(description), true)
    assert.equal(
      hasSeries({ ...description, columns: [{ ...description.columns[0], combine: 'max' }] }),
      false,
    )
    const { windowStart: _, ...latest } = description
    assert.equal(hasSeries(latest), false)
  })

  test('has a step an hour, those without results too, all rows and the named ones', () => {
    const table = tableOf(['ATL', 100, 5], ['BOS', 100, 2], ['ATL', 98, 1], ['DEN', 98, 4])
    const steps = windowSeries(table, description, ['ATL', 'BOS'])
    assert.equal(steps.length, 24)
    assert.deepEqual(steps.slice(-3), [
      { start: 98 * HOUR_MS, total: 5, parts: [1, 0] },
      { start: 99 * HOUR_MS, total: 0, parts: [0, 0] },
      { start: 100 * HOUR_MS, total: 7, parts: [5, 2] },
    ])
  })

  test('has the latest result of a window once', () => {
    const [last] = windowSeries(tableOf(['ATL', 9, 5], ['ATL', 9, 6]), description, ['ATL']).slice(-1)
    assert.deepEqual(last!.parts, [6])
  })

  test('goes up to where the slowest of the named rows has come', () => {
    const steps = windowSeries(tableOf(['ATL', 50, 5], ['BOS', 60, 2], ['DEN', 70, 2]), description, [
      'ATL',
      'BOS',
    ])
    assert.equal(steps.at(-1)!.start, 50 * HOUR_MS)
  })

  test('has no steps without rows', () => {
    assert.deepEqual(windowSeries(tableOf(), description, []), [])
  })
})
