import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Admin } from '../../src/kafka/admin/admin.js'
import { listOffsets } from '../../src/kafka/consumer/list-offsets.js'
import { KafkaProtocolError } from '../../src/kafka/protocol/kafka-protocol-error.js'
import { topicPartitionKey } from '../../src/kafka/topic-partition.js'
import { KafkaJsTransport } from '../../src/kafka/transport/kafkajs-transport.js'
import { testBroker } from '../support/broker.js'
import { uniqueName } from '../support/unique-name.js'

const failsWith = (type: string, context: RegExp) => (error: unknown) => {
  assert.ok(error instanceof KafkaProtocolError)
  assert.equal(error.type, type)
  assert.match(error.message, context)
  return true
}

describe('Admin on a real broker', () => {
  let transport: KafkaJsTransport
  let admin: Admin

  before(async () => {
    transport = new KafkaJsTransport({ brokers: (await testBroker()).brokers })
    admin = new Admin(transport)
  })

  after(() => transport.close())

  test('creates topics that can be used at once, with their configurations', async () => {
    const topics = [uniqueName('one'), uniqueName('two')]
    const configs = { 'cleanup.policy': 'compact,delete', 'retention.ms': '-1' }
    await admin.createTopics(topics.map((topic) => ({ topic, partitions: 3, replicationFactor: 1, configs })))
    const described = await admin.describeTopics(topics)
    for (const topic of topics) {
      const { partitions, topicId } = described.get(topic)!
      assert.match(topicId, /^[0-9a-f]{32}$/)
      assert.equal(partitions.length, 3)
      const all = partitions.map(({ partition }) => ({ topic, partition }))
      assert.equal((await listOffsets(transport, all, 'latest', 'read_committed')).size, 3)
      const actual = await admin.topicConfigs(topic)
      for (const [name, value] of Object.entries(configs)) assert.equal(actual.get(name), value)
      assert.ok(actual.has('max.message.bytes'))
    }
  })

  test('leaves a topic that exists as it is', async () => {
    const topic = uniqueName('topic')
    await admin.createTopics([{ topic, partitions: 2 }])
    const before = (await admin.describeTopics([topic])).get(topic)
    await admin.createTopics([{ topic, partitions: 5 }])
    assert.deepEqual((await admin.describeTopics([topic])).get(topic), before)
  })

  test('names the topic and the reason when one cannot be created', async () => {
    const topic = uniqueName('topic')
    await assert.rejects(
      admin.createTopics([{ topic, configs: { 'cleanup.policy': 'nonsense' } }]),
      failsWith('INVALID_CONFIG', new RegExp(`${topic}.*nonsense`)),
    )
    await assert.rejects(
      admin.createTopics([{ topic: 'no/such/name' }]),
      failsWith('INVALID_TOPIC_EXCEPTION', /no\/such\/name/),
    )
  })

  test('deletes topics until they are gone, those that do not exist included', async () => {
    const topic = uniqueName('topic')
    await admin.createTopics([{ topic, partitions: 1 }])
    await admin.deleteTopics([topic, uniqueName('never')])
    assert.deepEqual(await admin.describeTopics([topic]), new Map())
    await assert.rejects(
      admin.topicConfigs(topic),
      failsWith('UNKNOWN_TOPIC_OR_PARTITION', new RegExp(topic)),
    )
    await admin.createTopics([{ topic, partitions: 2 }])
    assert.equal((await admin.describeTopics([topic])).get(topic)!.partitions.length, 2)
  })

  test('deletes records again and again, and never past the end', async () => {
    const topic = uniqueName('topic')
    await admin.createTopics([{ topic, partitions: 2 }])
    const records = [0, 1].map((partition) => ({ topic, partition, offset: 0 }))
    for (let round = 0; round < 3; round++) {
      assert.deepEqual(
        await admin.deleteRecords(records),
        new Map([0, 1].map((partition) => [topicPartitionKey(topic, partition), 0])),
      )
    }
    await assert.rejects(
      admin.deleteRecords([{ topic, partition: 1, offset: 7 }]),
      failsWith('OFFSET_OUT_OF_RANGE', new RegExp(`topic=${topic} partition=1`)),
    )
  })

  test('knows of no members of a group that does not exist', async () => {
    assert.deepEqual(await admin.groupMembers(uniqueName('group')), [])
  })

  test('deletes a group that does not exist without complaint', () => admin.deleteGroup(uniqueName('group')))
})
