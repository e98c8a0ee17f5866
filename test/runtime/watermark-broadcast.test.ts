import assert from 'node:assert/strict'
import { beforeEach, describe, it, type TestContext } from 'node:test'
import type { RecordCollector } from '../../src/runtime/record-collector.js'
import type { Task } from '../../src/runtime/task.js'
import { WatermarkBroadcast } from '../../src/runtime/watermark-broadcast.js'
import { decodeMarker, type WatermarkMarker } from '../../src/time/watermark-marker.js'
import type { SubTopology } from '../../src/topology/sub-topology.js'

const writer = {
  id: 4,
  shuffles: new Map(),
  stores: [],
  repartitionSinks: ['shuffle'],
} as unknown as SubTopology

/** A task that writes to the topic. */
class Writer {
  running = true
  eventTime = -1
  idle = false
  constructor(readonly partition: number) {}

  readonly graph = {
    shuffleTimes: () => [{ subTopology: 4, topic: 'shuffle', eventTime: this.eventTime, idle: this.idle }],
  }
}

describe('the markers of a repartition topic', () => {
  let now = 0
  let partitions: number | undefined
  let sent: WatermarkMarker[] = []
  let tasks: Writer[] = []

  const start = (t: TestContext, subTopology = writer): WatermarkBroadcast => {
    t.mock.method(performance, 'now', () => now)
    const collector = {
      sendToAll: (_: string, value: Buffer) => {
        sent.push(decodeMarker(value, 0, value.length))
        return partitions
      },
    } as unknown as RecordCollector
    return new WatermarkBroadcast(
      [subTopology],
      { partitionsOf: () => partitions, tasksOf: () => 3 },
      collector,
    )
  }
  const tells = (broadcast: WatermarkBroadcast): boolean => {
    const before = sent.length
    const writers = tasks as unknown as Task[]
    const due = broadcast.due(writers)
    broadcast.tell(writers)
    assert.equal(due, sent.length > before)
    return due
  }

  beforeEach(() => {
    now = 1000
    partitions = 2
    sent = []
    tasks = [new Writer(0), new Writer(2)]
  })

  it('tell how far the tasks are of which something is known, one a partition', (t) => {
    const broadcast = start(t)
    assert.equal(tells(broadcast), false, 'nothing is known')
    tasks[1]!.eventTime = 50
    assert.equal(tells(broadcast), true)
    const watermarks = [{ task: 2, eventTime: 50, idle: false }]
    assert.deepEqual(sent, [{ subTopology: 4, tasks: 3, watermarks }])
    assert.equal(broadcast.markers, 2)
  })

  it('leave out tasks that do not run', (t) => {
    const broadcast = start(t)
    tasks[0]!.eventTime = 50
    tasks[0]!.running = false
    assert.equal(tells(broadcast), false)
  })

  it('wait until the number of partitions is known', (t) => {
    const broadcast = start(t)
    tasks[0]!.eventTime = 50
    partitions = undefined
    assert.equal(tells(broadcast), false)
  })

  it('go at most every 200 ms, and every second where there is nothing new', (t) => {
    const broadcast = start(t)
    tasks[0]!.eventTime = 50
    tells(broadcast)
    tasks[0]!.eventTime = 51
    now += 199
    assert.equal(tells(broadcast), false)
    now += 1
    assert.equal(tells(broadcast), true)
    now += 999
    assert.equal(tells(broadcast), false)
    now += 1
    assert.equal(tells(broadcast), true)
  })

  it('go at once when a task becomes idle, or is so no more', (t) => {
    const broadcast = start(t)
    tasks[0]!.eventTime = 50
    tells(broadcast)
    tasks[0]!.idle = true
    assert.equal(tells(broadcast), true)
    tasks[0]!.idle = false
    assert.equal(tells(broadcast), true)
    assert.equal(tells(broadcast), false)
  })

  it('go less often to many partitions', (t) => {
    const broadcast = start(t)
    partitions = 500
    tasks[0]!.eventTime = 50
    tells(broadcast)
    tasks[0]!.eventTime = 51
    now += 499
    assert.equal(tells(broadcast), false)
    now += 1
    assert.equal(tells(broadcast), true)
  })

  it('go again after a failure: they may not have arrived', (t) => {
    const broadcast = start(t)
    tasks[0]!.eventTime = 50
    tells(broadcast)
    broadcast.reset()
    assert.equal(tells(broadcast), true)
  })

  describe('between the data of a backlog', () => {
    let records = 0
    const tellsBetween = (broadcast: WatermarkBroadcast, more: number): boolean => {
      const before = sent.length
      records += more
      broadcast.tellBetween(tasks as unknown as Task[], records)
      return sent.length > before
    }

    /** A broadcast that has told of 50 once. */
    const begun = (t: TestContext, subTopology?: SubTopology): WatermarkBroadcast => {
      const broadcast = start(t, subTopology)
      tasks[0]!.eventTime = 50
      tells(broadcast)
      return broadcast
    }

    beforeEach(() => {
      records = 0
    })

    it('go behind every thousand records, whatever time has passed', (t) => {
      const broadcast = begun(t)
      tasks[0]!.eventTime = 51
      assert.equal(tellsBetween(broadcast, 999), false)
      assert.equal(tellsBetween(broadcast, 1), true)
      tasks[0]!.eventTime = 52
      assert.equal(tellsBetween(broadcast, 999), false)
      assert.equal(tellsBetween(broadcast, 1), true)
    })

    it('go less often to more than 20 partitions: behind 50 records for each', (t) => {
      partitions = 30
      const broadcast = begun(t)
      tasks[0]!.eventTime = 51
      assert.equal(tellsBetween(broadcast, 1499), false)
      assert.equal(tellsBetween(broadcast, 1), true)
    })

    it('do not go where there is nothing new', (t) => {
      assert.equal(tellsBetween(begun(t), 5000), false)
    })

    it('do not go before the first, nor after a failure: the end of an epoch tells', (t) => {
      const broadcast = start(t)
      tasks[0]!.eventTime = 50
      assert.equal(tellsBetween(broadcast, 5000), false)
      tells(broadcast)
      tasks[0]!.eventTime = 51
      broadcast.reset()
      assert.equal(tellsBetween(broadcast, 5000), false)
    })

    it('do not go from writers that keep state: their cache may hold rows that are earlier', (t) => {
      const stateful = { ...writer, stores: [{ name: 'counts' }] } as unknown as SubTopology
      const broadcast = begun(t, stateful)
      tasks[0]!.eventTime = 51
      assert.equal(tellsBetween(broadcast, 5000), false)
    })
  })
})
