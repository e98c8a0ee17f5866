import { CodedError } from '../../errors/coded-error.js'

/** Asked for the metadata of a generation while there is none: nothing can be committed now. */
export class NotAMemberError extends CodedError {
  override readonly name = 'NotAMemberError'

  constructor(groupId: string) {
    super(
      'NOT_A_MEMBER',
      `not a member of a generation of group ${groupId}: commits have to wait for afterSync`,
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
