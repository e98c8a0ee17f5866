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

/** Whether joining again, as somebody new, helps; a static member whose instance id another one took stays out. */
export const isMembershipLost = (error: unknown): error is KafkaProtocolError =>
  isMemberFenced(error) && error.code !== ErrorCode.FENCED_INSTANCE_ID

/** Whether the coordinator has gone on to another generation; we may be a member of that one. */
export const isGenerationOver = (error: unknown): boolean =>
  error instanceof KafkaProtocolError && error.code === ErrorCode.ILLEGAL_GENERATION
