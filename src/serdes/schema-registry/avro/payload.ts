import { utf8Text } from '../../utf8-text.js'
import { Misfit } from './misfit.js'

const EMPTY: Buffer = Buffer.alloc(0)
const TWO_POW_27 = 2 ** 27
const TWO_POW_28 = 2 ** 28
/** Below it the upper part of a long makes a safe integer. */
const SAFE_UPPER = 2 ** 26

/** The bytes of one value in a larger buffer, and how far they are read. Nothing is read beyond their end. */
export class Payload {
  private buffer = EMPTY
  private end = 0
  private start = 0
  position = 0
  /** The upper bits of the long that {@link readLongParts} has read. */
  private upper = 0

  set(buffer: Buffer, start: number, end: number): void {
    this.buffer = buffer
    this.start = start
    this.position = start
    this.end = end
  }

  /** Lets go of the buffer, which is a whole response. */
  clear(): void {
    this.set(EMPTY, 0, 0)
  }

  get remaining(): number {
    return this.end - this.position
  }

  requireEnd(): void {
    if (this.position !== this.end) {
      throw new Misfit(
        `${this.end - this.position} bytes too many: the value ends after ${this.offset} bytes`,
      )
    }
  }

  private get offset(): number {
    return this.position - this.start
  }

  private tooShort(): Misfit {
    return new Misfit(`the bytes end too early, after ${this.end - this.start}`)
  }

  readByte(): number {
    if (this.position >= this.end) throw this.tooShort()
    return this.buffer[this.position++]!
  }

  readBoolean(): boolean {
    const byte = this.readByte()
    if (byte > 1) throw new Misfit(`a boolean is 0 or 1, not ${byte}`)
    return byte === 1
  }

  readInt(): number {
    const first = this.readByte()
    if (first < 0x80) return (first >>> 1) ^ -(first & 1)
    return this.readLongInt(first)
  }

  private readLongInt(first: number): number {
    let value = first & 0x7f
    for (let shift = 7; ; shift += 7) {
      const byte = this.readByte()
      if (shift === 28 && byte > 0x0f) throw new Misfit('an int of more than 32 bits')
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    }
  }

  /** A long as a safe integer. */
  readLong(): number {
    const lower = this.readLongParts()
    const { upper } = this
    if (upper === 0) return (lower >>> 1) ^ -(lower & 1)
    const value = roundedLong(lower, upper)
    if (!Number.isSafeInteger(value)) {
      throw new Misfit(`${exactLong(lower, upper)} is beyond the safe integers: use option long: 'bigint'`)
    }
    return value
  }

  readBigLong(): bigint {
    const lower = this.readLongParts()
    const { upper } = this
    if (upper === 0) return BigInt((lower >>> 1) ^ -(lower & 1))
    if (upper >= SAFE_UPPER) return exactLong(lower, upper)
    return BigInt(roundedLong(lower, upper))
  }

  /** A long as the nearest double. */
  readRoundedLong(): number {
    const lower = this.readLongParts()
    return roundedLong(lower, this.upper)
  }

  /** The lower 28 of the 64 bits of a zigzag varint; the others are then in `upper`. */
  private readLongParts(): number {
    this.upper = 0
    let lower = this.readByte()
    if (lower < 0x80) return lower
    lower &= 0x7f
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.readByte()
      lower |= (byte & 0x7f) << shift
      if (byte < 0x80) return lower
    }
    this.upper = this.readUpper()
    return lower
  }

  private readUpper(): number {
    let upper = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.readByte()
      upper |= (byte & 0x7f) << shift
      if (byte < 0x80) return upper
    }
    const ninth = this.readByte()
    if (ninth < 0x80) return upper + ninth * TWO_POW_28
    const tenth = this.readByte()
    if (tenth > 1) throw new Misfit('a long of more than 64 bits')
    return upper + (ninth & 0x7f) * TWO_POW_28 + tenth * TWO_POW_28 * 0x80
  }

  skipVarint(): void {
    this.readLongParts()
  }

  readFloat(): number {
    return this.buffer.readFloatLE(this.take(4))
  }

  readDouble(): number {
    return this.buffer.readDoubleLE(this.take(8))
  }

  readString(): string {
    const length = this.readLength()
    const start = this.take(length)
    return utf8Text(this.buffer, start, start + length)
  }

  /** A copy of the next bytes: a slice would keep the whole response alive. */
  readBytes(length: number): Uint8Array {
    const start = this.take(length)
    const copy = new Uint8Array(length)
    this.buffer.copy(copy, 0, start, start + length)
    return copy
  }

  /** How many bytes come next, and are there. */
  readLength(): number {
    const length = this.readLong()
    if (length < 0 || length > this.remaining) {
      throw new Misfit(`a length of ${length} bytes, where ${this.remaining} are left`)
    }
    return length
  }

  /** Goes on by some bytes; gives where they begin. */
  take(bytes: number): number {
    const start = this.position
    if (bytes > this.end - start) throw this.tooShort()
    this.position = start + bytes
    return start
  }
}

/** One addition of whole numbers, so that it is rounded once. */
const roundedLong = (lower: number, upper: number): number =>
  lower & 1 ? -(upper * TWO_POW_27 + ((lower >>> 1) + 1)) : upper * TWO_POW_27 + (lower >>> 1)

function exactLong(lower: number, upper: number): bigint {
  const magnitude = (BigInt(upper) << 27n) | BigInt(lower >>> 1)
  return lower & 1 ? -magnitude - 1n : magnitude
}
