import { copyOf } from '../../bytes.js'
import { utf8Text } from '../../utf8-text.js'
import { FieldProblem } from './field-problem.js'
import {
  END_GROUP,
  FIXED32,
  FIXED64,
  LENGTH_DELIMITED,
  MOST_NESTED,
  START_GROUP,
  tagOf,
  VARINT,
} from './wire-type.js'

const NOTHING = Buffer.alloc(0)
const TWO_POW_32 = 0x1_0000_0000

/** Reads the wire format of Protobuf, never beyond `end`. One for all that a serde reads: nothing is kept of a source. */
export class WireInput {
  source: Buffer = NOTHING
  position = 0
  /** Where the innermost message ends. */
  end = 0
  private depth = 0
  /** The halves of the last varint or fixed 64-bit integer. */
  private low = 0
  private high = 0

  open(source: Buffer, start: number, end: number): void {
    this.source = source
    this.position = start
    this.end = end
    this.depth = 0
  }

  close(): void {
    this.source = NOTHING
  }

  /** The tag of the next field. */
  tag(): number {
    const tag = this.uint32()
    if (tag >>> 3 === 0) throw new FieldProblem('a field has the number 0')
    return tag
  }

  uint32(): number {
    const { position } = this
    if (position < this.end) {
      const byte = this.source[position]!
      if (byte < 0x80) {
        this.position = position + 1
        return byte
      }
    }
    this.varint()
    if (this.high !== 0) throw this.outside('uint32')
    return this.low >>> 0
  }

  int32(): number {
    const { position } = this
    if (position < this.end) {
      const byte = this.source[position]!
      if (byte < 0x80) {
        this.position = position + 1
        return byte
      }
    }
    this.varint()
    if (this.high !== this.low >> 31) throw this.outside('int32')
    return this.low
  }

  sint32(): number {
    const zigzag = this.uint32()
    return (zigzag >>> 1) ^ -(zigzag & 1)
  }

  bool(): boolean {
    this.varint()
    return (this.low | this.high) !== 0
  }

  int64(): number {
    this.varint()
    return this.signed()
  }

  uint64(): number {
    this.varint()
    return this.unsigned()
  }

  sint64(): number {
    this.varint()
    this.unzigzag()
    return this.signed()
  }

  sfixed64(): number {
    this.fixed64Halves()
    return this.signed()
  }

  fixed64(): number {
    this.fixed64Halves()
    return this.unsigned()
  }

  bigInt64(): bigint {
    this.varint()
    return this.signedBig()
  }

  bigUint64(): bigint {
    this.varint()
    return BigInt.asUintN(64, this.signedBig())
  }

  bigSint64(): bigint {
    this.varint()
    this.unzigzag()
    return this.signedBig()
  }

  bigSfixed64(): bigint {
    this.fixed64Halves()
    return this.signedBig()
  }

  bigFixed64(): bigint {
    this.fixed64Halves()
    return BigInt.asUintN(64, this.signedBig())
  }

  fixed32(): number {
    return this.source.readUInt32LE(this.take(4))
  }

  sfixed32(): number {
    return this.source.readInt32LE(this.take(4))
  }

  float(): number {
    return this.source.readFloatLE(this.take(4))
  }

  double(): number {
    return this.source.readDoubleLE(this.take(8))
  }

  string(): string {
    const start = this.take(this.uint32())
    return utf8Text(this.source, start, this.position)
  }

  bytes(): Uint8Array {
    const start = this.take(this.uint32())
    return copyOf(this.source, start, this.position)
  }

  /** Goes into what lies behind its length. Returns what {@link leave} needs: where the outer message ends. */
  enter(): number {
    const outer = this.end
    const start = this.take(this.uint32())
    this.end = this.position
    this.position = start
    this.descend()
    return outer
  }

  leave(outer: number): void {
    this.end = outer
    this.depth--
  }

  /** Goes into a group, which ends by its end tag. */
  enterGroup(): void {
    this.descend()
  }

  leaveGroup(): void {
    this.depth--
  }

  /** Passes over the field with the tag. */
  skip(tag: number): void {
    switch (tag & 7) {
      case VARINT:
        this.varint()
        break
      case FIXED64:
        this.take(8)
        break
      case LENGTH_DELIMITED:
        this.take(this.uint32())
        break
      case START_GROUP:
        this.skipGroup(tagOf(tag >>> 3, END_GROUP))
        break
      case FIXED32:
        this.take(4)
        break
      default:
        throw new FieldProblem(`field ${tag >>> 3} has the wire type ${tag & 7}`)
    }
  }

  private skipGroup(endTag: number): void {
    this.descend()
    for (let tag = this.tag(); tag !== endTag; tag = this.tag()) this.skip(tag)
    this.depth--
  }

  private descend(): void {
    if (++this.depth > MOST_NESTED) throw new FieldProblem(`messages lie more than ${MOST_NESTED} deep`)
  }

  /** Takes the next bytes; returns where they begin. */
  private take(length: number): number {
    const start = this.position
    if (length > this.end - start) throw this.cutOff()
    this.position = start + length
    return start
  }

  private varint(): void {
    const { source, end } = this
    let { position } = this
    let low = 0
    let high = 0
    let byte = 0x80
    for (let shift = 0; byte >= 0x80; shift += 7) {
      if (position >= end) throw this.cutOff()
      byte = source[position++]!
      const bits = byte & 0x7f
      if (shift < 28) low |= bits << shift
      else if (shift === 28) {
        low |= bits << 28
        high = bits >> 4
      } else {
        if (shift > 63 || (shift === 63 && byte > 1)) throw new FieldProblem('a varint has more than 64 bits')
        high |= bits << (shift - 32)
      }
    }
    this.position = position
    this.low = low
    this.high = high
  }

  private fixed64Halves(): void {
    const start = this.take(8)
    this.low = this.source.readInt32LE(start)
    this.high = this.source.readInt32LE(start + 4)
  }

  private unzigzag(): void {
    const { low, high } = this
    const sign = -(low & 1)
    this.low = ((low >>> 1) | (high << 31)) ^ sign
    this.high = (high >>> 1) ^ sign
  }

  private signed(): number {
    const value = this.high * TWO_POW_32 + (this.low >>> 0)
    if (!Number.isSafeInteger(value)) throw this.unsafe(this.signedBig())
    return value
  }

  private unsigned(): number {
    const value = (this.high >>> 0) * TWO_POW_32 + (this.low >>> 0)
    if (!Number.isSafeInteger(value)) throw this.unsafe(BigInt.asUintN(64, this.signedBig()))
    return value
  }

  private signedBig(): bigint {
    return (BigInt(this.high) << 32n) | BigInt(this.low >>> 0)
  }

  private unsafe(value: bigint): FieldProblem {
    return new FieldProblem(`${value} is no safe integer (see option long)`)
  }

  private outside(type: string): FieldProblem {
    return new FieldProblem(`${this.signedBig()} is no ${type}`)
  }

  private cutOff(): FieldProblem {
    return new FieldProblem('the bytes end too early')
  }
}
