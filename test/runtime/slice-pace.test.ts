import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { SlicePace } from '../../src/runtime/slice-pace.js'

const SLICE_MS = 10

/** Slices of records that take so long each; tells how many looks at the clock there were. */
function slices(t: TestContext) {
  const pace = new SlicePace()
  const state = { now: 0, looks: 0 }
  t.mock.method(performance, 'now', () => {
    state.looks++
    return state.now
  })
  const run = (recordMs: number) => {
    const begun = state.now
    const looksBefore = state.looks
    let left = pace.begin(begun + SLICE_MS)
    let records = 0
    while (left > 0) {
      records++
      state.now += recordMs
      if (--left === 0) left = pace.look()
    }
    return { records, tookMs: state.now - begun, looks: state.looks - looksBefore }
  }
  return { run }
}

describe('a slice of processing', () => {
  it('looks at the clock once for 64 records where they are quick', (t) => {
    const { run } = slices(t)
    run(0.001)
    const { tookMs, records, looks } = run(0.001)
    assert.ok(tookMs >= SLICE_MS && tookMs < SLICE_MS + 0.1, `${tookMs} ms`)
    assert.ok(looks <= records / 64 + 3, `${looks} looks for ${records} records`)
  })

  it('is over with the record at which its time is, where records are slow', (t) => {
    const { run } = slices(t)
    assert.deepEqual(run(20).records, 1)
    assert.deepEqual(run(3).records, 4)
  })

  it('is too long once where records become slow, and not again', (t) => {
    const { run } = slices(t)
    run(0.001)
    assert.ok(run(5).records <= 64)
    assert.equal(run(5).records, 2)
    run(0.001)
    assert.ok(run(0.001).looks < 200)
  })
})
