import { BrokerConnectionError } from './transport-error.js'

const SIZE_BYTES = 4
/** Responses from this size on are put together in memory that is used again. */
const LARGE = 64 * 1024
/** Larger memory goes back to the allocator. */
const MOST_KEPT = 16 * 1024 * 1024
/** No broker sends more; a size beyond it is no size. */
const MOST_BYTES = 1024 * 1024 * 1024

/**
 * Puts the responses of one connection together from the pieces that its socket gives, each piece copied once. A
 * large response lies in memory that the next one overwrites: it is valid until control returns to the event loop.
 * Fresh memory for each would cost a collection every few responses, since it counts for the heap's limits.
 */
export class ResponseReceiver {
  private readonly size = Buffer.alloc(SIZE_BYTES)
  private sizeFilled = 0
  private response: Buffer | undefined
  private filled = 0
  private reusable: Buffer | undefined

  /** @param deliver takes the bytes of a response behind its size */
  constructor(private readonly deliver: (response: Buffer) => void) {}

  /** Takes what has arrived; it may be used again afterwards. Throws where it is no sequence of responses. */
  push(piece: Buffer): void {
    let at = 0
    let reusable = true
    while (at < piece.length) {
      if (this.response === undefined) {
        at += this.takeSize(piece, at)
        if (this.sizeFilled === SIZE_BYTES) this.begin(reusable)
        continue
      }
      const copied = piece.copy(this.response, this.filled, at)
      this.filled += copied
      at += copied
      if (this.filled < this.response.length) return
      // Whoever the response is for reads it when this piece is done with.
      reusable = false
      const { response } = this
      this.response = undefined
      this.sizeFilled = 0
      this.deliver(response)
    }
  }

  private takeSize(piece: Buffer, at: number): number {
    const copied = piece.copy(this.size, this.sizeFilled, at)
    this.sizeFilled += copied
    return copied
  }

  private begin(reusable: boolean): void {
    const bytes = this.size.readInt32BE(0)
    if (bytes < SIZE_BYTES || bytes > MOST_BYTES) {
      throw new BrokerConnectionError(`a response of ${bytes} bytes was announced`)
    }
    this.filled = 0
    const fresh = bytes < LARGE || bytes > MOST_KEPT || !reusable
    this.response = fresh ? Buffer.allocUnsafeSlow(bytes) : this.reused(bytes)
  }

  private reused(bytes: number): Buffer {
    if (this.reusable === undefined || this.reusable.length < bytes) {
      this.reusable = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(bytes)))
    }
    return this.reusable.subarray(0, bytes)
  }
}
