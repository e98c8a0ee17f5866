/** Asked for the metadata of a generation while there is none: nothing can be committed now. */
export class NotAMemberError extends Error {
  override readonly name = 'NotAMemberError'

  constructor(groupId: string) {
    super(`not a member of a generation of group ${groupId}: commits have to wait for afterSync`)
  }
}

/** The coordinator will not have this member, or a callback of its owner threw. */
export class MembershipError extends Error {
  override readonly name = 'MembershipError'

  constructor(groupId: string, cause: Error) {
    super(`membership in group ${groupId} ended: ${cause.message}`, { cause })
  }
}
