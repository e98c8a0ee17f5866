import type { JoinedMember } from './api/join-group.js'
import { decodeSubscription, encodeAssignment } from './consumer-protocol.js'
import { withholdOwned } from './cooperative-withholding.js'
import type { AssignorMember, GroupAssignor } from './group-assignor.js'

/** The leader's part of a rebalance: the assignment of every member, as SyncGroup takes it. */
export async function assignAll(
  assignor: GroupAssignor,
  members: readonly JoinedMember[],
): Promise<Map<string, Buffer>> {
  const known = members.map(({ memberId, groupInstanceId, subscription }): AssignorMember => {
    return { memberId, groupInstanceId, ...decodeSubscription(subscription) }
  })
  known.sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
  const assignments = withholdOwned(known, await assignor.assign(known))
  return new Map([...assignments].map(([memberId, assignment]) => [memberId, encodeAssignment(assignment)]))
}
