import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StoreCheckpoint } from '../../src/state/checkpoint.js'
import { type ChangelogState, planRestore } from '../../src/state/restore-plan.js'

const DAY = 24 * 3600 * 1000
const NOW = 100 * DAY

const local: StoreCheckpoint = {
  id: 1,
  changelogOffset: 50,
  topicId: 'T',
  observedStart: -1,
  savedAt: NOW - 1000,
}
const changelog: ChangelogState = { topicId: 'T', logStart: 0, logEnd: 100, deleteRetentionMs: DAY }

describe('restore plan', () => {
  it('goes on from where the store stands', () => {
    assert.deepEqual(planRestore(local, changelog, false, NOW), { from: 50 })
  })

  it('has nothing to replay for a store that stands at the end, however old', () => {
    const atEnd = { ...local, changelogOffset: 100, savedAt: 0 }
    assert.deepEqual(planRestore(atEnd, changelog, false, NOW), { from: 100 })
  })

  it('begins at the start of the log for a store without position', () => {
    const fresh = { id: 1, observedStart: -1, savedAt: 0 }
    assert.deepEqual(planRestore(fresh, { ...changelog, logStart: 7 }, false, NOW), {
      from: 7,
      wipe: 'no-position',
    })
  })

  it('wipes a store whose changelog was made again', () => {
    const plan = planRestore(local, { ...changelog, topicId: 'U' }, false, NOW)
    assert.deepEqual(plan, { from: 0, wipe: 'changelog-recreated' })
  })

  it('wipes a store that is ahead of its changelog', () => {
    const plan = planRestore(local, { ...changelog, logEnd: 49 }, false, NOW)
    assert.deepEqual(plan, { from: 0, wipe: 'beyond-log-end' })
  })

  it('wipes a key-value store whose records were deleted behind its position', () => {
    const plan = planRestore(local, { ...changelog, logStart: 51 }, false, NOW)
    assert.deepEqual(plan, { from: 51, wipe: 'below-log-start' })
    assert.deepEqual(planRestore(local, { ...changelog, logStart: 50 }, false, NOW), { from: 50 })
  })

  it('goes on from the log start for a window store: we trimmed what has expired', () => {
    assert.deepEqual(planRestore(local, { ...changelog, logStart: 51 }, true, NOW), { from: 51 })
  })

  it('wipes a store that is so old that tombstones behind its position may be gone', () => {
    const old = { ...local, savedAt: NOW - DAY - 1 }
    assert.deepEqual(planRestore(old, changelog, false, NOW), { from: 0, wipe: 'tombstones-compacted' })
    assert.deepEqual(planRestore(old, changelog, true, NOW), { from: 0, wipe: 'tombstones-compacted' })
    assert.deepEqual(
      planRestore(old, { ...changelog, deleteRetentionMs: Number.POSITIVE_INFINITY }, false, NOW),
      {
        from: 50,
      },
    )
  })
})
