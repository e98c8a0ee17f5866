import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { withholdOwned } from '../../../src/kafka/group/cooperative-withholding.js'
import type { AssignorMember, MemberAssignment } from '../../../src/kafka/group/group-assignor.js'

const at = (...partitions: number[]) => partitions.map((partition) => ({ topic: 't', partition }))

const member = (memberId: string, generation: number, ...owned: number[]): AssignorMember => ({
  memberId,
  groupInstanceId: null,
  topics: ['t'],
  ownedPartitions: at(...owned),
  generation,
  userData: null,
})

const wanted = (assignment: Record<string, number[]>): Map<string, MemberAssignment> =>
  new Map(Object.entries(assignment).map(([id, owned]) => [id, { partitions: at(...owned), userData: null }]))

const partitionsOf = (assignments: ReadonlyMap<string, MemberAssignment>): Record<string, number[]> =>
  Object.fromEntries([...assignments].map(([id, { partitions }]) => [id, partitions.map((p) => p.partition)]))

test('a partition that moves is given to nobody as long as it is owned', () => {
  const before = [member('a', 4, 0, 1), member('b', -1)]
  assert.deepEqual(partitionsOf(withholdOwned(before, wanted({ a: [0], b: [1] }))), { a: [0], b: [] })
  const after = [member('a', 5, 0), member('b', -1)]
  assert.deepEqual(partitionsOf(withholdOwned(after, wanted({ a: [0], b: [1] }))), { a: [0], b: [1] })
})

test('of two that claim a partition the later generation owns it', () => {
  const members = [member('a', 4, 0), member('b', 6, 0)]
  assert.deepEqual(partitionsOf(withholdOwned(members, wanted({ a: [0], b: [] }))), { a: [], b: [] })
  assert.deepEqual(partitionsOf(withholdOwned(members, wanted({ a: [], b: [0] }))), { a: [], b: [0] })
})

test('a member that the assignor forgot gets an empty assignment', () => {
  assert.deepEqual(partitionsOf(withholdOwned([member('a', -1)], new Map())), { a: [] })
})

test('user data is passed on', () => {
  const userData = Buffer.from('for a')
  const assignments = withholdOwned([member('a', -1)], new Map([['a', { partitions: [], userData }]]))
  assert.deepEqual(assignments.get('a')!.userData, userData)
})

test('whoever owns what: nothing passes from hand to hand, and after two rebalances all is where it should be', () => {
  const placement = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 8, maxLength: 8 })
  const grouped = (owners: readonly string[]) => {
    const groups: Record<string, number[]> = { a: [], b: [], c: [] }
    for (const [partition, owner] of owners.entries()) groups[owner]!.push(partition)
    return groups
  }
  fc.assert(
    fc.property(placement, placement, (from, to) => {
      const target = wanted(grouped(to))
      const before = Object.entries(grouped(from)).map(([id, owned]) => member(id, 1, ...owned))
      const first = partitionsOf(withholdOwned(before, target))
      for (const [id, partitions] of Object.entries(first)) {
        for (const partition of partitions) assert.equal(from[partition], id)
      }
      const between = Object.entries(first).map(([id, owned]) => member(id, 2, ...owned))
      assert.deepEqual(partitionsOf(withholdOwned(between, target)), grouped(to))
    }),
  )
})
