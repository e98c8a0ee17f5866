import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FeedBatch } from '../../../src/observe/feed/feed-batch.js'
import { FeedFilter, readQuery } from '../../../src/observe/feed/feed-filter.js'
import { decodePosition, encodePosition } from '../../../src/observe/feed/feed-position.js'
import { RowFormat } from '../../../src/observe/feed/row-format.js'
import { type ReplicaTopic, StoreReplica } from '../../../src/observe/feed/store-replica.js'
import { Subscription } from '../../../src/observe/feed/subscription.js'
import { changelogRecord, FeedWorld, STORES, TOPIC_ID } from './feed-world.js'

const [keyValue, window] = STORES
const HOUR = 3_600_000

const worldOf = (store = keyValue!, maxBytes = 1_000_000): FeedWorld =>
  new FeedWorld({ store, partitions: 1, maxBytes })

/** Takes all that there is, and gives the messages of this connection in short. */
function told(world: FeedWorld): string[] {
  const before = world.messages.length
  while (world.receive(1_000));
  return world.messages.slice(before).map((message) => {
    if (message.type === 'upsert') return `${message.key}=${message.value}`
    if (message.type === 'delete') return `-${message.key}`
    return message.type === 'must-refetch' ? `must-refetch ${message.reason}` : message.type
  })
}

describe('a subscription', () => {
  test('begins with the rows that there are, and goes on with each change', () => {
    const world = worldOf()
    world.write(1, 0, 0, false)
    world.write(2, 0, 0, false)
    world.write(2, 0, 0, true)
    world.connect(0)
    assert.deepEqual(told(world), ['snapshot', 'k1=1', 'up-to-date'])
    world.write(1, 0, 0, false)
    world.write(3, 0, 0, false)
    world.readAll(0)
    assert.deepEqual(told(world), ['k1=3', 'k3=4'])
    world.write(1, 0, 0, true)
    world.readAll(0)
    assert.deepEqual(told(world), ['-k1'])
  })

  test('tells of a row that changes during the snapshot once, as it is then', () => {
    const world = worldOf()
    for (const key of [1, 2, 3]) world.write(key, 0, 0, false)
    world.connect(0)
    assert.ok(world.receive(1))
    world.write(2, 0, 0, false)
    world.write(3, 0, 0, true)
    world.readAll(0)
    assert.deepEqual(told(world), ['k1=1', 'up-to-date', 'k2=4', '-k3'])
  })

  test('leaves out what was replaced before it was sent, and counts it', () => {
    const world = worldOf()
    world.connect(0)
    told(world)
    for (let change = 0; change < 5; change++) world.write(1, 0, 0, false)
    world.write(2, 0, 0, false)
    world.readAll(0)
    assert.deepEqual(told(world), ['k1=5', 'k2=6'])
    assert.equal(world.counts.conflated, 4)
    world.write(1, 0, 0, false)
    world.readAll(0)
    assert.deepEqual(told(world), ['k1=7'])
    assert.equal(world.counts.conflated, 4)
  })

  test('has nothing conflated in a snapshot', () => {
    const world = worldOf()
    for (let change = 0; change < 5; change++) world.write(1, 0, 0, false)
    world.connect(0)
    assert.deepEqual(told(world), ['snapshot', 'k1=5', 'up-to-date'])
    assert.equal(world.counts.conflated, 0)
  })

  test('goes on at a worker that has read less, without what the client has', () => {
    const world = worldOf()
    world.start(1)
    world.write(1, 0, 0, false)
    world.write(2, 0, 0, false)
    world.connect(0)
    told(world)
    world.read(1, 0, 1)
    world.connect(1)
    assert.deepEqual(told(world), ['up-to-date'])
    world.write(3, 0, 0, false)
    world.readAll(1)
    assert.deepEqual(told(world), ['k3=3'])
  })

  test('begins anew if deletions are forgotten that it was not told of', () => {
    const world = worldOf(keyValue, 2_000)
    for (const key of [1, 2, 3]) world.write(key, 0, 0, false)
    world.connect(0)
    told(world)
    world.write(1, 0, 0, true)
    world.write(2, 0, 0, true)
    world.readAll(0)
    assert.deepEqual(told(world), ['must-refetch too-old', 'snapshot', 'k3=3', 'up-to-date'])
    assert.equal(world.counts.refetches, 1)
  })

  test('begins anew at a worker that cannot know which windows have expired since', () => {
    const world = worldOf(window)
    world.write(0, 0, 0, false)
    world.write(1, 8, 0, false)
    world.connect(0)
    told(world)
    world.write(2, 8, 0, false)
    world.logs[0]!.trim(world.store)
    world.moveTo(1)
    assert.deepEqual(told(world), ['must-refetch too-old', 'snapshot', 'k1=2', 'k2=3', 'up-to-date'])
  })

  test('goes on at a worker that knows them, since nothing was cut off', () => {
    const world = worldOf(window)
    world.write(0, 0, 0, false)
    world.connect(0)
    told(world)
    world.write(2, 16, 0, false)
    world.moveTo(1)
    assert.deepEqual(told(world), ['-k0', 'k2=2', 'up-to-date'])
  })
})

describe('a position', () => {
  const format = new RowFormat(keyValue!)
  const filter = new FeedFilter(format, readQuery(new URLSearchParams()))
  const NOW = 1000 * HOUR
  const topic: ReplicaTopic = {
    topicId: TOPIC_ID,
    starts: [2],
    ends: [6],
    deleteRetentionMs: 24 * HOUR,
    foundAt: NOW,
  }
  const position = { topicId: TOPIC_ID, filterHash: filter.hash, issuedAt: NOW, offsets: [4] }

  test('is gone on from if all that was changed since is known', () => {
    const replica = new StoreReplica(format, topic, 1e6)
    assert.equal(replica.refusal(position, filter.hash), undefined)
  })

  for (const [why, changed, reason] of [
    ['it is of a topic that was there before', { topicId: 'f'.repeat(32) }, 'other-topic'],
    ['the topic has another number of partitions', { offsets: [4, 0] }, 'other-topic'],
    ['something else was asked for', { filterHash: 1 }, 'other-filter'],
    ['it is before the beginning of the log', { offsets: [1] }, 'too-old'],
    ['deletions may be compacted away since', { issuedAt: NOW - 13 * HOUR }, 'too-old'],
  ] as const) {
    test(`is none to go on from if ${why}`, () => {
      const replica = new StoreReplica(format, topic, 1e6)
      assert.equal(replica.refusal({ ...position, ...changed }, filter.hash), reason)
    })
  }

  test('does not age where nothing has changed since', () => {
    const replica = new StoreReplica(format, topic, 1e6)
    const old = { ...position, offsets: [6], issuedAt: NOW - 100 * HOUR }
    assert.equal(replica.refusal(old, filter.hash), undefined)
  })

  test('goes on over what is no record', () => {
    const replica = new StoreReplica(format, { ...topic, starts: [0], ends: [0] }, 1e6)
    const counts = { conflated: 0, refetches: 0 }
    const subscription = new Subscription(replica, filter, undefined, counts, () => NOW)
    subscription.take(new FeedBatch(100))
    const offsets = () => decodePosition(subscription.position!)!.offsets
    assert.deepEqual(offsets(), [0])
    replica.add(0, changelogRecord(keyValue!, { offset: 0, key: 'a', start: 0, value: 1 }))
    replica.reach(0, 2, 0)
    assert.deepEqual(offsets(), [0])
    subscription.take(new FeedBatch(100))
    assert.deepEqual(offsets(), [2])
    replica.reach(0, 9, 0)
    assert.deepEqual(offsets(), [9])
  })

  test('is between the changes that are told and those that are not', () => {
    const replica = new StoreReplica(format, { ...topic, starts: [0], ends: [0] }, 1e6)
    for (let offset = 0; offset < 10; offset++) {
      replica.add(0, changelogRecord(keyValue!, { offset, key: `k${offset}`, start: 0, value: 1 }))
    }
    replica.reach(0, 10, 0)
    const from = decodePosition(encodePosition({ ...position, offsets: [0] }))
    const counts = { conflated: 0, refetches: 0 }
    const subscription = new Subscription(replica, filter, from, counts, () => NOW)
    const batch = new FeedBatch(1)
    assert.ok(subscription.take(batch))
    assert.equal(batch.messages.length, 1)
    assert.deepEqual(decodePosition(batch.id!)!.offsets, [1])
  })
})
