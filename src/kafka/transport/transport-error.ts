/**
 * A connection could not be opened, or broke before the response arrived. The outcome of a request that was in
 * flight is unknown: the broker may have executed it.
 */
export class BrokerConnectionError extends Error {
  override readonly name = 'BrokerConnectionError'
}

/** No response arrived in time, nor any bytes. The outcome is unknown; the connection is given up, as later answers wait behind. */
export class RequestTimeoutError extends Error {
  override readonly name = 'RequestTimeoutError'
}

/** The broker refused the credentials, or does not offer the SASL mechanism. Trying again does not help. */
export class AuthenticationError extends Error {
  override readonly name = 'AuthenticationError'
}

/** The broker does not support an API version that the engine needs: it is too old, or far too new. */
export class UnsupportedVersionError extends Error {
  override readonly name = 'UnsupportedVersionError'
}

/** The transport was closed; requests that were in flight have an unknown outcome. */
export class TransportClosedError extends Error {
  override readonly name = 'TransportClosedError'

  constructor() {
    super('the transport to the Kafka cluster is closed')
  }
}

/** Whether `error` says that a node could not be reached, so that another attempt or node may answer. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof BrokerConnectionError || error instanceof RequestTimeoutError
