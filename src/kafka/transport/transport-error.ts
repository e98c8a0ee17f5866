import { CodedError } from '../../errors/coded-error.js'

/**
 * A connection could not be opened, or broke before the response arrived. The outcome of a request that was in
 * flight is unknown: the broker may have executed it.
 */
export class BrokerConnectionError extends CodedError {
  override readonly name = 'BrokerConnectionError'

  constructor(message: string, options?: ErrorOptions) {
    super('BROKER_UNREACHABLE', message, options)
  }
}

/** No response arrived in time, nor any bytes. The outcome is unknown; the connection is given up, as later answers wait behind. */
export class RequestTimeoutError extends CodedError {
  override readonly name = 'RequestTimeoutError'

  constructor(message: string, options?: ErrorOptions) {
    super('REQUEST_TIMEOUT', message, options)
  }
}

/** The broker refused the credentials, or does not offer the SASL mechanism. Trying again does not help. */
export class AuthenticationError extends CodedError {
  override readonly name = 'AuthenticationError'

  constructor(message: string, options?: ErrorOptions) {
    super('AUTHENTICATION', message, options)
  }
}

/** The broker does not support an API version that the engine needs: it is too old, or far too new. */
export class UnsupportedVersionError extends CodedError {
  override readonly name = 'UnsupportedVersionError'

  constructor(message: string, options?: ErrorOptions) {
    super('UNSUPPORTED_BROKER', message, options)
  }
}

/** The transport was closed; requests that were in flight have an unknown outcome. */
export class TransportClosedError extends CodedError {
  override readonly name = 'TransportClosedError'

  constructor() {
    super('TRANSPORT_CLOSED', 'the transport to the Kafka cluster is closed')
  }
}

/** Whether `error` says that a node could not be reached, so that another attempt or node may answer. */
export const isUnreachable = (error: unknown): error is BrokerConnectionError | RequestTimeoutError =>
  error instanceof BrokerConnectionError || error instanceof RequestTimeoutError
