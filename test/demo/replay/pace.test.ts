import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pace } from '../../../src/demo/replay/pace.js'

const DAY_MS = 86_400_000

test('events become due so many days a second, counted from the first one that is published', () => {
  const pace = new Pace(2)
  assert.equal(pace.dueAt(5_000, 1_000_000), 1_000_000)
  assert.equal(pace.dueAt(6_000, 1_234_567), 1_000_000 + 2 * DAY_MS)
  assert.equal(pace.dueAt(6_500, 9), 1_000_000 + 3 * DAY_MS)
})

test('at most speed everything is due', () => {
  assert.equal(new Pace('max').dueAt(0, 0), Number.POSITIVE_INFINITY)
})
