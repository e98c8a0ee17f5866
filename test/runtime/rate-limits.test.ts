import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CompiledRateLimit } from '../../src/runtime/rate-limit-options.js'
import { RateLimits } from '../../src/runtime/rate-limits.js'

const UNLIMITED = Number.POSITIVE_INFINITY
const unlimited: CompiledRateLimit = {
  recordsPerSecond: UNLIMITED,
  bytesPerSecond: UNLIMITED,
  adaptive: undefined,
}
const byCommits = { eventLoopDelayMs: UNLIMITED, commitLatencyMs: 100 }

/** The limits of a thread, on a clock that stands where a test says. `partitionCount` 0: it is not known. */
function limitsOf(
  limits: Record<string, Partial<CompiledRateLimit>>,
  partitionCount: number | undefined = 4,
) {
  const state = { now: 0, commitLatency: 0 }
  const compiled = Object.fromEntries(
    Object.entries(limits).map(([topic, limit]) => [topic, { ...unlimited, ...limit }]),
  )
  const context = {
    inKafka: (topic: string) => `app-${topic}`,
    partitionCount: () => (partitionCount === 0 ? undefined : partitionCount),
    commitLatency: () => state.commitLatency,
  }
  const all = RateLimits.of(compiled, context, () => state.now)
  assert.ok(all !== undefined)
  return { state, all }
}

describe('the limits of a thread', () => {
  it('are none where nothing is limited', () => {
    const context = { inKafka: String, partitionCount: () => 1, commitLatency: () => 0 }
    assert.equal(RateLimits.of({}, context), undefined)
  })

  it('are known by the names of topics in Kafka', () => {
    const { all } = limitsOf({ input: { recordsPerSecond: 100 } })
    assert.equal(all.of('input'), undefined)
    assert.ok(all.of('app-input') !== undefined)
  })

  it('are the part of the topic that the thread has', () => {
    const { all } = limitsOf({ input: { recordsPerSecond: 100, bytesPerSecond: 4_000 } })
    const limit = all.of('app-input')!
    const rates = () =>
      all.metrics.map(({ recordsPerSecond, bytesPerSecond }) => [recordsPerSecond, bytesPerSecond])
    limit.join()
    assert.deepEqual(rates(), [[25, 1_000]])
    limit.join()
    assert.deepEqual(rates(), [[50, 2_000]])
    limit.leave()
    assert.deepEqual(rates(), [[25, 1_000]])
  })

  it('are the whole of the topic at most, whatever is known of its partitions', () => {
    const { all } = limitsOf({ input: { recordsPerSecond: 100 } }, 0)
    const limit = all.of('app-input')!
    limit.join()
    limit.join()
    assert.equal(all.metrics[0]!.recordsPerSecond, 100)
  })

  it('hold records and bytes, whichever comes first', () => {
    const { state, all } = limitsOf({ input: { recordsPerSecond: 100, bytesPerSecond: 1_000 } }, 1)
    const limit = all.of('app-input')!
    limit.join()
    limit.took(400)
    assert.equal(limit.open, false)
    // 300 bytes are owed, and a hundredth of a second is to be there.
    assert.equal(all.timeToOpen, 310)
    state.now = 310
    all.begin()
    assert.equal(limit.open, true)
    assert.equal(all.timeToOpen, UNLIMITED)
    for (let record = 0; record < 9; record++) limit.took(1)
    assert.equal(limit.open, true)
    limit.took(1)
    assert.equal(limit.open, false)
  })

  it('adapt once a second, each by itself, to what was taken in meanwhile', () => {
    const { state, all } = limitsOf({ busy: { adaptive: byCommits }, fixed: { recordsPerSecond: 100 } }, 1)
    const limit = all.of('app-busy')!
    limit.join()
    all.of('app-fixed')!.join()
    const rates = () => all.metrics.map(({ recordsPerSecond }) => recordsPerSecond)
    for (let record = 0; record < 2_000; record++) limit.took(1)
    state.commitLatency = 101
    state.now = 999
    all.begin()
    assert.deepEqual(rates(), [undefined, 100])
    state.now = 2_000
    all.begin()
    assert.deepEqual(rates(), [700, 100])
    state.commitLatency = 100
    state.now = 3_000
    all.begin()
    assert.deepEqual(rates(), [735, 100])
    all.close()
  })

  it('have a fixed limit as the ceiling of an adaptive one', () => {
    const { state, all } = limitsOf({ input: { recordsPerSecond: 1_000, adaptive: byCommits } }, 1)
    const limit = all.of('app-input')!
    limit.join()
    for (let record = 0; record < 1_000; record++) limit.took(1)
    state.commitLatency = 500
    state.now = 1_000
    all.begin()
    assert.equal(all.metrics[0]!.recordsPerSecond, 700)
    state.commitLatency = 0
    for (let second = 0; second < 20; second++) {
      state.now += 1_000
      all.begin()
    }
    assert.equal(all.metrics[0]!.recordsPerSecond, 1_000)
    all.close()
  })
})
