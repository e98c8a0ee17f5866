import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecoveryGivenUpError, RecoveryPatience } from '../../src/runtime/recovery-patience.js'

const NEVER = new AbortController().signal
const failure = new Error('the broker is away')

test('recovery is given up when nothing could be committed for too long', async () => {
  let running = 0
  const warnings: unknown[] = []
  const patience = new RecoveryPatience(
    60_000,
    () => running,
    (warning) => warnings.push(warning),
  )
  await patience.next(failure, NEVER)
  running += 60_000
  await patience.next(failure, NEVER)
  assert.deepEqual(warnings, [failure, failure])
  running += 100
  await assert.rejects(patience.next(failure, NEVER), (error) => {
    assert.ok(error instanceof RecoveryGivenUpError)
    assert.equal(error.cause, failure)
    return true
  })
  patience.reset()
  await patience.next(failure, NEVER)
})
