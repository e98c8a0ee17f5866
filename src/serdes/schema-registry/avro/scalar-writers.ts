import type { ByteWriter } from '../../byte-writer.js'
import { unexpected } from './misfit.js'
import type { ValueWriter } from './value-writer.js'

export class NullWriter implements ValueWriter {
  write(value: unknown): void {
    if (value !== null) throw unexpected('null', value)
  }
}

export class BooleanWriter implements ValueWriter {
  write(value: unknown, target: ByteWriter): void {
    if (typeof value !== 'boolean') throw unexpected('a boolean', value)
    target.writeInt8(value ? 1 : 0)
  }
}

export class IntWriter implements ValueWriter {
  write(value: unknown, target: ByteWriter): void {
    if (typeof value !== 'number' || (value | 0) !== value) throw unexpected('an int', value)
    target.writeVarint(value)
  }
}

export class LongWriter implements ValueWriter {
  write(value: unknown, target: ByteWriter): void {
    if (!Number.isSafeInteger(value)) throw unexpected('a long that is a safe integer', value)
    target.writeVarlong(value as number)
  }
}

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n
const SAFE = BigInt(Number.MAX_SAFE_INTEGER)

export class BigLongWriter implements ValueWriter {
  write(value: unknown, target: ByteWriter): void {
    if (typeof value !== 'bigint' || value < MIN || value > MAX) throw unexpected('a long as bigint', value)
    if (value >= -SAFE && value <= SAFE) target.writeVarlong(Number(value))
    else writeFar(value, target)
  }
}

/** A long beyond the safe integers: eight bytes or more. */
function writeFar(value: bigint, target: ByteWriter): void {
  let rest = value < 0n ? -2n * value - 1n : 2n * value
  while (rest >= 0x80n) {
    target.writeInt8(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  target.writeInt8(Number(rest))
}

export class FloatWriter implements ValueWriter {
  write(value: unknown, target: ByteWriter): void {
    if (typeof value !== 'number') throw unexpected('a float', value)
    if (Math.abs(Math.fround(value)) === Number.POSITIVE_INFINITY && Number.isFinite(value)) {
      throw unexpected('a float of 32 bits', value)
    }
    target.ensure(4)
    // Every NaN is written alike: one that was read elsewhere may carry other bits.
    target.position = target.buffer.writeFloatLE(Number.isNaN(value) ? Number.NaN : value, target.position)
  }
}

export class DoubleWriter implements ValueWriter {
  write(value: unknown, target: ByteWriter): void {
    if (typeof value !== 'number') throw unexpected('a double', value)
    target.ensure(8)
    target.position = target.buffer.writeDoubleLE(Number.isNaN(value) ? Number.NaN : value, target.position)
  }
}

/** So many characters have at most 63 bytes, and their length one. */
const MAX_SHORT = 21

export class StringWriter implements ValueWriter {
  write(value: unknown, target: ByteWriter): void {
    if (typeof value !== 'string') throw unexpected('a string', value)
    writeString(value, target)
  }
}

/** A lone surrogate becomes U+FFFD, as in every text of the framework. */
export function writeString(text: string, target: ByteWriter): void {
  if (text.length > MAX_SHORT) {
    target.writeVarlong(Buffer.byteLength(text))
    target.writeUtf8(text)
    return
  }
  // The length is known when the text is written: its place is left free.
  target.ensure(1)
  const before = target.position++
  target.writeUtf8(text)
  target.buffer[before] = (target.position - before - 1) << 1
}

export class BytesWriter implements ValueWriter {
  write(value: unknown, target: ByteWriter): void {
    if (!(value instanceof Uint8Array)) throw unexpected('a Uint8Array', value)
    target.writeVarint(value.length)
    target.writeBytes(value)
  }
}

export class FixedWriter implements ValueWriter {
  constructor(private readonly size: number) {}

  write(value: unknown, target: ByteWriter): void {
    if (!(value instanceof Uint8Array) || value.length !== this.size) {
      throw unexpected(`a Uint8Array of ${this.size} bytes`, value)
    }
    target.writeBytes(value)
  }
}

export class EnumWriter implements ValueWriter {
  private readonly indexes: ReadonlyMap<unknown, number>
  private readonly expected: string

  constructor(name: string, symbols: readonly string[]) {
    this.indexes = new Map(symbols.map((symbol, index) => [symbol, index]))
    this.expected = `a symbol of enum ${name} (${symbols.join(', ')})`
  }

  write(value: unknown, target: ByteWriter): void {
    const index = this.indexes.get(value)
    if (index === undefined) throw unexpected(this.expected, value)
    target.writeVarint(index)
  }
}
