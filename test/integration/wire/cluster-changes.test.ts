import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import kafkajs from 'kafkajs'
import { fetchCommittedOffsets } from '../../../src/kafka/group/committed-offsets.js'
import type { Producer } from '../../../src/kafka/producer/producer.js'
import { topicPartitionKey } from '../../../src/kafka/topic-partition.js'
import type { CoordinatorKind } from '../../../src/kafka/transport/broker-transport.js'
import { KafkaCluster } from '../../../src/testing/kafka-broker/index.js'
import { batchOf } from '../../kafka/support/batches.js'
import { Cluster, unique } from '../../kafka/support/cluster.js'
import { type RecordedMember, SpreadingAssignor } from '../../kafka/support/recorded-member.js'
import { until } from '../../support/until.js'

const CONTROLLER = 1
const COORDINATOR_TOPIC = { transaction: '__transaction_state', group: '__consumer_offsets' } as const
/** Of the topics of the coordinators, as test brokers have them. */
const COORDINATOR_PARTITIONS = 4

/** String.hashCode() of Java: what a coordinator is chosen by. */
const javaHash = (text: string): number =>
  [...text].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) | 0, 0)

const coordinatorPartition = (id: string): number => Math.abs(javaHash(id)) % COORDINATOR_PARTITIONS

/** Reads one partition's numbers and writes them again, each in a transaction with its offset. */
class Copier {
  readonly copied: string[] = []

  constructor(
    private readonly topic: string,
    private readonly partition: number,
    private readonly producer: Producer,
    private readonly owner: RecordedMember,
  ) {}

  async copyOne(): Promise<void> {
    const number = this.copied.length
    await this.producer.produce([batchOf(this.topic, this.partition, String(number))])
    const offsets = [{ topic: this.topic, partition: this.partition, offset: number + 1 }]
    await this.producer.sendOffsets(this.owner.member.metadata, offsets)
    await this.producer.commit()
    this.copied.push(String(number))
  }

  async copy(count: number): Promise<void> {
    for (let copied = 0; copied < count; copied++) await this.copyOne()
  }

  /** Goes on until something has happened, and a little longer. */
  async copyUntil(happened: Promise<unknown>): Promise<void> {
    let ended = false
    const watch = happened.finally(() => {
      ended = true
    })
    while (!ended) await this.copyOne()
    await watch
    await this.copy(3)
  }
}

describe('a cluster of three brokers', () => {
  let cluster: KafkaCluster
  let client: Cluster
  let admin: kafkajs.Admin

  before(async () => {
    cluster = await KafkaCluster.start()
    client = new Cluster(cluster.brokers)
    admin = new kafkajs.Kafka({ brokers: cluster.brokers, logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.connect()
  })

  after(async () => {
    await client?.[Symbol.asyncDispose]()
    await admin?.disconnect()
    await cluster?.stop()
  })

  const leaderNow = (topic: string, partition: number): Promise<number> => {
    client.transport.forgetLeaders(topic)
    return client.transport.leaderOf(topic, partition)
  }

  const coordinatorNow = (kind: CoordinatorKind, id: string): Promise<number> => {
    client.transport.forgetCoordinator(kind, id)
    return client.transport.coordinator(kind, id)
  }

  /** Gives a partition to the brokers that do not lead it now. */
  const moveLeader = async (topic: string, partition: number): Promise<void> => {
    const leader = await leaderNow(topic, partition)
    const replicas = [1, 2, 3].filter((node) => node !== leader)
    await admin.alterPartitionReassignments({
      topics: [{ topic, partitionAssignment: [{ partition, replicas }] }],
    })
    await until(`${topic}-${partition} is led by another broker`, async () =>
      replicas.includes(await leaderNow(topic, partition)),
    )
  }

  /** A name whose coordinator a broker is. */
  const coordinatedBy = async (kind: CoordinatorKind, node: number): Promise<string> => {
    let id = unique(kind)
    await until(`node ${node} coordinates ${id}`, async () => {
      id = unique(kind)
      return (await client.transport.coordinator(kind, id)) === node
    })
    return id
  }

  const memberOf = async (groupId: string, topic: string): Promise<RecordedMember> => {
    const member = client.member({
      groupId,
      topics: [topic],
      assignor: new SpreadingAssignor(topic, 3, 'copier'),
    })
    await member.member.join()
    return member
  }

  /** Everything was copied once and in order, with the offset of the last, by a member that lost nothing. */
  const assertExactlyOnce = async (
    copier: Copier,
    member: RecordedMember,
    topic: string,
    partition: number,
  ): Promise<void> => {
    assert.deepEqual(await client.valuesIn(topic, partition), copier.copied)
    const { groupId } = member.member.metadata
    const offsets = await fetchCommittedOffsets(client.transport, groupId, [{ topic, partition }], {
      requireStable: true,
    })
    assert.equal(offsets.get(topicPartitionKey(topic, partition))?.offset, copier.copied.length)
    assert.deepEqual(
      member.events.filter((event) => /lost|fatal/.test(event)),
      [],
    )
  }

  /** A copier whose partition and coordinators are all with one broker, and a check of what it did. */
  const copierOn = async (node: number, version: 1 | 2) => {
    const topic = await client.newTopic(3)
    const leaders = await Promise.all([0, 1, 2].map((each) => client.transport.leaderOf(topic, each)))
    const partition = leaders.indexOf(node)
    const member = await memberOf(await coordinatedBy('group', node), topic)
    const transactionalId = await coordinatedBy('transaction', node)
    const producer = await client.producer({ transactionalId, newestTransactionVersion: version })
    const copier = new Copier(topic, partition, producer, member)
    await copier.copy(3)
    const check = async (): Promise<void> => {
      await assertExactlyOnce(copier, member, topic, partition)
    }
    return { copier, check }
  }

  test('a broker that is killed, leader and both coordinators in one, costs no record and no membership', async () => {
    const victim = CONTROLLER + 1
    const copiers = [await copierOn(victim, 1), await copierOn(victim, 2)]
    for (const change of [() => cluster.kill(victim), () => cluster.restart(victim)]) {
      const changed = change()
      await Promise.all(copiers.map(({ copier }) => copier.copyUntil(changed)))
      for (const { check } of copiers) await check()
    }
  })

  for (const version of [1, 2] as const) {
    describe(`with transactions v${version}`, () => {
      test('a leader that changes interrupts nothing', async () => {
        const topic = await client.newTopic()
        const member = await memberOf(unique('group'), topic)
        const producer = await client.producer({
          transactionalId: unique('tx'),
          newestTransactionVersion: version,
        })
        const copier = new Copier(topic, 0, producer, member)
        await copier.copy(3)
        await copier.copyUntil(moveLeader(topic, 0))
        await assertExactlyOnce(copier, member, topic, 0)
      })

      test('coordinators that move interrupt nothing', async () => {
        const topic = await client.newTopic()
        const [transactionalId, groupId] = [unique('tx'), unique('group')]
        const member = await memberOf(groupId, topic)
        const producer = await client.producer({ transactionalId, newestTransactionVersion: version })
        const copier = new Copier(topic, 0, producer, member)
        await copier.copy(3)
        for (const [kind, id] of [
          ['transaction', transactionalId],
          ['group', groupId],
        ] as const) {
          const former = await coordinatorNow(kind, id)
          await copier.copyUntil(
            moveLeader(COORDINATOR_TOPIC[kind], coordinatorPartition(id)).then(() =>
              until(
                `the coordinator of ${id} has moved`,
                async () => (await coordinatorNow(kind, id)) !== former,
              ),
            ),
          )
        }
        await assertExactlyOnce(copier, member, topic, 0)
      })
    })
  }
})
