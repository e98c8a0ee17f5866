import { ByteWriter } from '../../byte-writer.js'
import { FieldProblem } from './field-problem.js'
import { MOST_NESTED } from './wire-type.js'

const NOWHERE = new ByteWriter(0)
const TWO_POW_32 = 0x1_0000_0000

/** Writes the wire format of Protobuf. One for all that a serde writes. */
export class WireOutput {
  private target = NOWHERE
  private depth = 0
  /** The halves of a 64-bit integer. */
  private low = 0
  private high = 0

  open(target: ByteWriter): void {
    this.target = target
    this.depth = 0
  }

  close(): void {
    this.target = NOWHERE
  }

  /** A tag, or another unsigned varint of 32 bits. */
  uint32(value: number): void {
    this.target.writeUnsignedVarint(value)
  }

  /** A negative one is written with 64 bits, so that it can become an int64. */
  int32(value: number): void {
    if (value >= 0) this.target.writeUnsignedVarint(value)
    else this.varint(value, -1)
  }

  sint32(value: number): void {
    this.target.writeVarint(value)
  }

  bool(value: boolean): void {
    this.target.writeInt8(value ? 1 : 0)
  }

  /** An int64 or uint64. */
  int64(value: number | bigint): void {
    this.split(value)
    this.varint(this.low, this.high)
  }

  sint64(value: number | bigint): void {
    this.split(value)
    const { low, high } = this
    const sign = high >> 31
    this.varint((low << 1) ^ sign, ((high << 1) | (low >>> 31)) ^ sign)
  }

  /** A fixed64 or sfixed64. */
  fixed64(value: number | bigint): void {
    this.split(value)
    this.fixed32(this.low)
    this.fixed32(this.high)
  }

  /** A fixed32 or sfixed32. */
  fixed32(value: number): void {
    const { target } = this
    target.ensure(4)
    target.position = target.buffer.writeInt32LE(value | 0, target.position)
  }

  /** Every NaN is written alike. */
  float(value: number): void {
    const { target } = this
    target.ensure(4)
    target.position = target.buffer.writeFloatLE(Number.isNaN(value) ? Number.NaN : value, target.position)
  }

  /** Every NaN is written alike. */
  double(value: number): void {
    const { target } = this
    target.ensure(8)
    target.position = target.buffer.writeDoubleLE(Number.isNaN(value) ? Number.NaN : value, target.position)
  }

  string(value: string): void {
    const start = this.reserve(value.length)
    this.target.writeUtf8(value)
    this.writeLength(start, value.length)
  }

  bytes(value: Uint8Array): void {
    this.target.writeUnsignedVarint(value.length)
    this.target.writeBytes(value)
  }

  /** Begins what lies behind its length. Returns what {@link leave} needs. */
  enter(): number {
    this.enterGroup()
    return this.reserve(0)
  }

  leave(start: number): void {
    this.writeLength(start, 0)
    this.depth--
  }

  enterGroup(): void {
    if (++this.depth > MOST_NESTED) throw new FieldProblem(`messages lie more than ${MOST_NESTED} deep`)
  }

  leaveGroup(): void {
    this.depth--
  }

  /** Leaves room for a length as long as `guess`. */
  private reserve(guess: number): number {
    const { target } = this
    const start = target.position
    const room = varintSize(guess)
    target.ensure(room)
    target.position = start + room
    return start
  }

  /** Writes the length of what came behind the room that was reserved, and moves it where the room was another. */
  private writeLength(start: number, guess: number): void {
    const { target } = this
    const room = varintSize(guess)
    const { position } = target
    const length = position - start - room
    const moved = varintSize(length) - room
    if (moved !== 0) {
      target.ensure(moved)
      target.buffer.copyWithin(start + room + moved, start + room, position)
    }
    target.position = position + moved
    const { buffer } = target
    let at = start
    let rest = length
    while (rest >= 0x80) {
      buffer[at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    buffer[at] = rest
  }

  private varint(low: number, high: number): void {
    const { target } = this
    let rest = low >>> 0
    let more = high >>> 0
    target.ensure(10)
    const { buffer } = target
    let { position } = target
    while (more !== 0) {
      buffer[position++] = (rest & 0x7f) | 0x80
      rest = ((rest >>> 7) | (more << 25)) >>> 0
      more >>>= 7
    }
    while (rest >= 0x80) {
      buffer[position++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    buffer[position++] = rest
    target.position = position
  }

  private split(value: number | bigint): void {
    if (typeof value === 'number') {
      this.low = value | 0
      this.high = Math.floor(value / TWO_POW_32) | 0
    } else {
      this.low = Number(BigInt.asIntN(32, value))
      this.high = Number(BigInt.asIntN(32, value >> 32n))
    }
  }
}

function varintSize(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  if (value < 0x20_0000) return 3
  return value < 0x1000_0000 ? 4 : 5
}
