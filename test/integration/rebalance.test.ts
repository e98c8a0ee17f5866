import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { KafkaStreams } from '../../src/index.js'
import { assertCounted, countingApplication, numbered } from '../support/counting.js'
import { Feed } from '../support/feed.js'

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

  test('of which one is a static member: it is started again, and nothing moves', async () => {
    const { app, input, output, topology } = await countingApplication({}, { partitions: 4 })
    await using _ = app
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
    await second.close()
    await app.client.write(input, records.slice(200))
    const again = await app.started(topology, options, 'second')
    await app.until('it has its tasks', runs(again, 2))
    await app.committed(input)
    assert.deepEqual(tasksOf(again), ofSecond)
    assert.deepEqual(tasksOf(first), ofFirst)
    assert.equal(again.metrics().recordsRestored, 0)
    assert.deepEqual(states, [])
    await assertCounted(app, output, records)
  })
})
