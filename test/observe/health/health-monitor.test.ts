import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { HealthMonitor } from '../../../src/observe/health/health-monitor.js'
import type { ThreadMetrics } from '../../../src/runtime/stream-metrics.js'
import { FakeClient, inputMetrics, threadMetrics } from '../../support/thread-metrics.js'

const STALLED_AFTER_MS = 60_000
const INTERVAL_MS = 5_000

/** A client that is looked at every five seconds, on a clock of the test. */
class Watched {
  readonly client = new FakeClient([])
  readonly monitor: HealthMonitor
  private now = 0

  constructor(threads: readonly Partial<ThreadMetrics>[] = [{}]) {
    this.threads = threads
    this.monitor = new HealthMonitor(this.client, STALLED_AFTER_MS, INTERVAL_MS, () => this.now)
  }

  set threads(threads: readonly Partial<ThreadMetrics>[]) {
    this.client.threads = threads.map((figures, thread) =>
      threadMetrics({ thread, state: 'running', takenAt: this.now, ...figures }),
    )
  }

  /** Lets time pass in which figures are these. */
  pass(ms: number, threads: () => readonly Partial<ThreadMetrics>[]): void {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += INTERVAL_MS
      this.threads = threads()
      this.monitor.look()
    }
  }
}

const input = (position: number, lag: number | undefined) =>
  inputMetrics({ topic: 'words', partition: 3, position, lag })

describe('health', () => {
  test('is good while threads tell of themselves and partitions move', () => {
    const watched = new Watched()
    let position = 0
    watched.pass(10 * STALLED_AFTER_MS, () => [{ inputs: [input(position++, 100)] }])
    assert.deepEqual(watched.monitor.health(), {
      healthy: true,
      state: 'running',
      threads: [{ thread: 0, state: 'running', alive: true, tasks: [] }],
      stalled: [],
    })
  })

  test('names a partition that is behind and does not move', () => {
    const watched = new Watched()
    watched.pass(STALLED_AFTER_MS, () => [{ inputs: [input(7, 5)] }])
    assert.equal(watched.monitor.health().healthy, true)
    watched.pass(INTERVAL_MS, () => [{ inputs: [input(7, 6)] }])
    const { healthy, stalled } = watched.monitor.health()
    assert.equal(healthy, false)
    assert.deepEqual(stalled, [
      { thread: 0, topic: 'words', partition: 3, position: 7, lag: 6, stalledForSeconds: 60 },
    ])
    watched.pass(INTERVAL_MS, () => [{ inputs: [input(8, 6)] }])
    assert.equal(watched.monitor.health().healthy, true)
  })

  for (const [what, lag] of [
    ['has nothing to read', 0],
    ['is not known to have anything', undefined],
  ] as const) {
    test(`does not mind a partition that ${what}`, () => {
      const watched = new Watched()
      watched.pass(2 * STALLED_AFTER_MS, () => [{ inputs: [input(7, lag)] }])
      assert.equal(watched.monitor.health().healthy, true)
    })
  }

  test('does not mind a partition that is kept back so that others can come up', () => {
    const watched = new Watched()
    const held = [{ input: 'words-3', waitsFor: 'words-4' }]
    const eventTime = [{ task: '0_3', watermark: 1, waitsFor: [], held }]
    watched.pass(2 * STALLED_AFTER_MS, () => [{ inputs: [input(7, 5)], eventTime }])
    assert.equal(watched.monitor.health().healthy, true)
  })

  test('minds a partition that waits for a commit, and none that waits for its rate or a schema', () => {
    for (const reason of ['commit', 'rate', 'schema'] as const) {
      const watched = new Watched()
      const intake = {
        bufferedBytes: 0,
        paused: [{ input: 'words-3', reason }],
        pausedMs: {},
        rateLimits: [],
      }
      watched.pass(2 * STALLED_AFTER_MS, () => [{ inputs: [input(7, 5)], intake }])
      assert.equal(watched.monitor.health().healthy, reason !== 'commit', reason)
    }
  })

  test('takes a worker thread that tells nothing any more for dead', () => {
    const watched = new Watched([{}, {}])
    watched.pass(STALLED_AFTER_MS + INTERVAL_MS, () => [{}, { takenAt: 1 }])
    const { healthy, threads } = watched.monitor.health()
    assert.equal(healthy, false)
    assert.deepEqual(
      threads.map(({ alive }) => alive),
      [true, false],
    )
  })

  test('outlives a thread for as long as another one may take its place', () => {
    const watched = new Watched([{}, { state: 'failed' }])
    watched.pass(STALLED_AFTER_MS, () => [{}, { state: 'failed' }])
    assert.equal(watched.monitor.health().healthy, true)
    watched.pass(INTERVAL_MS, () => [{}, { state: 'failed' }])
    assert.equal(watched.monitor.health().healthy, false)
    watched.pass(INTERVAL_MS, () => [{}, {}])
    assert.equal(watched.monitor.health().healthy, true)
  })

  for (const [state, healthy] of [
    ['created', true],
    ['rebalancing', true],
    ['running', true],
    ['pending-shutdown', true],
    ['not-running', false],
    ['error', false],
  ] as const) {
    test(`is ${healthy ? 'good' : 'bad'} where the client is ${state}`, () => {
      const watched = new Watched()
      watched.client.state = state
      assert.equal(watched.monitor.health().healthy, healthy)
    })
  }
})

describe('readiness', () => {
  test('is there when all tasks process, and not before', () => {
    const watched = new Watched([{ state: 'rebalancing', tasks: ['0_0'] }])
    watched.client.state = 'rebalancing'
    assert.deepEqual(watched.monitor.readiness(), {
      ready: false,
      state: 'rebalancing',
      threads: [{ thread: 0, state: 'rebalancing', tasks: ['0_0'] }],
      awaitingSchemas: [],
    })
    watched.client.state = 'running'
    assert.equal(watched.monitor.readiness().ready, true)
    watched.client.state = 'pending-shutdown'
    assert.equal(watched.monitor.readiness().ready, false)
  })

  test('is not there while a partition waits for a schema, and says for which', () => {
    const paused = [{ input: 'in-0', reason: 'schema' as const, schema: 'schema 7 of the registry' }]
    const watched = new Watched([
      { state: 'running', intake: { bufferedBytes: 0, paused, pausedMs: {}, rateLimits: [] } },
    ])
    const { ready, awaitingSchemas } = watched.monitor.readiness()
    assert.equal(ready, false)
    assert.deepEqual(awaitingSchemas, [{ input: 'in-0', schema: 'schema 7 of the registry' }])
  })
})
