import { BrokerConnection } from './broker-connection.js'
import type { ApiCall } from './broker-transport.js'
import { PendingRequest, type WriterPool } from './pending-request.js'
import {
  BrokerConnectionError,
  isUnreachable,
  RequestTimeoutError,
  TransportClosedError,
} from './transport-error.js'
import type { BrokerAddress, LinkOptions } from './transport-options.js'

type LinkState = 'down' | 'opening' | 'ready'

/**
 * The way to one broker on one channel: requests go out in the order in which they were made, over a connection
 * that is opened when first needed and opened anew after it broke.
 */
export class BrokerLink {
  private connection: BrokerConnection | undefined
  private state: LinkState = 'down'
  private closed = false
  private readonly waiting: PendingRequest[] = []
  private readonly inFlight = new Set<PendingRequest>()

  constructor(
    private readonly address: BrokerAddress,
    private readonly options: LinkOptions,
    private readonly writers: WriterPool,
  ) {}

  /** Resolves with the bytes of the response after its correlation id. */
  request(call: ApiCall<unknown>, timeoutMs: number): Promise<Buffer> {
    if (this.closed) return Promise.reject(new TransportClosedError())
    return new Promise((resolve, reject) => {
      const request = new PendingRequest(call, timeoutMs, this.writers, resolve, reject)
      this.waiting.push(request)
      this.startTimer(request)
      this.sendWaiting()
    })
  }

  close(): void {
    this.closed = true
    const error = new TransportClosedError()
    this.failWaiting(error)
    for (const request of this.inFlight) request.fail(error)
    this.inFlight.clear()
    this.connection?.abandon(new BrokerConnectionError('closed'))
  }

  private startTimer(request: PendingRequest): void {
    request.timer = setTimeout(() => this.judge(request), request.timeoutMs)
  }

  /**
   * A broker answers in order: as long as bytes arrive, the answer is still on its way, however slowly. After a
   * process was stopped, timers fire before sockets are read; so the verdict waits until they were read once more.
   */
  private judge(request: PendingRequest): void {
    setImmediate(() => {
      if (request.settled) return
      const heard = this.connection?.bytesRead ?? 0
      if (this.inFlight.has(request) && heard > request.heardBefore) {
        request.heardBefore = heard
        this.startTimer(request)
      } else this.expire(request)
    })
  }

  private expire(request: PendingRequest): void {
    const { host, port } = this.address
    const what = `${request.call.apiName} to broker ${host}:${port}`
    const error = new RequestTimeoutError(`${what}: no response within ${request.timeoutMs} ms`)
    const wasSent = this.inFlight.has(request)
    const at = this.waiting.indexOf(request)
    if (at >= 0) this.waiting.splice(at, 1)
    request.encodedBytesSent()
    request.fail(error)
    this.tellUnreachable(error)
    if (wasSent) this.connection?.abandon(new BrokerConnectionError(error.message, { cause: error }))
  }

  private sendWaiting(): void {
    if (this.waiting.length === 0 || this.state === 'opening') return
    const { connection } = this
    if (connection === undefined) {
      void this.open()
    } else if (connection.needsAuthentication) {
      // The broker takes nothing but the handshake while a session is renewed.
      if (this.inFlight.size === 0) void this.ready(connection, connection.renewSession())
    } else {
      for (const request of this.waiting.splice(0)) this.send(connection, request)
    }
  }

  private send(connection: BrokerConnection, request: PendingRequest): void {
    this.inFlight.add(request)
    request.heardBefore = connection.bytesRead
    request.onSettled = () => {
      this.inFlight.delete(request)
      this.sendWaiting()
    }
    connection.send(request)
  }

  private open(): Promise<void> {
    const connection = new BrokerConnection(this.address, this.options, (error) =>
      this.lose(connection, error),
    )
    this.connection = connection
    return this.ready(connection, connection.open())
  }

  private async ready(connection: BrokerConnection, preparation: Promise<void>): Promise<void> {
    this.state = 'opening'
    try {
      await preparation
      if (connection.lost !== undefined) throw connection.lost
      this.state = 'ready'
      this.sendWaiting()
    } catch (error) {
      this.drop()
      if (isUnreachable(error)) this.tellUnreachable(error)
      this.failWaiting(error)
    }
  }

  private lose(connection: BrokerConnection, error: BrokerConnectionError): void {
    if (this.connection !== connection) return
    const wasReady = this.state === 'ready'
    if (wasReady) this.drop()
    for (const request of this.inFlight) request.fail(error)
    if (wasReady) this.sendWaiting()
  }

  private tellUnreachable(error: Error): void {
    if (this.closed) return
    const { host, port } = this.address
    this.options.onUnreachable(`${host}:${port}`, error)
  }

  private drop(): void {
    this.connection = undefined
    this.state = 'down'
  }

  private failWaiting(error: unknown): void {
    for (const request of this.waiting.splice(0)) {
      request.encodedBytesSent()
      request.fail(error)
    }
  }
}
