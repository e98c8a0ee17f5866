import { topicPartitionKey } from '../topic-partition.js'
import type { Assignments, AssignorMember, MemberAssignment } from './group-assignor.js'

/**
 * Makes any assignment cooperative (KIP-429): a partition that goes to another member is withheld while its present
 * owner still has it. The owner sees that it is not assigned to it any more, gives it up and rejoins; that rebalance
 * hands it on. Where several claim to own it, the latest generation is believed.
 */
export function withholdOwned(
  members: readonly AssignorMember[],
  wanted: Assignments,
): Map<string, MemberAssignment> {
  const owners = ownersOf(members)
  const result = new Map<string, MemberAssignment>()
  for (const { memberId } of members) {
    const { partitions, userData } = wanted.get(memberId) ?? { partitions: [], userData: null }
    const free = partitions.filter(({ topic, partition }) => {
      const owner = owners.get(topicPartitionKey(topic, partition))
      return owner === undefined || owner.memberId === memberId
    })
    result.set(memberId, { partitions: free, userData })
  }
  return result
}

function ownersOf(members: readonly AssignorMember[]): Map<string, AssignorMember> {
  const owners = new Map<string, AssignorMember>()
  for (const member of members) {
    for (const { topic, partition } of member.ownedPartitions) {
      const key = topicPartitionKey(topic, partition)
      const other = owners.get(key)
      if (other === undefined || other.generation < member.generation) owners.set(key, member)
    }
  }
  return owners
}
