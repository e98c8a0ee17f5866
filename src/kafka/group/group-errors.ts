import { CodedError } from '../../errors/coded-error.js'

/** Asked for the metadata of a generation while there is none: the group rebalances, or has lost the member. */
export class NotAMemberError extends CodedError {
  override readonly name = 'NotAMemberError'

  constructor(groupId: string) {
    super(
      'NOT_A_MEMBER',
      `not a member of a generation of group ${groupId}: nothing can be committed until the next rebalance is complete`,
    )
  }
}

/** The group has gone on without this member, and given its partitions to others. */
export class MembershipLostError extends CodedError {
  override readonly name = 'MembershipLostError'

  constructor(groupId: string, why: string, cause?: Error) {
    super(
      'MEMBERSHIP_LOST',
      `group ${groupId} gives the partitions of this member to others: ${why}; what was not committed is dropped ` +
        'here and done again there, and the member joins again',
      { cause },
    )
  }
}

/** The coordinator will not have this member, or a callback of its owner threw. */
export class MembershipError extends CodedError {
  override readonly name = 'MembershipError'

  constructor(groupId: string, cause: Error) {
    super('MEMBERSHIP_ENDED', `membership in group ${groupId} ended: ${cause.message}`, { cause })
  }
}
