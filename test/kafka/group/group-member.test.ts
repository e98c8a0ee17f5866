import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeSubscription } from '../../../src/kafka/group/consumer-protocol.js'
import { MembershipError, NotAMemberError } from '../../../src/kafka/group/group-errors.js'
import type { GroupListener } from '../../../src/kafka/group/group-listener.js'
import { ErrorCode } from '../../../src/kafka/protocol/error-codes.js'
import { BrokerConnectionError } from '../../../src/kafka/transport/transport-error.js'
import type { SentRequest } from '../support/scripted-transport.js'
import { partitions, ScriptedGroup } from './scripted-group.js'

/** The subscription in a JoinGroup request. */
function subscriptionIn(request: SentRequest) {
  const reader = request.read()
  reader.readCompactString()
  reader.readInt32()
  reader.readInt32()
  reader.readCompactString()
  reader.readCompactString()
  reader.readCompactString()
  const [subscription] = reader.readCompactArray(() => {
    reader.readCompactString()
    return decodeSubscription(reader.readCompactByteArray()!)
  })
  return subscription!
}

const listenerOf = (group: ScriptedGroup, overrides: Partial<GroupListener>): GroupListener => ({
  beforeJoin: async () => group.note('beforeJoin'),
  afterSync: () => group.note('afterSync'),
  revoked: async () => group.note('revoked'),
  assigned: () => group.note('assigned'),
  lost: () => group.note('lost'),
  fatal: (error) => group.note(`fatal ${error.message}`),
  ...overrides,
})

test('a new member is given an id, asks again with it, and is assigned', async () => {
  const group = new ScriptedGroup()
  group.assignments = [[0, 1]]
  const member = group.member()
  assert.throws(() => member.metadata, NotAMemberError)
  await member.join()
  await group.seen('assigned')
  assert.deepEqual(group.events, [
    'beforeJoin',
    'JoinGroup',
    'JoinGroup',
    'SyncGroup',
    'afterSync',
    'assigned 0,1 of 0,1',
  ])
  const { generationId, memberId } = member.metadata
  assert.deepEqual([generationId, memberId], [1, 'member-1'])
  await member.leave()
})

test('what moves is revoked before the member rejoins with the rest', async () => {
  const group = new ScriptedGroup()
  group.assignments = [
    [0, 1, 2],
    [0, 3],
    [0, 3],
  ]
  const member = group.member()
  await member.join()
  await group.seen('assigned')
  member.requestRejoin()
  await group.seen('assigned', 3)
  assert.deepEqual(group.events.slice(6), [
    'beforeJoin',
    'JoinGroup',
    'SyncGroup',
    'afterSync',
    'revoked 1,2',
    'assigned 3 of 0,3',
    'beforeJoin',
    'JoinGroup',
    'SyncGroup',
    'afterSync',
    'assigned  of 0,3',
  ])
  const joins = group.transport.sent('JoinGroup').map(subscriptionIn)
  assert.deepEqual(
    joins.map(({ ownedPartitions, generation }) => [ownedPartitions.map((p) => p.partition), generation]),
    [
      [[], -1],
      [[], -1],
      [[0, 1, 2], 1],
      [[0, 3], 2],
    ],
  )
  await member.leave()
})

test('during a rebalance commits go on, in the former generation until the next is known', async () => {
  const group = new ScriptedGroup()
  group.assignments = [[0], [0, 1]]
  const member = group.member()
  await member.join()
  await group.seen('assigned')
  const former = member.metadata
  assert.equal(await member.renewed(former), undefined)
  const answerJoins = group.holdJoins()
  member.requestRejoin()
  await group.seen('JoinGroup', 3)
  assert.deepEqual(member.metadata, former)
  const renewed = member.renewed(former)
  answerJoins()
  assert.deepEqual(await renewed, { ...former, generationId: former.generationId + 1 })
  assert.deepEqual(member.metadata, await renewed)
  await group.seen('assigned', 2)
  await member.leave()
})

test('a generation is not renewed where the membership is lost', async () => {
  const group = new ScriptedGroup()
  group.assignments = [[0]]
  const member = group.member()
  await member.join()
  await group.seen('assigned')
  const former = member.metadata
  group.fail('JoinGroup', ErrorCode.UNKNOWN_MEMBER_ID)
  member.requestRejoin()
  await group.seen('JoinGroup', 3)
  assert.equal(await member.renewed(former), undefined)
  await group.seen('assigned', 2)
  assert.equal(await member.renewed({ ...former, memberId: 'another' }), undefined)
  await member.leave()
})

test('nothing is joined before the listener is ready', async () => {
  const group = new ScriptedGroup()
  let ready = (): void => {}
  const beforeJoin = () =>
    new Promise<void>((resolve) => {
      ready = resolve
      group.note('beforeJoin')
    })
  const member = group.member({ listener: listenerOf(group, { beforeJoin }) })
  const joined = member.join()
  await group.seen('beforeJoin')
  assert.deepEqual(group.transport.requests, [])
  ready()
  await joined
  await member.leave()
})

test('heartbeats go on while partitions are being given up', async () => {
  const group = new ScriptedGroup()
  group.assignments = [[0], []]
  const revoked = async (): Promise<void> => {
    const before = group.transport.sent('Heartbeat').length
    while (group.transport.sent('Heartbeat').length < before + 2) await new Promise(setImmediate)
    group.note('revoked')
  }
  const member = group.member({ listener: listenerOf(group, { revoked }) })
  await member.join()
  await group.seen('assigned')
  member.requestRejoin()
  await group.seen('revoked')
  await member.leave()
})

test('a rebalance that a heartbeat tells of is joined with everything kept', async () => {
  const group = new ScriptedGroup()
  group.assignments = [[0]]
  const member = group.member()
  await member.join()
  await group.seen('assigned')
  group.fail('Heartbeat', ErrorCode.REBALANCE_IN_PROGRESS)
  await group.seen('assigned', 2)
  assert.equal(group.events.at(-1), 'assigned  of 0')
  await member.leave()
})

for (const [name, memberId] of [
  ['UNKNOWN_MEMBER_ID', ''],
  ['ILLEGAL_GENERATION', 'member-1'],
] as const) {
  test(`${name} loses the partitions, and the member joins again from scratch`, async () => {
    const group = new ScriptedGroup()
    group.assignments = [[0, 1], [1]]
    const member = group.member()
    await member.join()
    await group.seen('assigned')
    group.fail('Heartbeat', ErrorCode[name])
    await group.seen('lost')
    assert.equal(member.joined, false)
    await group.seen('assigned', 2)
    assert.deepEqual(group.events.slice(6, 9), ['lost 0,1', 'beforeJoin', 'JoinGroup'])
    assert.equal(group.events.at(-1), 'assigned 1 of 1')
    const rejoin = group.transport.sent('JoinGroup')[2]!
    assert.deepEqual(subscriptionIn(rejoin).ownedPartitions, [])
    const reader = rejoin.read()
    reader.readCompactString()
    reader.readInt32()
    reader.readInt32()
    assert.equal(reader.readCompactString(), memberId)
    await member.leave()
  })
}

test('a membership lost while partitions are given up loses them all', async () => {
  const group = new ScriptedGroup()
  group.assignments = [[0, 1], [1], [5]]
  const revoked = async (): Promise<void> => {
    group.fail('Heartbeat', ErrorCode.UNKNOWN_MEMBER_ID)
    await group.seen('lost')
  }
  const lost = (all: readonly { partition: number }[]): void =>
    group.note(`lost ${all.map(({ partition }) => partition)}`)
  const member = group.member({ listener: listenerOf(group, { revoked, lost }) })
  await member.join()
  await group.seen('assigned')
  member.requestRejoin()
  await group.seen('assigned', 2)
  assert(group.events.includes('lost 0,1'))
  assert.deepEqual(member.ownedPartitions, partitions(5))
  await member.leave()
})

test('an instance id that another member took is fatal', async () => {
  const group = new ScriptedGroup()
  group.assignments = [[0]]
  const member = group.member({ groupInstanceId: 'one' })
  await member.join()
  await group.seen('assigned')
  group.fail('Heartbeat', ErrorCode.FENCED_INSTANCE_ID)
  await group.seen('fatal')
  assert.equal(group.events.at(-2), 'lost 0')
  assert.match(group.events.at(-1)!, /membership in group g ended: .*FENCED_INSTANCE_ID/)
  assert.equal(member.state, 'failed')
})

test('a group that will not have the member rejects the join', async () => {
  const group = new ScriptedGroup()
  group.fail('JoinGroup', ErrorCode.INCONSISTENT_GROUP_PROTOCOL)
  await assert.rejects(group.member().join(), MembershipError)
})

test('a callback that throws ends the membership', async () => {
  const group = new ScriptedGroup()
  const assigned = (): void => {
    throw new Error('no room')
  }
  const member = group.member({ listener: listenerOf(group, { assigned }) })
  await member.join()
  await group.seen('fatal')
  assert.match(group.events.at(-1)!, /no room/)
})

test('joining survives a coordinator that moves and connections that break', async () => {
  const group = new ScriptedGroup()
  group.fail('JoinGroup', ErrorCode.NOT_COORDINATOR, ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)
  group.fail('SyncGroup', ErrorCode.REBALANCE_IN_PROGRESS, ErrorCode.NOT_COORDINATOR)
  const member = group.member()
  await member.join()
  assert.equal(group.transport.forgottenCoordinators, 2)
  group.transport.on('Heartbeat', () => {
    group.note('Heartbeat')
    throw new BrokerConnectionError('the connection broke')
  })
  await group.seen('Heartbeat', 2)
  assert.equal(member.joined, true)
  await member.leave()
})

test('a static member does not leave when it closes', async () => {
  const group = new ScriptedGroup()
  const member = group.member({ groupInstanceId: 'one' })
  await member.join()
  await member.leave()
  assert.equal(group.events.includes('LeaveGroup'), false)
  assert.equal(member.state, 'closed')
})

test('without progress the member leaves, and comes back with it', async () => {
  const group = new ScriptedGroup()
  group.assignments = [[0]]
  const member = group.member({ maxPollIntervalMs: 20 })
  await member.join()
  await group.seen('LeaveGroup')
  assert.equal(member.state, 'stuck')
  assert(group.events.includes('lost 0'))
  member.progress()
  await group.seen('assigned', 2)
  await member.leave()
})

test('leaving does not wait for a rebalance', async () => {
  const group = new ScriptedGroup()
  const member = group.member()
  await member.join()
  await group.seen('assigned')
  group.transport.on('JoinGroup', () => {
    group.note('held')
    return new Promise(() => {})
  })
  member.requestRejoin()
  await group.seen('held')
  await member.leave()
  const leave = group.transport.sent('LeaveGroup')[0]!
  assert.equal(leave.channel, 'admin')
})
