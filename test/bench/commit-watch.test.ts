import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CommitWatch } from '../../bench/commit-watch.js'

/** Committed offsets as a group moves them, a step a poll. */
function polls(committed: readonly number[]) {
  const steps = committed[Symbol.iterator]()
  return async () => steps.next().value ?? committed.at(-1)!
}

describe('the watch over commits', () => {
  it('ends when all records are committed', async () => {
    const before = Date.now()
    const watch = new CommitWatch(polls([0, 50, 50, 100]), 100)
    const finishedAt = await watch.finished(new AbortController().signal)
    assert.ok(finishedAt >= before && finishedAt <= Date.now())
  })

  it('knows no interval of a single commit, and one of two', async () => {
    const single = new CommitWatch(polls([0, 100]), 100)
    await single.finished(new AbortController().signal)
    assert.equal(single.commitIntervalP50Ms, null)

    const two = new CommitWatch(polls([60, 60, 100]), 100)
    await two.finished(new AbortController().signal)
    assert.ok(two.commitIntervalP50Ms! > 0)
  })

  it('stops when it is told to', async () => {
    const watch = new CommitWatch(polls([0]), 100)
    await assert.rejects(watch.finished(AbortSignal.abort(new Error('enough'))), /enough/)
  })
})
