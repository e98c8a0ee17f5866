import { CodedError } from '../../errors/coded-error.js'

/** Thrown when a response does not have the shape that its API version promises. */
export class MalformedResponseError extends CodedError {
  override readonly name = 'MalformedResponseError'

  constructor(message: string, options?: ErrorOptions) {
    super('MALFORMED_RESPONSE', message, options)
  }
}

/** Kafka's protocol primitives, read from a response. Every read checks its bounds: malformed bytes give an error. */
export class WireReader {
  position: number

  constructor(
    readonly buffer: Buffer,
    start = 0,
    readonly end = buffer.length,
  ) {
    this.position = start
  }

  get remaining(): number {
    return this.end - this.position
  }

  private take(bytes: number): number {
    const at = this.position
    if (bytes < 0 || at + bytes > this.end) {
      throw new MalformedResponseError(`${bytes} bytes expected at ${at}, ${this.end - at} left`)
    }
    this.position = at + bytes
    return at
  }

  readBoolean(): boolean {
    return this.readInt8() !== 0
  }

  readInt8(): number {
    return this.buffer.readInt8(this.take(1))
  }

  readInt16(): number {
    return this.buffer.readInt16BE(this.take(2))
  }

  readInt32(): number {
    return this.buffer.readInt32BE(this.take(4))
  }

  /** An int64 as a number; exact for every offset and timestamp below 2^53. */
  readInt64(): number {
    const at = this.take(8)
    return this.buffer.readInt32BE(at) * 0x1_0000_0000 + this.buffer.readUInt32BE(at + 4)
  }

  readUnsignedVarint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.buffer[this.take(1)]!
      value |= (byte & 0x7f) << shift
      if ((byte & 0x80) === 0) return value >>> 0
    }
    throw new MalformedResponseError(`varint longer than 5 bytes at ${this.position}`)
  }

  readString(): string | null {
    const length = this.readInt16()
    return length < 0 ? null : this.text(length)
  }

  readCompactString(): string | null {
    const length = this.readUnsignedVarint()
    return length === 0 ? null : this.text(length - 1)
  }

  private text(length: number): string {
    const at = this.take(length)
    return this.buffer.toString('utf8', at, at + length)
  }

  /** A copy: the memory of a response is used again. */
  readByteArray(): Buffer | null {
    const length = this.readInt32()
    return length < 0 ? null : this.bytes(length)
  }

  /** A copy: the memory of a response is used again. */
  readCompactByteArray(): Buffer | null {
    const length = this.readUnsignedVarint()
    return length === 0 ? null : this.bytes(length - 1)
  }

  /** Passes over a byte array and gives its length, -1 for null: it ends at the position. */
  skipCompactByteArray(): number {
    const length = this.readUnsignedVarint() - 1
    if (length > 0) this.take(length)
    return length
  }

  private bytes(length: number): Buffer {
    const at = this.take(length)
    return Buffer.from(this.buffer.subarray(at, at + length))
  }

  readArray<T>(read: () => T): T[] {
    return this.items(this.readInt32(), read)
  }

  readCompactArray<T>(read: () => T): T[] {
    return this.items(this.readUnsignedVarint() - 1, read)
  }

  private items<T>(count: number, read: () => T): T[] {
    if (count > this.remaining)
      throw new MalformedResponseError(`array of ${count} items in ${this.remaining} bytes`)
    const items: T[] = []
    for (let index = 0; index < count; index++) items.push(read())
    return items
  }

  readUuid(): string {
    return this.bytes(16).toString('hex')
  }

  skip(bytes: number): void {
    this.take(bytes)
  }

  skipTaggedFields(): void {
    const count = this.readUnsignedVarint()
    for (let index = 0; index < count; index++) {
      this.readUnsignedVarint()
      this.take(this.readUnsignedVarint())
    }
  }
}
