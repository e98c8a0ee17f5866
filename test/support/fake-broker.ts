import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { WireWriter } from '../../src/kafka/protocol/wire-writer.js'
import { API_KEY, FrameSplitter, parseRequest, type RequestFrame } from './kafka-frames.js'

/** A request as it arrived. */
export interface ArrivedRequest extends RequestFrame {
  readonly socket: Socket
  /** Answers with the bytes that follow the correlation id. */
  answer(payload: Uint8Array): void
}

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
    const frames = new FrameSplitter()
    socket.on('data', (data: Buffer) => {
      for (const frame of frames.push(data)) this.arrive(frame, socket)
    })
  }

  private arrive(frame: Buffer, socket: Socket): void {
    const parsed = parseRequest(frame)
    const { apiKey, correlationId } = parsed
    const answer = (payload: Uint8Array): void => {
      const header = Buffer.alloc(8)
      header.writeInt32BE(payload.length + 4, 0)
      header.writeInt32BE(correlationId, 4)
      socket.write(Buffer.concat([header, payload]))
    }
    const request = { ...parsed, socket, answer }
    this.requests.push(request)
    if (!this.onRequest(request) && apiKey === API_KEY.ApiVersions) answer(everyVersion())
  }
}
