import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { retryDelay } from '../../operators/retry-policy.js'

const policy = { max: 9, backoff: 100, maxBackoff: 1000, when: () => true }
const longest = 1 - Number.EPSILON

describe('the wait before a call is made again', () => {
  it('is at most twice as long each time, up to a cap', () => {
    const waits = [1, 2, 3, 4, 5, 60].map((attempts) => retryDelay(policy, attempts, longest))
    assert.deepEqual(waits, [100, 200, 400, 800, 1000, 1000])
  })

  it('is any time from 0 on', () => {
    assert.equal(retryDelay(policy, 3, 0), 0)
    assert.equal(retryDelay(policy, 3, 0.5), 200)
  })
})
