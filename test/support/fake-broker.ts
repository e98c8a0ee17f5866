import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { WireReader } from '../../src/kafka/protocol/wire-reader.js'
import { WireWriter } from '../../src/kafka/protocol/wire-writer.js'

/** A request as it arrived. */
export interface ArrivedRequest {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  /** What follows the client id. */
  readonly body: Buffer
  readonly socket: Socket
  /** Answers with the bytes that follow the correlation id. */
  answer(payload: Uint8Array): void
}

const API_VERSIONS = 18

/** An ApiVersions v3 answer that offers every version of every API. */
export const everyVersion = (): Buffer => {
  const writer = new WireWriter()
  writer.writeInt16(0)
  const keys = Array.from({ length: 80 }, (_, key) => key)
  writer.writeCompactArray(keys, (key) => {
    writer.writeInt16(key)
    writer.writeInt16(0)
    writer.writeInt16(99)
    writer.writeNoTaggedFields()
  })
  writer.writeInt32(0)
  writer.writeNoTaggedFields()
  return writer.copy()
}

/**
 * Something on a port that speaks Kafka's framing, for what a real broker does not do on demand: answer late, in
 * pieces or not at all, hang up, answer nonsense. ApiVersions is answered unless `onRequest` takes it.
 */
export class FakeBroker implements AsyncDisposable {
  readonly requests: ArrivedRequest[] = []
  readonly sockets = new Set<Socket>()
  connections = 0
  /** Gives true for a request that it takes care of. */
  onRequest: (request: ArrivedRequest) => boolean = () => false

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeBroker> {
    const server = createServer()
    const broker = new FakeBroker(server)
    server.on('connection', (socket) => broker.serve(socket))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return broker
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  get address(): string {
    return `127.0.0.1:${this.port}`
  }

  /** Ends all connections, as a broker that dies does. */
  hangUp(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.hangUp()
    this.server.close()
    await once(this.server, 'close')
  }

  private serve(socket: Socket): void {
    this.connections++
    this.sockets.add(socket)
    socket.on('close', () => this.sockets.delete(socket))
    socket.on('error', () => {})
    let received = Buffer.alloc(0)
    socket.on('data', (data) => {
      received = Buffer.concat([received, data])
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const size = received.readInt32BE(0)
        const frame = received.subarray(4, 4 + size)
        received = received.subarray(4 + size)
        this.arrive(frame, socket)
      }
    })
  }

  private arrive(frame: Buffer, socket: Socket): void {
    const reader = new WireReader(frame)
    const apiKey = reader.readInt16()
    const apiVersion = reader.readInt16()
    const correlationId = reader.readInt32()
    const clientId = reader.readString()
    const body = frame.subarray(reader.position)
    const answer = (payload: Uint8Array): void => {
      const header = Buffer.alloc(8)
      header.writeInt32BE(payload.length + 4, 0)
      header.writeInt32BE(correlationId, 4)
      socket.write(Buffer.concat([header, payload]))
    }
    const request = { apiKey, apiVersion, correlationId, clientId, body, socket, answer }
    this.requests.push(request)
    if (!this.onRequest(request) && apiKey === API_VERSIONS) answer(everyVersion())
  }
}
