import { causeOfClass } from '../errors/causes.js'
import { CodedError } from '../errors/coded-error.js'
import { MembershipError } from '../kafka/group/group-errors.js'
import { authorizationFailure } from '../kafka/protocol/authorization-failure.js'
import { KafkaProtocolError } from '../kafka/protocol/kafka-protocol-error.js'
import { AuthenticationError } from '../kafka/transport/transport-error.js'
import { StreamsError } from './streams-error.js'

/** The broker does not let the application do what it has to: an ACL is missing. */
export class NotAuthorizedError extends StreamsError {
  override readonly name = 'NotAuthorizedError'

  constructor(failure: KafkaProtocolError) {
    const what = `${failure.api}${describe(failure)}`
    super(
      'NOT_AUTHORIZED',
      `the broker does not authorize ${what} (${failure.type}): ` +
        'grant the ACL to the user of option sasl (or of the client certificate of option ssl)',
      { cause: failure },
    )
  }
}

const describe = ({ context }: KafkaProtocolError): string =>
  Object.entries(context)
    .map(([kind, value]) => ` ${kind} ${value}`)
    .join(',')

/** The broker answered with an error that the application cannot go on from. */
export class BrokerRefusalError extends StreamsError {
  override readonly name = 'BrokerRefusalError'

  constructor(failure: KafkaProtocolError) {
    super('BROKER_REFUSAL', `the broker refused ${failure.message}`, { cause: failure })
  }
}

/** Nothing that the runtime knows of: most likely a defect in it. */
export class UnexpectedError extends StreamsError {
  override readonly name = 'UnexpectedError'

  constructor(cause: unknown) {
    super('UNEXPECTED', `unexpected: ${textOf(cause)}`, { cause })
  }
}

/** What was thrown, in words: it may be an object that has none. */
function textOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown)
  } catch {
    return `${typeof thrown} without text`
  }
}

/** An error as the user gets it: with a code, and as what is at fault rather than what went wrong because of it. */
export function userError(error: unknown): CodedError {
  const unauthorized = authorizationFailure(error)
  if (unauthorized !== undefined && !(error instanceof StreamsError))
    return new NotAuthorizedError(unauthorized)
  const unauthenticated = causeOfClass(error, AuthenticationError)
  if (unauthenticated !== undefined) return unauthenticated
  if (error instanceof MembershipError && error.cause !== undefined) return userError(error.cause)
  if (error instanceof CodedError) return error
  return error instanceof KafkaProtocolError ? new BrokerRefusalError(error) : new UnexpectedError(error)
}
