import { ByteWriter } from '../serdes/byte-writer.js'

/** Beyond this a reused batch gives its memory back. */
const KEPT_BYTES = 4 * 1024 * 1024

/**
 * Changes to a database that happen together or not at all, in the order they were added.
 *
 * All bytes lie in one buffer, written in place by whoever makes the batch: an operation is a key slice and a
 * value slice of it.
 */
export class WriteBatch {
  /** Where keys and values are written, before `put` or `del` names their slices. */
  bytes = new ByteWriter(4096)
  /** Four numbers an operation: start and end of the key, start and end of the value (end -1: none, deleted). */
  private readonly slices: number[] = []

  /** Number of operations. */
  get length(): number {
    return this.slices.length / 4
  }

  /** Sets a key: both slices are of what was written to `bytes`. */
  put(keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void {
    this.slices.push(keyStart, keyEnd, valueStart, valueEnd)
  }

  /** Deletes a key. */
  del(keyStart: number, keyEnd: number): void {
    this.slices.push(keyStart, keyEnd, 0, -1)
  }

  /** Copies a key and a value in and sets them; undefined deletes. */
  add(key: Uint8Array, value: Uint8Array | undefined): void {
    const { bytes } = this
    const keyStart = bytes.position
    bytes.writeBytes(key)
    const keyEnd = bytes.position
    if (value === undefined) {
      this.del(keyStart, keyEnd)
      return
    }
    bytes.writeBytes(value)
    this.put(keyStart, keyEnd, keyEnd, bytes.position)
  }

  /** Keys and values in the order they were added; undefined: the key is deleted. They are copies. */
  *operations(): IterableIterator<[key: Buffer, value: Buffer | undefined]> {
    const { buffer } = this.bytes
    for (let operation = 0; operation < this.length; operation++) {
      const key = Buffer.from(buffer.subarray(this.keyStart(operation), this.keyEnd(operation)))
      const end = this.valueEnd(operation)
      yield [key, end < 0 ? undefined : Buffer.from(buffer.subarray(this.valueStart(operation), end))]
    }
  }

  keyStart(operation: number): number {
    return this.slices[operation * 4]!
  }

  keyEnd(operation: number): number {
    return this.slices[operation * 4 + 1]!
  }

  valueStart(operation: number): number {
    return this.slices[operation * 4 + 2]!
  }

  /** -1: the operation deletes. */
  valueEnd(operation: number): number {
    return this.slices[operation * 4 + 3]!
  }

  /** Empties the batch for another use. */
  clear(): void {
    this.slices.length = 0
    this.bytes.reset()
    if (this.bytes.buffer.length > KEPT_BYTES) this.bytes = new ByteWriter(KEPT_BYTES)
  }
}
