import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timeoutOfTry } from '../../../src/kafka/coordinator/retry.js'

test('a try ends with the request timeout or at the deadline, and has time for an answer even past it', (t) => {
  t.mock.method(performance, 'now', () => 50_000)
  assert.equal(timeoutOfTry(30_000, 90_000), 30_000)
  assert.equal(timeoutOfTry(30_000, 60_000), 10_000)
  // The process stood still.
  assert.equal(timeoutOfTry(30_000, 20_000), 1_000)
  assert.equal(timeoutOfTry(300, 20_000), 300)
})
