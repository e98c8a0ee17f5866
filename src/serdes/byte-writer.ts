/** Up to here a loop is faster than a call into the runtime (measured). */
const MAX_BYTES_IN_LOOP = 48
const MAX_CHARS_IN_LOOP = 20

interface FastWrites {
  utf8Write?(text: string, at: number): number
}

/** Node's own write, where it is there: `write` reaches the same code by way of checks of its arguments. */
const writeUtf8: (target: Buffer, text: string, at: number) => number =
  typeof (Buffer.prototype as FastWrites).utf8Write === 'function'
    ? (target, text, at) => (target as Buffer & Required<FastWrites>).utf8Write(text, at)
    : (target, text, at) => target.write(text, at, 'utf8')

/**
 * A growable byte buffer with a write position: the one place where serdes and the wire codec put bytes.
 *
 * The buffer is reused between records (`reset`), so whoever keeps written bytes copies them.
 */
export class ByteWriter {
  buffer: Buffer
  position = 0

  constructor(initialCapacity = 1024) {
    this.buffer = Buffer.allocUnsafeSlow(initialCapacity)
  }

  /** Makes room for `bytes` more bytes at the position. */
  ensure(bytes: number): void {
    const needed = this.position + bytes
    if (needed > this.buffer.length) this.grow(needed)
  }

  private grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2))
    this.buffer.copy(larger, 0, 0, this.position)
    this.buffer = larger
  }

  /** Forgets what was written; the memory stays. */
  reset(): void {
    this.position = 0
  }

  /** A view of the written bytes, valid until the next write or reset. */
  view(): Buffer {
    return this.buffer.subarray(0, this.position)
  }

  /** A copy of the written bytes. */
  copy(): Buffer {
    return Buffer.from(this.view())
  }

  writeInt8(value: number): void {
    this.ensure(1)
    this.buffer[this.position++] = value & 0xff
  }

  writeInt16(value: number): void {
    this.ensure(2)
    const { buffer } = this
    buffer[this.position++] = (value >>> 8) & 0xff
    buffer[this.position++] = value & 0xff
  }

  writeInt32(value: number): void {
    this.ensure(4)
    const { buffer } = this
    buffer[this.position++] = value >>> 24
    buffer[this.position++] = (value >>> 16) & 0xff
    buffer[this.position++] = (value >>> 8) & 0xff
    buffer[this.position++] = value & 0xff
  }

  /** Writes a safe integer as 8 bytes, big-endian, two's complement. */
  writeInt64(value: number): void {
    const high = Math.floor(value / 0x1_0000_0000)
    this.writeInt32(high)
    this.writeInt32(value - high * 0x1_0000_0000)
  }

  /** A double. Every NaN is written alike: one that was read elsewhere may carry other bits. */
  writeFloat64(value: number): void {
    this.ensure(8)
    this.position = this.buffer.writeDoubleBE(Number.isNaN(value) ? Number.NaN : value, this.position)
  }

  /** Writes a zigzag varint (Kafka's record format) of a 32-bit integer. */
  writeVarint(value: number): void {
    this.writeUnsignedVarint((value << 1) ^ (value >> 31))
  }

  /** Writes a zigzag varlong of a safe integer. */
  writeVarlong(value: number): void {
    if (value >= -0x4000_0000 && value < 0x4000_0000) {
      this.writeVarint(value)
      return
    }
    // The sign goes to the lower 28 bits, which are four bytes: doubled before, a number of 53 bits would be rounded.
    const sign = value < 0 ? 1 : 0
    const magnitude = sign === 1 ? -value - 1 : value
    const upper = Math.floor(magnitude / 0x800_0000)
    const lower = ((magnitude - upper * 0x800_0000) << 1) | sign
    this.ensure(10)
    const { buffer, position } = this
    buffer[position] = (lower & 0x7f) | 0x80
    buffer[position + 1] = ((lower >>> 7) & 0x7f) | 0x80
    buffer[position + 2] = ((lower >>> 14) & 0x7f) | 0x80
    buffer[position + 3] = (lower >>> 21) | 0x80
    this.position = position + 4
    this.writeUnsignedVarint(upper)
  }

  /** Writes an unsigned varint of the 32 bits of `value`. */
  writeUnsignedVarint(value: number): void {
    this.ensure(5)
    const { buffer } = this
    let rest = value >>> 0
    while (rest >= 0x80) {
      buffer[this.position++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    buffer[this.position++] = rest
  }

  /** Writes `source[start, end)`. */
  writeBytes(source: Uint8Array, start = 0, end = source.length): void {
    const length = end - start
    this.ensure(length)
    const { buffer, position } = this
    if (length <= MAX_BYTES_IN_LOOP) {
      const distance = position - start
      for (let at = start; at < end; at++) buffer[at + distance] = source[at]!
    } else {
      buffer.set(start === 0 && end === source.length ? source : source.subarray(start, end), position)
    }
    this.position = position + length
  }

  /** Writes the UTF-8 bytes of `text`, without a length. A lone surrogate becomes U+FFFD. */
  writeUtf8(text: string): void {
    const { length } = text
    this.ensure(length * 3)
    if (length > MAX_CHARS_IN_LOOP || !this.writeAscii(text)) {
      this.position += writeUtf8(this.buffer, text, this.position)
    }
  }

  /** Writes `text` if it is ASCII; else leaves the position where it is. */
  private writeAscii(text: string): boolean {
    const { buffer, position } = this
    const { length } = text
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index)
      if (code >= 0x80) return false
      buffer[position + index] = code
    }
    this.position = position + length
    return true
  }
}
