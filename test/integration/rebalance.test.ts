import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import type { KafkaStreams } from '../../src/index.js'
import type { JoinGroupResponse } from '../../src/kafka/group/api/join-group.js'
import { partitionFor } from '../../src/kafka/records/partitioner.js'
import type { Task } from '../../src/runtime/task.js'
import { TaskStarter } from '../../src/runtime/task-starter.js'
import { assertCounted, countingApplication, countingTopology, numbered } from '../support/counting.js'
import { Feed } from '../support/feed.js'
import { Interception } from '../support/interception.js'
import { killedApplication } from '../support/run-killed-application.js'
import type { TestApplication } from '../support/test-application.js'

const KEYS = { keys: 40 }

const tasksOf = (streams: KafkaStreams): string[] => [...streams.metrics().tasks].sort()

const runs = (streams: KafkaStreams, tasks: number) => () =>
  streams.state === 'running' && tasksOf(streams).length === tasks

describe('two clients', () => {
  test('share the tasks when the second joins; those that stay are not interrupted; nothing is lost or doubled', async () => {
    const { app, input, output, topology } = await countingApplication({}, { partitions: 4 })
    await using _ = app
    const feed = new Feed(app.client, input, KEYS)
    const first = await app.started(topology, {}, 'first')
    await app.until('the first has all tasks', runs(first, 4))
    const before = tasksOf(first)

    const kept = new Set(before)
    first.on('state', () => {
      for (const task of kept) if (!tasksOf(first).includes(task)) kept.delete(task)
    })
    const second = await app.started(topology, {}, 'second')
    await app.until('the second has half of them', () => runs(first, 2)() && runs(second, 2)())
    assert.deepEqual([...tasksOf(first), ...tasksOf(second)].sort(), before)
    assert.deepEqual([...kept].sort(), tasksOf(first))

    const processed = second.metrics().recordsProcessed
    await app.until('the second processes', () => second.metrics().recordsProcessed > processed)
    await second.close()
    await app.until('the first has all tasks again', runs(first, 4))

    const records = await feed.stop()
    await app.committed(input)
    await assertCounted(app, output, records)
  })

  test('hand over what they have when one is closed', async () => {
    const { app, input, output, topology } = await countingApplication({}, { partitions: 4 })
    await using _ = app
    const [first, second] = await Promise.all([
      app.started(topology, {}, 'first'),
      app.started(topology, {}, 'second'),
    ])
    await app.until('both have tasks', () => runs(first, 2)() && runs(second, 2)())
    const records = numbered(400, KEYS)
    await app.client.write(input, records.slice(0, 200))
    await app.committed(input)
    await first.close()
    await app.client.write(input, records.slice(200))
    await app.committed(input)
    assert.equal(tasksOf(second).length, 4)
    await assertCounted(app, output, records)
  })

  test('of which one is a static member: it is started again in the same generation, and nothing moves', async () => {
    const { app, input, output, topology } = await countingApplication({}, { partitions: 4 })
    await using _ = app
    using interception = new Interception()
    const generations: number[] = []
    interception.every('JoinGroup', {
      after: (response) => void generations.push((response as JoinGroupResponse).generationId),
    })
    const first = await app.started(topology, {}, 'first')
    const options = { groupInstanceId: 'second' }
    const second = await app.started(topology, options, 'second')
    await app.until('both have tasks', () => runs(first, 2)() && runs(second, 2)())
    const [ofFirst, ofSecond] = [tasksOf(first), tasksOf(second)]
    const records = numbered(400, KEYS)
    await app.client.write(input, records.slice(0, 200))
    await app.committed(input)

    const states: string[] = []
    first.on('state', (state) => states.push(state))
    const generation = generations.splice(0).pop()
    await second.close()
    await app.client.write(input, records.slice(200))
    const again = await app.started(topology, options, 'second')
    await app.until('it has its tasks', runs(again, 2))
    await app.committed(input)
    assert.deepEqual(tasksOf(again), ofSecond)
    assert.deepEqual(tasksOf(first), ofFirst)
    assert.equal(again.metrics().recordsRestored, 0)
    assert.deepEqual(states, [])
    assert.deepEqual(generations, [generation])
    await assertCounted(app, output, records)
  })
})

/** Every JoinGroup of this process takes until each of the client's tasks has gone on processing. */
class HeldJoins implements Disposable {
  /** Joins that tasks went on behind. */
  count = 0
  private readonly interception = new Interception()

  constructor(
    app: TestApplication,
    streams: () => KafkaStreams | undefined,
    processed: ReadonlyMap<number, number>,
  ) {
    this.interception.every('JoinGroup', {
      after: async () => {
        const running = streams()
        if (running?.metrics().lag === undefined) return
        const partitions = tasksOf(running).map((task) => Number(task.split('_')[1]))
        const before = new Map(processed)
        const wentOn = () =>
          partitions.every((partition) => (processed.get(partition) ?? 0) > (before.get(partition) ?? 0))
        await app.until('every task has gone on while the client joins', wentOn)
        this.count++
      },
    })
  }

  [Symbol.dispose](): void {
    this.interception[Symbol.dispose]()
  }
}

describe('tasks that stay where they are', () => {
  test('go on, and are never closed, while another client joins, leaves, joins again and dies', async () => {
    const partitions = 4
    const { app, input, output } = await countingApplication({ sessionTimeout: '6s' }, { partitions })
    await using _ = app
    const processed = new Map<number, number>()
    const note = (value: string): void => {
      const key = Buffer.from(`key${Number(value) % KEYS.keys}`)
      const partition = partitionFor(key, 0, key.length, partitions)
      processed.set(partition, (processed.get(partition) ?? 0) + 1)
    }
    const first = app.streams(countingTopology(input, output, note), {}, 'first')
    using joins = new HeldJoins(app, () => first, processed)
    const feed = new Feed(app.client, input, KEYS)
    await first.start()
    await app.until('the first has all tasks', runs(first, partitions))
    using closed = new ClosedTasks()

    for (const end of ['SIGTERM', 'SIGKILL'] as const) {
      const held = joins.count
      const other = killedApplication({ options: app.options({}, 'second'), input, output })
      const exited = once(other, 'exit')
      await app.until('the other has half of the tasks', runs(first, partitions / 2))
      const kept = tasksOf(first)
      assert.deepEqual(
        [...closed.ids].filter((id) => kept.includes(id)),
        [],
      )
      assert.ok(joins.count >= held + 2, 'one join to give tasks up, and one for the other to get them')
      closed.ids.clear()
      other.kill(end)
      await exited
      await app.until('the first has all tasks again', runs(first, partitions))
      assert.deepEqual([...closed.ids], [])
    }
    const records = await feed.stop()
    await app.committed(input)
    await assertCounted(app, output, records)
  })
})

/** The tasks that this process closes. */
class ClosedTasks implements Disposable {
  readonly ids = new Set<string>()
  private readonly original = TaskStarter.prototype.close

  constructor() {
    const { ids, original } = this
    TaskStarter.prototype.close = function (this: TaskStarter, task: Task): Promise<void> {
      ids.add(task.id)
      return original.call(this, task)
    }
  }

  [Symbol.dispose](): void {
    TaskStarter.prototype.close = this.original
  }
}
