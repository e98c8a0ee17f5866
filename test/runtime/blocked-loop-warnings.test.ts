import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BlockedLoopError, BlockedLoopWarnings } from '../../src/runtime/blocked-loop-warnings.js'
import type { Task } from '../../src/runtime/task.js'

const task = { id: '0_0', operators: ['check'], whereabouts: 'topic input, partition 0, offset 7' } as Task

/** What is told of one slice that took so long, in which the process ran for so long; all in milliseconds. */
function told(tookMs: number, ranMs: number): number[] {
  const blocked: number[] = []
  let running = 5_000
  const warnings = new BlockedLoopWarnings(
    { sessionTimeoutMs: 6_000, maxPollIntervalMs: 300_000 },
    () => running,
    (error) => blocked.push((error as BlockedLoopError).blockedMs),
  )
  // What passes between slices is nobody's fault.
  running += 60_000
  warnings.begin()
  running += ranMs
  warnings.ran(task, tookMs)
  return blocked
}

test('a slice that takes long while the process runs is told of', () => {
  assert.deepEqual(told(4_050, 4_100), [4_050])
  assert.deepEqual(told(2_000, 2_000), [])
})

test('the time for which the process stood still is not', () => {
  assert.deepEqual(told(60_000, 100), [])
  assert.deepEqual(told(60_000, 4_000), [4_000])
})
