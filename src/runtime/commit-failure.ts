import { causeOfClass } from '../errors/causes.js'
import { CommitFencedError } from '../kafka/group/commit-fenced-error.js'
import { NotAMemberError } from '../kafka/group/group-errors.js'
import { MessageTooLargeError, ProducerError, ProducerStateError } from '../kafka/producer/producer-errors.js'
import { authorizationFailure } from '../kafka/protocol/authorization-failure.js'
import { KafkaProtocolError } from '../kafka/protocol/kafka-protocol-error.js'
import { AuthenticationError, isUnreachable } from '../kafka/transport/transport-error.js'
import { SchemaPendingError } from '../serdes/schema-pending-error.js'

/**
 * Whether dropping what is not committed and going on from the broker's offsets can help. A broker that is away, a
 * lost generation or an aborted transaction pass, and a schema that is being fetched comes; a record that is too large
 * comes back, and a missing ACL or a password that has changed needs somebody.
 */
export function isRecoverable(failure: unknown): boolean {
  if (authorizationFailure(failure) !== undefined || causeOfClass(failure, AuthenticationError)) return false
  if (failure instanceof MessageTooLargeError || failure instanceof ProducerStateError) return false
  if (failure instanceof ProducerError || isFenced(failure)) return true
  if (causeOfClass(failure, SchemaPendingError) !== undefined) return true
  if (failure instanceof KafkaProtocolError) return failure.retriable
  return isUnreachable(failure)
}

/** Whether the group no longer knows us as the member that wanted to commit: joining again is due. */
export function isFenced(failure: unknown): boolean {
  return failure instanceof CommitFencedError || failure instanceof NotAMemberError
}
