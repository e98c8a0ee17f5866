/** Smaller chunks get memory of their own. */
const SMALLEST = 16 * 1024
const ROUNDED_TO = 64 * 1024
/** Memory more than so many times too large is left for larger chunks. */
const MOST_WASTE = 4

/**
 * Memory of fetched chunks, used again when they are read: fresh memory for each would count for the heap's limits
 * and cost a collection every few chunks.
 */
export class ChunkMemory {
  private readonly idle: Buffer[] = []
  private idleBytes = 0

  /** @param maxIdleBytes beyond it memory goes back to the allocator */
  constructor(private readonly maxIdleBytes: number) {}

  /** A buffer of at least so many bytes. */
  take(bytes: number): Buffer {
    if (bytes < SMALLEST) return Buffer.allocUnsafeSlow(bytes)
    const at = this.idle.findIndex(({ length }) => length >= bytes && length <= bytes * MOST_WASTE)
    if (at < 0) return Buffer.allocUnsafeSlow(Math.ceil(bytes / ROUNDED_TO) * ROUNDED_TO)
    const [found] = this.idle.splice(at, 1)
    this.idleBytes -= found!.length
    return found!
  }

  /** Takes back what `take` gave: nobody reads it any more. */
  give(buffer: Buffer): void {
    if (buffer.length < SMALLEST || this.idleBytes + buffer.length > this.maxIdleBytes) return
    this.idle.push(buffer)
    this.idleBytes += buffer.length
  }
}
