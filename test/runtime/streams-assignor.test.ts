import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Assignments, AssignorMember } from '../../src/kafka/group/group-assignor.js'
import { instructionsOf, StreamsAssignor } from '../../src/runtime/streams-assignor.js'

/** The thread of a member: its process, its topology, and whether it knows that the application is to be drained. */
interface Thread {
  readonly fingerprint?: string
  readonly draining?: boolean
  readonly stopping?: string
}

const assignorOf = (memberId: string, { fingerprint = 'abc', draining = false, stopping }: Thread = {}) =>
  new StreamsAssignor({
    processId: `process of ${memberId}`,
    fingerprint,
    subTopologies: [{ id: 0, stateful: true, topics: ['input'] }],
    localState: () => [],
    stopping: () => stopping,
    draining: () => draining,
    partitionCounts: async (topics) => new Map(topics.map((topic) => [topic, 2])),
  })

/** A member as it joins. */
const member = (memberId: string, thread?: Thread): AssignorMember => ({
  memberId,
  groupInstanceId: null,
  topics: ['input'],
  ownedPartitions: [],
  generation: -1,
  userData: assignorOf(memberId, thread).userData(),
})

const toldTo = (assignments: Assignments, memberId: string) =>
  instructionsOf(assignments.get(memberId)!.userData)

describe('the assignor', () => {
  it('gives every partition to one of the members', async () => {
    const assignments = await assignorOf('a').assign([member('a'), member('b')])
    const given = [...assignments.values()].flatMap(({ partitions }) => partitions)
    assert.deepEqual(given.map(({ partition }) => partition).sort(), [0, 1])
  })

  it('tells nobody to drain where nobody asked for it', async () => {
    const assignments = await assignorOf('a').assign([member('a'), member('b')])
    for (const memberId of ['a', 'b']) assert.deepEqual(toldTo(assignments, memberId), { draining: false })
  })

  it('tells everybody that the application is to be drained as soon as one member says so', async () => {
    const draining = { draining: true }
    for (const members of [
      [member('a'), member('b', draining), member('c')],
      [member('a', draining), member('b'), member('c')],
    ]) {
      const assignments = await assignorOf('a').assign(members)
      // There are fewer partitions than members: one that has none may be given some later.
      for (const { memberId } of members) assert.deepEqual(toldTo(assignments, memberId), draining)
    }
  })

  it('goes by what members say, not by what the leader knew when it was asked', async () => {
    const assignments = await assignorOf('a', { draining: true }).assign([member('a'), member('b')])
    assert.deepEqual(toldTo(assignments, 'a'), { draining: false })
  })

  it('says that to drain is wanted in what a member tells the leader, and nothing else', () => {
    const told = (thread: Thread) => JSON.parse(String(member('a', thread).userData))
    assert.equal(told({ draining: true }).draining, true)
    assert.equal('draining' in told({}), false)
  })

  it('tells everybody to end, and why, where a member asks for it, which gets nothing', async () => {
    const members = [member('a'), member('b', { stopping: 'it failed' }), member('c')]
    for (const leader of ['a', 'b']) {
      const assignments = await assignorOf(leader).assign(members)
      for (const memberId of ['a', 'c']) {
        assert.deepEqual(toldTo(assignments, memberId), { draining: false, stopping: 'it failed' })
        assert.equal(assignments.get(memberId)!.partitions.length, 1)
      }
      assert.deepEqual(assignments.get('b'), { partitions: [], userData: null })
    }
    const alone = await assignorOf('b').assign([members[1]!])
    assert.deepEqual([...alone.values()], [{ partitions: [], userData: null }])
  })

  it('gives nothing to members of another topology, and does not drain because of them', async () => {
    const stranger = member('b', { fingerprint: 'def', draining: true })
    const assignments = await assignorOf('a').assign([member('a'), stranger])
    assert.deepEqual(toldTo(assignments, 'a'), { draining: false })
    assert.deepEqual(assignments.get('b')!.partitions, [])
    assert.throws(() => toldTo(assignments, 'b'), { code: 'TOPOLOGY_CHANGED' })
  })

  it('gives nothing to members that speak another version', async () => {
    const userData = Buffer.from(JSON.stringify({ version: 2, fingerprint: 'abc' }))
    const assignments = await assignorOf('a').assign([member('a'), { ...member('b'), userData }])
    assert.equal(assignments.get('a')!.partitions.length, 2)
    assert.throws(() => toldTo(assignments, 'b'), { code: 'INCOMPATIBLE_MEMBER' })
  })

  it('reads an assignment without user data as one that says nothing', () => {
    assert.deepEqual(instructionsOf(null), { draining: false })
  })
})
