/** The parts of kafkajs 2.2.4 (pinned exactly) that the transport uses and that kafkajs has no types for. */

declare module 'kafkajs/src/network/socketFactory.js' {
  import type { ISocketFactory } from 'kafkajs'
  export default function socketFactory(): ISocketFactory
}

declare module 'kafkajs/src/network/connection.js' {
  import type { Socket } from 'node:net'
  import type { ConnectionOptions as TlsOptions } from 'node:tls'
  import type { ISocketFactory, SASLOptions } from 'kafkajs'

  export interface KafkaJsLogger {
    namespace(name: string): KafkaJsLogger
    debug(message: string, extra?: object): void
    info(message: string, extra?: object): void
    warn(message: string, extra?: object): void
    error(message: string, extra?: object): void
  }

  /** `buf` is looked at to tell an encoder; `buffer` is what is sent. */
  export interface EncodedBody {
    readonly buf: Buffer
    readonly buffer: Buffer
  }

  export interface KafkaJsRequest {
    request: {
      apiKey: number
      apiName: string
      apiVersion: number
      encode(): EncodedBody
    }
    response: {
      decode(payload: Buffer): Buffer
      parse(decoded: Buffer): Buffer
    }
    logResponseError: boolean
  }

  export interface KafkaJsRequestQueue {
    scheduleCheckPendingRequests(): void
    maybeThrottle(milliseconds: number | null): void
    fulfillRequest(response: { size: number; correlationId: number; payload: Buffer }): void
  }

  export default class Connection {
    constructor(options: {
      host: string
      port: number
      logger: KafkaJsLogger
      socketFactory: ISocketFactory
      ssl: TlsOptions | null
      sasl: SASLOptions | null
      clientId: string
      connectionTimeout: number
      requestTimeout: number
      enforceRequestTimeout: boolean
      reauthenticationThreshold: number
    })
    readonly requestQueue: KafkaJsRequestQueue
    /** Set while SASL without Kafka's framing is under way. */
    readonly authHandlers: object | null
    processData(data: Buffer): void
    /** Set by `connect`. */
    socket?: Socket
    connect(): Promise<unknown>
    authenticate(): Promise<void>
    /** Whether a SASL session is established and not about to expire. */
    isAuthenticated(): boolean
    setVersions(versions: Record<number, { minVersion: number; maxVersion: number }>): void
    setSupportAuthenticationProtocol(supported: boolean): void
    /** Sends in the order of the calls and resolves with the response after its correlation id. */
    send(request: KafkaJsRequest): Promise<Buffer>
  }
}
