import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventAt, KEPT_TYPE, lateBy, profiles } from '../../bench/workloads.js'

const events = Array.from({ length: 200_000 }, (_, id) => eventAt(id))

describe('the input of the benchmark', () => {
  it('is the same each time', () => {
    assert.deepEqual(eventAt(1234), eventAt(1234))
  })

  it('has records of about 90 bytes', () => {
    const bytes = events.reduce((sum, event) => sum + JSON.stringify(event).length, 0)
    assert.ok(Math.abs(bytes / events.length - 90) < 3)
  })

  it('is out of order in one record of four, where it is to be', () => {
    let latest = -1
    let before = 0
    for (const { id } of events) {
      const timestamp = id - lateBy(id)
      if (timestamp < latest) before++
      latest = Math.max(latest, timestamp)
    }
    assert.ok(Math.abs(before / events.length - 1 / 4) < 0.01)
  })

  it('spreads over 10,000 users and keeps one type of three', () => {
    assert.equal(new Set(events.map((event) => event.user)).size, 10_000)
    const kept = events.filter((event) => event.type === KEPT_TYPE).length
    assert.ok(Math.abs(kept / events.length - 1 / 3) < 0.01)
  })
})

describe('the table of the benchmark', () => {
  const rows = profiles()

  it('is the same each time', () => {
    assert.deepEqual(profiles(), rows)
  })

  it('has a row of about 90 bytes for each user but one in 20', () => {
    const users = new Set(rows.map(({ user }) => user))
    assert.equal(users.size, rows.length)
    assert.ok(Math.abs(users.size / 10_000 - 19 / 20) < 0.01)
    const bytes = rows.reduce((sum, row) => sum + JSON.stringify(row).length, 0)
    assert.ok(Math.abs(bytes / rows.length - 90) < 5)
  })

  it('is met by the events of all users but those', () => {
    const users = new Set(rows.map(({ user }) => user))
    const met = events.filter(({ user }) => users.has(user)).length
    assert.ok(met < events.length && Math.abs(met / events.length - 19 / 20) < 0.01)
  })
})
