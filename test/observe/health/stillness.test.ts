import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Stillness } from '../../../src/observe/health/stillness.js'

const marks = (mark: unknown): Map<string, unknown> => new Map([['a', mark]])

describe('stillness', () => {
  test('is for how long a mark has been the same', () => {
    const stillness = new Stillness(100)
    assert.equal(stillness.of('a'), 0)
    for (const now of [0, 50, 100]) stillness.look(marks(1), now)
    assert.equal(stillness.of('a'), 100)
    stillness.look(marks(2), 150)
    assert.equal(stillness.of('a'), 0)
    stillness.look(marks(2), 160)
    assert.equal(stillness.of('a'), 10)
  })

  test('counts a step at most for time in which nobody looked', () => {
    const stillness = new Stillness(100)
    stillness.look(marks(1), 0)
    stillness.look(marks(1), 60_000)
    assert.equal(stillness.of('a'), 100)
  })

  test('begins anew for what was gone meanwhile', () => {
    const stillness = new Stillness(100)
    stillness.look(marks(1), 0)
    stillness.look(new Map(), 50)
    stillness.look(marks(1), 100)
    assert.equal(stillness.of('a'), 0)
  })

  test('is never more than the time since the mark was first seen', () => {
    const looks = fc.array(fc.record({ after: fc.nat(500), mark: fc.nat(2) }))
    fc.assert(
      fc.property(looks, (all) => {
        const stillness = new Stillness(100)
        let now = 0
        let since = 0
        let last: number | undefined
        for (const { after, mark } of all) {
          now += after
          if (mark !== last) since = now
          last = mark
          stillness.look(marks(mark), now)
          assert.ok(stillness.of('a') <= now - since)
        }
      }),
    )
  })
})
