import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../../../src/kafka/group/consumer-protocol.js'
import { groupByTopic } from '../../../src/kafka/protocol/topic-groups.js'

const partitions = fc.array(
  fc.tuple(fc.constantFrom('a', 'b'), fc.nat(9)).map(([topic, partition]) => ({ topic, partition })),
)
const userData = fc.option(fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)))
const byTopic = (items: readonly { topic: string; partition: number }[]) =>
  groupByTopic(items).flatMap((group) => group.partitions)

test('what a member subscribes to comes back', () => {
  fc.assert(
    fc.property(partitions, userData, fc.integer({ min: -1, max: 1000 }), (owned, data, generation) => {
      const subscription = { topics: ['a', 'b'], userData: data, ownedPartitions: owned, generation }
      const decoded = decodeSubscription(encodeSubscription(subscription))
      assert.deepEqual(decoded, { ...subscription, ownedPartitions: byTopic(owned) })
    }),
  )
})

test('what a member is assigned comes back', () => {
  fc.assert(
    fc.property(partitions, userData, (assigned, data) => {
      const decoded = decodeAssignment(encodeAssignment({ partitions: assigned, userData: data }))
      assert.deepEqual(decoded, { partitions: byTopic(assigned), userData: data })
    }),
  )
})

test('no bytes are no partitions', () => {
  assert.deepEqual(decodeAssignment(Buffer.alloc(0)), { partitions: [], userData: null })
})

test('a subscription of an older client has nothing owned', () => {
  const version0 = Buffer.from('0000' + '00000001' + '000161' + '00000002' + 'cafe', 'hex')
  assert.deepEqual(decodeSubscription(version0), {
    topics: ['a'],
    userData: Buffer.from('cafe', 'hex'),
    ownedPartitions: [],
    generation: -1,
  })
})

test('the bytes of a subscription are those of Kafka', () => {
  const subscription = {
    topics: ['b', 'a'],
    userData: null,
    ownedPartitions: [{ topic: 'a', partition: 1 }],
    generation: 5,
  }
  const expected =
    '0003' + '00000002' + '000161' + '000162' + 'ffffffff' + '00000001' + '000161' + '00000001' + '00000001'
  assert.equal(encodeSubscription(subscription).toString('hex'), `${expected}00000005ffff`)
})
