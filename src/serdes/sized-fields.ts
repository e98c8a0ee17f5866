import type { ByteWriter } from './byte-writer.js'
import { NO_HEADERS, type RecordHeader, type RecordHeaders } from './record-headers.js'
import type { Serde } from './serde.js'
import { SerdeError } from './serde-error.js'

export const LENGTH_BYTES = 4

/** Makes room for a length. @returns where it goes */
function beginSized(target: ByteWriter): number {
  const at = target.position
  target.writeInt32(0)
  return at
}

function endSized(target: ByteWriter, at: number): void {
  target.buffer.writeInt32BE(target.position - at - LENGTH_BYTES, at)
}

/** Writes a value behind its length. */
export function serializeSized<T>(serde: Serde<T>, value: T, target: ByteWriter): void {
  const at = beginSized(target)
  serde.serialize(value, target)
  endSized(target, at)
}

const ABSENT = 0
const PRESENT = 1

/** Writes whether there is a value, and it behind its length. */
export function serializeOptional<T>(serde: Serde<T>, value: T | null | undefined, target: ByteWriter): void {
  if (value === null || value === undefined) target.writeInt8(ABSENT)
  else {
    target.writeInt8(PRESENT)
    serializeSized(serde, value, target)
  }
}

/** Writes a text behind its length in bytes. */
export function writeSizedText(target: ByteWriter, text: string): void {
  const at = beginSized(target)
  target.writeUtf8(text)
  endSized(target, at)
}

/** Headers: their number, then name and value of each behind their lengths; -1: no value. */
export function writeHeaders(target: ByteWriter, headers: RecordHeaders): void {
  target.writeInt32(headers.length)
  for (const { key, value } of headers) {
    writeSizedText(target, key)
    target.writeInt32(value === null ? -1 : value.length)
    if (value !== null) target.writeBytes(value)
  }
}

/** Reads fields one after the other, never behind the end. */
export class SizedReader {
  constructor(
    private readonly source: Buffer,
    private position: number,
    private readonly end: number,
    private readonly serde: string,
  ) {}

  /** Where the next field begins. */
  get at(): number {
    return this.position
  }

  int8(): number {
    return this.source[this.take(1)]!
  }

  int32(): number {
    return this.source.readInt32BE(this.take(4))
  }

  int64(): number {
    const at = this.take(8)
    return this.source.readInt32BE(at) * 0x1_0000_0000 + this.source.readUInt32BE(at + 4)
  }

  float64(): number {
    return this.source.readDoubleBE(this.take(8))
  }

  /** What `writeVarlong` has written. */
  varlong(): number {
    let zigzag = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.int8()
      zigzag += (byte & 0x7f) * scale
      if (byte < 0x80) break
    }
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
  }

  text(): string {
    return this.sized((start, end) => this.source.toString('utf8', start, end))
  }

  headers(): RecordHeaders {
    const count = this.int32()
    if (count === 0) return NO_HEADERS
    return Array.from({ length: count }, () => this.header())
  }

  /** Reads a value behind its length. */
  value<T>(serde: Serde<T>): T {
    return this.sized((start, end) => serde.deserialize(this.source, start, end))
  }

  /** Reads what {@link serializeOptional} has written; null: no value. */
  optional<T>(serde: Serde<T>): T | null {
    return this.int8() === ABSENT ? null : this.value(serde)
  }

  private sized<T>(read: (start: number, end: number) => T): T {
    const start = this.take(this.int32())
    return read(start, this.position)
  }

  private header(): RecordHeader {
    const key = this.text()
    const length = this.int32()
    if (length < 0) return { key, value: null }
    const start = this.take(length)
    return { key, value: Buffer.from(this.source.subarray(start, this.position)) }
  }

  private take(bytes: number): number {
    const at = this.position
    if (bytes < 0 || at + bytes > this.end) {
      throw new SerdeError(this.serde, `${this.end - at} bytes left, ${bytes} expected`)
    }
    this.position = at + bytes
    return at
  }
}
