import { CommitFencedError } from '../group/commit-fenced-error.js'
import type { GroupMetadata } from '../group/group-metadata.js'
import { isMemberFenced } from '../group/member-fencing.js'
import { ErrorCode } from '../protocol/error-codes.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'
import {
  AbortableTransactionError,
  CommitRefusedError,
  ProducerError,
  ProducerFencedError,
} from './producer-errors.js'

/** What the error of a send means. */
export function operationError(error: unknown): Error {
  if (error instanceof ProducerError) return error
  const cause = error as Error
  return isFenced(cause)
    ? new ProducerFencedError(cause.message, { cause })
    : new AbortableTransactionError(`the transaction has to be aborted: ${cause.message}`, { cause })
}

/** What the error of TxnOffsetCommit means. */
export function offsetsError(error: unknown, group: GroupMetadata): Error {
  return isMemberFenced(error) ? new CommitFencedError(group, { cause: error }) : operationError(error)
}

/** What the error of EndTxn(commit) means; it is not one of those that leave the outcome unknown. */
export function commitError(error: unknown): { state: 'must-abort' | 'fatal'; failure: Error } {
  const cause = error as Error
  if (cause instanceof KafkaProtocolError && cause.code === ErrorCode.TRANSACTION_ABORTABLE) {
    return { state: 'must-abort', failure: operationError(cause) }
  }
  if (cause instanceof ProducerError) return { state: 'fatal', failure: cause }
  const failure = isFenced(cause)
    ? new ProducerFencedError(cause.message, { cause })
    : new CommitRefusedError(`the commit was refused, its outcome is unknown: ${cause.message}`, { cause })
  return { state: 'fatal', failure }
}

/** What the error of an abort or of InitProducerId means. */
export function abortError(error: unknown): Error {
  const cause = error as Error
  return isFenced(cause) ? new ProducerFencedError(cause.message, { cause }) : cause
}

function isFenced(error: unknown): boolean {
  if (!(error instanceof KafkaProtocolError)) return false
  return error.code === ErrorCode.INVALID_PRODUCER_EPOCH || error.code === ErrorCode.PRODUCER_FENCED
}
