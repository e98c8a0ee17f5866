import { WireWriter } from '../protocol/wire-writer.js'
import type { ApiCall } from './broker-transport.js'

/** Writers above this size go back to the allocator instead of being kept. */
const KEPT_WRITER_BYTES = 4 * 1024 * 1024
const KEPT_WRITERS = 4

/** Lends writers to requests between their encoding and their sending. */
export class WriterPool {
  private readonly idle: WireWriter[] = []

  acquire(): WireWriter {
    return this.idle.pop() ?? new WireWriter()
  }

  release(writer: WireWriter): void {
    if (this.idle.length >= KEPT_WRITERS || writer.buffer.length > KEPT_WRITER_BYTES) return
    writer.reset()
    this.idle.push(writer)
  }
}

type Settle<T> = (outcome: T) => void

/** A request from its encoding to its outcome; it is settled once, whatever is reported afterwards. */
export class PendingRequest {
  settled = false
  timer: NodeJS.Timeout | undefined
  /** How many bytes had arrived on the connection when it was sent, or last judged. */
  heardBefore = 0
  /** Told once when the outcome is there. */
  onSettled: (() => void) | undefined
  private writer: WireWriter | undefined

  constructor(
    readonly call: ApiCall<unknown>,
    readonly timeoutMs: number,
    private readonly writers: WriterPool,
    private readonly resolve: Settle<Buffer>,
    private readonly reject: Settle<unknown>,
  ) {
    // Encoded here and now: what the caller reuses afterwards is of no concern to the request.
    this.writer = writers.acquire()
    if (call.flexible) this.writer.writeNoTaggedFields()
    call.encode(this.writer)
  }

  /** The encoded body, until `encodedBytesSent`. */
  get encodedBytes(): Buffer {
    if (this.writer === undefined) throw new Error(`${this.call.apiName} was sent already`)
    return this.writer.view()
  }

  /** Gives the writer back: kafkajs has copied the bytes. */
  encodedBytesSent(): void {
    if (this.writer !== undefined) this.writers.release(this.writer)
    this.writer = undefined
  }

  succeed(payload: Buffer): void {
    if (this.settle()) this.resolve(payload)
  }

  fail(error: unknown): void {
    if (this.settle()) this.reject(error)
  }

  private settle(): boolean {
    if (this.settled) return false
    this.settled = true
    clearTimeout(this.timer)
    this.onSettled?.()
    return true
  }
}
