import { causesOf } from '../../errors/causes.js'
import { ErrorCode } from './error-codes.js'
import { KafkaProtocolError } from './kafka-protocol-error.js'

const REFUSED: ReadonlySet<number> = new Set<number>([
  ErrorCode.TOPIC_AUTHORIZATION_FAILED,
  ErrorCode.GROUP_AUTHORIZATION_FAILED,
  ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
  ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
])

/** The answer of a broker that an ACL is missing, if that is what an error comes from. Trying again does not help. */
export function authorizationFailure(error: unknown): KafkaProtocolError | undefined {
  for (const each of causesOf(error)) {
    if (each instanceof KafkaProtocolError && REFUSED.has(each.code)) return each
  }
  return undefined
}
