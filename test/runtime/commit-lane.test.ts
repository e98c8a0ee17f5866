import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CommitLane } from '../../src/runtime/commit-lane.js'
import type { EpochContext } from '../../src/runtime/epoch.js'
import { RecordCollector } from '../../src/runtime/record-collector.js'
import type { Task } from '../../src/runtime/task.js'
import type { ThreadProducer } from '../../src/runtime/thread-producer.js'
import { TopicCounts } from '../../src/runtime/topic-counts.js'
import { WatermarkBroadcast } from '../../src/runtime/watermark-broadcast.js'

/** A task that has always something to commit, and nothing in it. */
const task = {
  running: true,
  dirty: true,
  commitRequested: false,
  partition: 0,
  changelogTopics: new Map(),
  subTopology: { stores: [] },
  state: {
    dirtyBytes: 0,
    *flushCaches() {},
    *stage() {},
    persist: async () => {},
  },
  endEpoch: () => [],
  epochCommitted: () => {},
} as unknown as Task

/** A lane whose batches are acknowledged when the test says so. */
function heldLane() {
  const steps: string[] = []
  let acknowledge = (): void => {}
  const producer = {
    produce: () =>
      new Promise<never[]>((resolve) => {
        acknowledge = () => resolve([])
      }),
    sendOffsets: async () => void steps.push('offsets'),
    commit: async () => void steps.push('commit'),
  } as unknown as ThreadProducer
  const collector = new RecordCollector({ partitionCount: () => 1, lookUp: async () => 1 }, (topic) => topic)
  const context = {
    fingerprint: '',
    collector,
    producer,
    broadcast: new WatermarkBroadcast([], { partitionsOf: () => 1, tasksOf: () => 1 }, collector),
    group: () => ({ groupId: 'group', memberId: 'the next', generationId: 2, groupInstanceId: null }),
    renewed: async () => undefined,
    wallClock: Date.now,
    topicCounts: new TopicCounts([]),
  } as unknown as EpochContext
  const policy = { processingGuarantee: 'exactly_once', commitIntervalMs: 100, epochMaxBytes: 1024 } as const
  const lane = new CommitLane(
    () => [task],
    context,
    policy,
    () => {},
    () => {},
  )
  return { lane, steps, acknowledge: () => acknowledge() }
}

describe('a commit', () => {
  it('sends its offsets when all is acknowledged', async () => {
    const { lane, steps, acknowledge } = heldLane()
    const committed = lane.commitAll()
    await new Promise(setImmediate)
    acknowledge()
    assert.equal(await committed, true)
    assert.deepEqual(steps, ['offsets', 'commit'])
  })

  it('comes soon where nothing is left to read, and later where there is more that may not be read yet', async (t) => {
    let now = Math.ceil(performance.now())
    t.mock.method(performance, 'now', () => now)
    const { lane } = heldLane()
    now += 50
    lane.poll(true, true)
    assert.equal(lane.busy, false)
    assert.equal(lane.timeToNext(), 50)
    lane.poll(true)
    assert.equal(lane.busy, true)
  })

  it('tells how long the slowest took, and how long the one on its way takes already', async (t) => {
    let now = Math.ceil(performance.now())
    t.mock.method(performance, 'now', () => now)
    const { lane, acknowledge } = heldLane()
    assert.equal(lane.takeLatency(), 0)
    const committed = lane.commitAll()
    await new Promise(setImmediate)
    now += 300
    assert.equal(lane.takeLatency(), 300)
    now += 100
    acknowledge()
    await committed
    assert.equal(lane.takeLatency(), 400)
    assert.equal(lane.takeLatency(), 0)
  })

  it('ends where what it commits is dropped meanwhile, though there is another membership by then', async () => {
    const { lane, steps, acknowledge } = heldLane()
    const committed = lane.commitAll()
    await new Promise(setImmediate)
    lane.invalidate()
    acknowledge()
    assert.equal(await committed, false)
    assert.deepEqual(steps, [])
  })
})
