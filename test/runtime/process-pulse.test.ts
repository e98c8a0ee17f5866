import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProcessPulse, runningTime } from '../../src/runtime/process-pulse.js'
import { until } from '../support/until.js'

test('the running time of a process goes on while a thread of it is blocked', async () => {
  await using pulse = ProcessPulse.start((error) => assert.fail(String(error)))
  const ran = runningTime(pulse.beats)
  await until('the pulse beats', () => ran() > 0)
  const before = ran()
  // It neither works nor lets the event loop turn.
  const nobody = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  Atomics.wait(nobody, 0, 0, 1_000)
  assert.ok(ran() - before >= 500, `ran for ${ran() - before} ms of 1000`)
})
