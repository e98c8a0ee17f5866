import { connect, type Socket } from 'node:net'
import type { ISocketFactory } from 'kafkajs'
import Connection, { type EncodedBody, type KafkaJsLogger } from 'kafkajs/src/network/connection.js'
import createSocketFactory from 'kafkajs/src/network/socketFactory.js'
import { apiVersionsCall } from '../protocol/api-versions-call.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'
import { WireReader } from '../protocol/wire-reader.js'
import type { BrokerCapabilities } from './broker-transport.js'
import { CLIENT_NAME, CLIENT_VERSION } from './client-identity.js'
import { PendingRequest, WriterPool } from './pending-request.js'
import { ResponseReceiver } from './response-receiver.js'
import { AuthenticationError, BrokerConnectionError, UnsupportedVersionError } from './transport-error.js'
import type { BrokerAddress, LinkOptions } from './transport-options.js'

const CORRELATION_ID_BYTES = 4
const SASL_HANDSHAKE = 17
const SASL_AUTHENTICATE = 36

const openTlsSocket = createSocketFactory()

const READ_BYTES = 128 * 1024
const KEEP_ALIVE_MS = 60_000

/** Reads into one piece of memory, instead of a new one each time. TLS has no such option. */
const openPlainSocket: ISocketFactory = ({ host, port, onConnect }) => {
  const socket: Socket = connect(
    {
      host,
      port,
      onread: {
        buffer: Buffer.allocUnsafeSlow(READ_BYTES),
        callback: (bytes, buffer): boolean =>
          socket.emit('data', Buffer.from(buffer.buffer, buffer.byteOffset, bytes)),
      },
    },
    onConnect,
  )
  return socket.setKeepAlive(true, KEEP_ALIVE_MS)
}

const socketFactory: ISocketFactory = (options) => {
  const socket = options.ssl ? openTlsSocket(options) : openPlainSocket(options)
  // A request is one write: holding it back for the acknowledgement of the one before only costs time.
  socket.setNoDelay(true)
  return socket
}

/** How long before its end a SASL session is renewed. */
const RENEW_SESSION_BEFORE_MS = 3000
const NO_BYTES = Buffer.alloc(0)
const passOn = (payload: Buffer): Buffer => payload
const RAW_RESPONSE = { decode: passOn, parse: passOn }

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const isConnectionLoss = (error: unknown): boolean =>
  error instanceof Error && error.name.startsWith('KafkaJSConnection')

const isPermanent = (error: unknown): boolean =>
  error instanceof AuthenticationError || error instanceof KafkaProtocolError

/**
 * One socket to a broker, opened once and never reused after it broke: kafkajs would read the leftovers of the old
 * socket as the beginning of the new one's answers.
 */
export class BrokerConnection {
  readonly address: string
  private readonly connection: Connection
  private capabilities: BrokerCapabilities | undefined
  /** Why the socket is gone; undefined while it is not. */
  lost: BrokerConnectionError | undefined
  private readonly whenLost: Promise<never>
  private rejectWhenLost: (error: BrokerConnectionError) => void = () => {}

  constructor(
    { host, port }: BrokerAddress,
    private readonly options: LinkOptions,
    /** Called once, when the socket is gone for whatever reason. */
    private readonly onLost: (error: BrokerConnectionError) => void,
  ) {
    this.address = `${host}:${port}`
    this.whenLost = new Promise((_, reject) => {
      this.rejectWhenLost = reject
    })
    // Whoever waits for the socket hears of its loss; often nobody waits.
    this.whenLost.catch(() => {})
    this.connection = new Connection({
      host,
      port,
      logger: this.logger(),
      socketFactory,
      ssl: options.ssl,
      sasl: options.sasl,
      clientId: options.clientId,
      connectionTimeout: options.connectionTimeout,
      requestTimeout: options.requestTimeout,
      enforceRequestTimeout: false,
      reauthenticationThreshold: RENEW_SESSION_BEFORE_MS,
    })
    // kafkajs would wake up every millisecond for requests held back by throttling. Brokers of Kafka 2.0 and later
    // throttle by not reading from the socket, so nothing is ever held back on this side.
    this.connection.requestQueue.scheduleCheckPendingRequests = () => {}
    this.connection.requestQueue.maybeThrottle = () => {}
    this.receive()
  }

  /** Takes the putting together of responses over; that of SASL's handshake, which has a framing of its own, stays. */
  private receive(): void {
    const { connection } = this
    const processHandshake = connection.processData.bind(connection)
    const receiver = new ResponseReceiver((response) =>
      connection.requestQueue.fulfillRequest({
        size: response.length,
        correlationId: response.readInt32BE(0),
        payload: response.subarray(CORRELATION_ID_BYTES),
      }),
    )
    connection.processData = (piece) => {
      try {
        if (connection.authHandlers !== null) processHandshake(Buffer.from(piece))
        else receiver.push(piece)
      } catch (error) {
        this.abandon(this.failure(messageOf(error)))
      }
    }
  }

  /** Bytes that have arrived so far: a sign of life. */
  get bytesRead(): number {
    return this.connection.socket?.bytesRead ?? 0
  }

  /** Whether the SASL session must be renewed before the next request. */
  get needsAuthentication(): boolean {
    return this.options.sasl !== null && !this.connection.isAuthenticated()
  }

  /** Connects, learns what the broker supports, and authenticates where credentials are given. */
  open(): Promise<void> {
    return this.inTime(this.connect())
  }

  /** Renews the SASL session; no other request may be in flight (KIP-368). */
  renewSession(): Promise<void> {
    return this.inTime(this.authenticate())
  }

  /** The connection is of no use unless `steps` succeed, in time. */
  private async inTime(steps: Promise<void>): Promise<void> {
    const { connectionTimeout } = this.options
    const guard = setTimeout(
      () => this.abandon(this.failure(`not connected within ${connectionTimeout} ms`)),
      connectionTimeout,
    )
    try {
      await Promise.race([steps, this.whenLost])
    } catch (error) {
      this.abandon(this.failure(messageOf(error)))
      throw isPermanent(error) ? error : this.lost
    } finally {
      clearTimeout(guard)
    }
  }

  private async connect(): Promise<void> {
    const connected = this.connection.connect()
    this.connection.socket?.once('close', () => this.abandon(this.failure('the connection was closed')))
    await connected
    this.capabilities = await this.readCapabilities()
    if (this.options.sasl !== null) await this.authenticate()
  }

  private async authenticate(): Promise<void> {
    this.offerSaslVersions()
    try {
      await this.connection.authenticate()
    } catch (error) {
      throw isConnectionLoss(error) ? error : this.refusal(messageOf(error))
    }
    if (this.needsAuthentication) throw this.refusal('its sessions are too short to be renewed in time')
  }

  /** Sends a request and settles it with its answer; requests go out in the order of the calls. */
  send(request: PendingRequest): void {
    const { apiKey, apiName, apiVersion } = request.call
    const unsupported = this.unsupported(request)
    if (unsupported !== undefined) {
      request.encodedBytesSent()
      request.fail(unsupported)
      return
    }
    const encode = (): EncodedBody => ({
      buf: NO_BYTES,
      get buffer() {
        // kafkajs copies the bytes where it asks for them.
        queueMicrotask(() => request.encodedBytesSent())
        return request.encodedBytes
      },
    })
    this.connection
      .send({
        request: { apiKey, apiName, apiVersion, encode },
        response: RAW_RESPONSE,
        logResponseError: false,
      })
      .then(
        (payload) => request.succeed(payload),
        (error) => {
          request.encodedBytesSent()
          this.abandon(this.failure(messageOf(error)))
          request.fail(this.lost)
        },
      )
  }

  /** Closes the socket at once; what is in flight has an unknown outcome. */
  abandon(error: BrokerConnectionError): void {
    if (this.lost !== undefined) return
    this.lost = error
    this.connection.socket?.destroy(error)
    this.rejectWhenLost(error)
    this.onLost(error)
  }

  private async readCapabilities(): Promise<BrokerCapabilities> {
    const call = apiVersionsCall(CLIENT_NAME, CLIENT_VERSION)
    const payload = await new Promise<Buffer>((resolve, reject) =>
      this.send(new PendingRequest(call, 0, new WriterPool(), resolve, reject)),
    )
    return call.decode(new WireReader(payload))
  }

  private unsupported({ call }: PendingRequest): UnsupportedVersionError | undefined {
    if (this.capabilities === undefined) return undefined
    const range = this.capabilities.range(call.apiKey)
    if (range !== undefined && call.apiVersion >= range.min && call.apiVersion <= range.max) return undefined
    const offered = range === undefined ? 'does not offer it' : `offers ${range.min} to ${range.max}`
    return new UnsupportedVersionError(
      `${call.apiName} version ${call.apiVersion} is needed, the broker at ${this.address} ${offered}`,
    )
  }

  private offerSaslVersions(): void {
    const versions: Record<number, { minVersion: number; maxVersion: number }> = {}
    for (const apiKey of [SASL_HANDSHAKE, SASL_AUTHENTICATE]) {
      const range = this.capabilities?.range(apiKey)
      if (range !== undefined) versions[apiKey] = { minVersion: range.min, maxVersion: range.max }
    }
    this.connection.setVersions(versions)
    this.connection.setSupportAuthenticationProtocol(versions[SASL_AUTHENTICATE] !== undefined)
  }

  private refusal(reason: string): AuthenticationError {
    const mechanism = this.options.sasl?.mechanism
    return new AuthenticationError(
      `broker ${this.address} refused to authenticate with SASL ${mechanism}: ${reason}`,
    )
  }

  private failure(message: string): BrokerConnectionError {
    return new BrokerConnectionError(`broker ${this.address}: ${message}`)
  }

  private logger(): KafkaJsLogger {
    const log =
      (level: 'debug' | 'info' | 'warn' | 'error') =>
      (message: string): void => {
        // What follows from giving the socket up is no news.
        if (this.lost === undefined) this.options.onLog({ level, message, broker: this.address })
      }
    const logger: KafkaJsLogger = {
      namespace: () => logger,
      debug: log('debug'),
      info: log('info'),
      warn: log('warn'),
      error: log('error'),
    }
    return logger
  }
}
