import { ErrorCode } from '../protocol/error-codes.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'

const FENCED: ReadonlySet<number> = new Set<number>([
  ErrorCode.UNKNOWN_MEMBER_ID,
  ErrorCode.ILLEGAL_GENERATION,
  ErrorCode.FENCED_INSTANCE_ID,
])

/** Whether the coordinator says that we are not, or no longer, the member that we were. */
export const isMemberFenced = (error: unknown): error is KafkaProtocolError =>
  error instanceof KafkaProtocolError && FENCED.has(error.code)
