import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ResultTable } from '../../../src/observe/dashboard/results/result-table.js'

const HOUR_MS = 3_600_000

const description = {
  topic: 'delays',
  title: 'Busiest',
  row: 'airport',
  windowStart: 'start',
  lastHours: 2,
  columns: [
    { title: 'flights', field: 'flights', combine: 'sum' },
    { title: 'mean', field: 'mean', combine: 'mean', weight: 'flights' },
    { title: 'worst', field: 'worst', combine: 'max' },
  ],
} as const

const { windowStart: _, lastHours: __, ...latest } = description

const result = (airport: string, hour: number, flights: number, mean: number, worst: number) => ({
  airport,
  start: hour * HOUR_MS,
  flights,
  mean,
  worst,
})

test('a row combines its last hours: sums, weighted means, greatest values', () => {
  const table = new ResultTable(description)
  table.take(result('ATL', 10, 100, 50, 99), true)
  table.take(result('ATL', 11, 30, 10, 40), true)
  table.take(result('ATL', 12, 10, 2, 45), true)
  assert.deepEqual(table.top(5), [{ name: 'ATL', figures: [40, 8, 45] }])
})

test('a later result of a window replaces the one before, and counts as the same window', () => {
  const table = new ResultTable(description)
  table.take(result('ATL', 10, 1, 5, 5), true)
  table.take(result('ATL', 10, 2, 6, 7), true)
  assert.deepEqual(table.top(5), [{ name: 'ATL', figures: [2, 6, 7] }])
  assert.equal(table.windows, 1)
})

test('the greatest rows come first, each over its own last hours', () => {
  const table = new ResultTable(description)
  table.take(result('BOS', 50, 5, 0, 0), true)
  table.take(result('ATL', 10, 9, 0, 0), true)
  table.take(result('DEN', 50, 7, 0, 0), true)
  assert.deepEqual(
    table.top(2).map(({ name }) => name),
    ['ATL', 'DEN'],
  )
  assert.equal(table.windows, 3)
})

test('windows of earlier runs are shown, and not counted', () => {
  const table = new ResultTable(description)
  table.take(result('ATL', 10, 1, 5, 5), false)
  table.take(result('ATL', 10, 2, 5, 5), true)
  table.take(result('ATL', 11, 3, 5, 5), true)
  assert.deepEqual(table.top(1), [{ name: 'ATL', figures: [5, 5, 5] }])
  assert.equal(table.windows, 1)
})

test('without windows a row is its latest result', () => {
  const table = new ResultTable(latest)
  table.take(result('ATL', 10, 100, 50, 99), true)
  table.take(result('ATL', 9, 30, 10, 40), true)
  assert.deepEqual(table.top(5), [{ name: 'ATL', figures: [30, 10, 40] }])
  assert.equal(table.windows, 1)
})

test('rows that are equal are in the order of their names', () => {
  const table = new ResultTable(description)
  for (const airport of ['BOS', 'ATL', 'DEN']) table.take(result(airport, 10, 5, 0, 0), true)
  assert.deepEqual(
    table.top(3).map(({ name }) => name),
    ['ATL', 'BOS', 'DEN'],
  )
})

test('a row comes to the same in whatever order its windows came', () => {
  const windows = [result('ATL', 10, 3, 0.1, 0), result('ATL', 11, 7, 0.7, 0)]
  const [one, other] = [windows, windows.toReversed()].map((each) => {
    const table = new ResultTable(description)
    for (const window of each) table.take(window, true)
    return table.top(1)
  })
  assert.deepEqual(one, other)
})

test('windows are kept for as long as they are shown', () => {
  const table = new ResultTable({ ...description, lastHours: 200 })
  table.take(result('ATL', 1, 1, 0, 0), true)
  table.take(result('ATL', 200, 2, 0, 0), true)
  assert.equal(table.top(1)[0]!.figures[0], 3)
})
