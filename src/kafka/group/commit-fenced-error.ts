import { CodedError } from '../../errors/coded-error.js'
import type { GroupMetadata } from './group-metadata.js'

/**
 * Offsets were refused because the member or its generation is no longer the group's (KIP-447): its partitions may
 * belong to another member now. Whatever was to be committed with them has to be dropped.
 */
export class CommitFencedError extends CodedError {
  override readonly name = 'CommitFencedError'

  constructor(
    readonly group: GroupMetadata,
    options: ErrorOptions & { readonly cause: Error },
  ) {
    super(
      'COMMIT_FENCED',
      `offsets of group ${group.groupId} refused for member '${group.memberId}' ` +
        `in generation ${group.generationId}: ${options.cause.message}`,
      options,
    )
  }
}
