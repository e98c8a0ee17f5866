import assert from 'node:assert/strict'
import { test } from 'node:test'
import kafkajs from 'kafkajs'
import { Cluster, unique } from '../kafka/support/cluster.js'
import { type RecordedMember, SpreadingAssignor } from '../kafka/support/recorded-member.js'
import { testBroker } from '../support/broker.js'

const PARTITIONS = 4

/** A group on a topic of its own. */
class TestGroup implements AsyncDisposable {
  readonly groupId = unique('group')

  private constructor(
    readonly cluster: Cluster,
    readonly topic: string,
  ) {}

  static async on(brokers: readonly string[]): Promise<TestGroup> {
    const cluster = new Cluster(brokers)
    return new TestGroup(cluster, await cluster.newTopic(PARTITIONS))
  }

  member(
    name: string,
    options: { groupInstanceId?: string; maxPollIntervalMs?: number } = {},
  ): RecordedMember {
    return this.cluster.member({
      groupId: this.groupId,
      topics: [this.topic],
      assignor: new SpreadingAssignor(this.topic, PARTITIONS, name),
      ...options,
    })
  }

  /** Starts a member that is alone, and waits until it has everything. */
  async first(name: string, options: { groupInstanceId?: string } = {}): Promise<RecordedMember> {
    const member = this.member(name, options)
    await member.member.join()
    await member.until(() => member.owned.length === PARTITIONS)
    return member
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster[Symbol.asyncDispose]()
  }
}

test('a second member takes over half; the rest is never given up', async () => {
  await using broker = await testBroker()
  await using group = await TestGroup.on(broker.brokers)
  const a = await group.first('a')
  const b = group.member('b')
  await b.member.join()
  await b.until(() => b.owned.length === 2)
  await a.until(() => a.owned.length === 2)
  const revoked = a.events.filter((event) => event.startsWith('revoked'))
  assert.deepEqual(revoked, [`revoked ${b.owned.join()}`])
  assert.deepEqual(a.events.filter((event) => event.startsWith('assigned')).slice(0, 2), [
    'assigned 0,1,2,3',
    'assigned ',
  ])
  assert.deepEqual([...a.owned, ...b.owned].sort(), [0, 1, 2, 3])
})

test('user data goes up to the leader and down to every member', async () => {
  await using broker = await testBroker()
  await using group = await TestGroup.on(broker.brokers)
  const a = await group.first('a')
  const b = group.member('b')
  await b.member.join()
  await Promise.all([a.until(() => a.told === 'a,b'), b.until(() => b.told === 'a,b')])
})

test('when a member leaves, the other has everything again', async () => {
  await using broker = await testBroker()
  await using group = await TestGroup.on(broker.brokers)
  const a = await group.first('a')
  const b = group.member('b')
  await b.member.join()
  await b.until(() => b.owned.length === 2)
  await b.member.leave()
  await a.until(() => a.owned.length === PARTITIONS)
  assert.equal(
    a.events.some((event) => event.startsWith('lost')),
    false,
  )
})

test('a static member comes back to its partitions, and nobody else notices', async () => {
  await using broker = await testBroker()
  await using group = await TestGroup.on(broker.brokers)
  const a = await group.first('a', { groupInstanceId: 'a' })
  const b = group.member('b', { groupInstanceId: 'b' })
  await b.member.join()
  await b.until(() => b.owned.length === 2)
  await a.until(() => a.owned.length === 2 && a.events.at(-1)!.startsWith('assigned'))
  const before = [...a.events]
  await b.member.leave()
  const again = group.member('b', { groupInstanceId: 'b' })
  await again.member.join()
  await again.until(() => again.owned.length > 0)
  assert.deepEqual(again.owned, b.owned)
  await a.transport.calls('Heartbeat', 4)
  assert.deepEqual(a.events, before)
})

test('of two members with one instance id the older one is out', async () => {
  await using broker = await testBroker()
  await using group = await TestGroup.on(broker.brokers)
  const older = await group.first('a', { groupInstanceId: 'same' })
  const newer = group.member('a', { groupInstanceId: 'same' })
  await newer.member.join()
  await older.until(() => older.events.at(-1)!.startsWith('fatal'))
  assert.match(older.events.at(-1)!, /FENCED_INSTANCE_ID/)
  assert.equal(older.events.at(-2), 'lost 0,1,2,3')
})

test('a member without progress leaves its partitions to the others', async () => {
  await using broker = await testBroker()
  await using group = await TestGroup.on(broker.brokers)
  const stuck = group.member('stuck', { maxPollIntervalMs: 300 })
  await stuck.member.join()
  await stuck.until(() => stuck.member.state === 'stuck' || stuck.events.at(-1)!.startsWith('lost'))
  const other = await group.first('other')
  assert.deepEqual(other.owned, [0, 1, 2, 3])
})

test("Kafka's tools can read who has what", async () => {
  await using broker = await testBroker()
  await using group = await TestGroup.on(broker.brokers)
  await group.first('a')
  const admin = new kafkajs.Kafka({ brokers: broker.brokers, logLevel: kafkajs.logLevel.NOTHING }).admin()
  await admin.connect()
  const { groups } = await admin.describeGroups([group.groupId])
  await admin.disconnect()
  const [described] = groups
  assert.equal(described!.protocolType, 'consumer')
  assert.equal(described!.protocol, 'spreading')
  const assignment = kafkajs.AssignerProtocol.MemberAssignment.decode(described!.members[0]!.memberAssignment)
  assert.deepEqual(assignment?.assignment, { [group.topic]: [0, 1, 2, 3] })
})
