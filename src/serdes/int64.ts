import type { ByteWriter } from './byte-writer.js'
import type { Serde } from './serde.js'
import { SerdeError, shown } from './serde-error.js'

function requireEightBytes(name: string, start: number, end: number): void {
  if (end - start !== 8) throw new SerdeError(name, `8 bytes expected, ${end - start} found`)
}

class SafeInt64Serde implements Serde<number> {
  readonly name = 'int64'

  serialize(value: number, target: ByteWriter): void {
    if (!Number.isSafeInteger(value)) {
      throw new SerdeError(this.name, `${shown(value)} is no safe integer (see int64({ as: 'bigint' }))`)
    }
    target.writeInt64(value)
  }

  deserialize(source: Buffer, start: number, end: number): number {
    requireEightBytes(this.name, start, end)
    const value = source.readInt32BE(start) * 0x1_0000_0000 + source.readUInt32BE(start + 4)
    if (!Number.isSafeInteger(value)) {
      const exact = source.readBigInt64BE(start)
      throw new SerdeError(this.name, `${exact} is beyond the safe integers: use int64({ as: 'bigint' })`)
    }
    return value
  }

  readonly identity = (value: number): number => value
}

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n

class BigInt64Serde implements Serde<bigint> {
  readonly name = 'int64'

  serialize(value: bigint, target: ByteWriter): void {
    if (typeof value !== 'bigint' || value < MIN || value > MAX) {
      throw new SerdeError(this.name, `${shown(value)} is no bigint from ${MIN} to ${MAX}`)
    }
    target.ensure(8)
    target.position = target.buffer.writeBigInt64BE(value, target.position)
  }

  deserialize(source: Buffer, start: number, end: number): bigint {
    requireEightBytes(this.name, start, end)
    return source.readBigInt64BE(start)
  }

  readonly identity = (value: bigint): string => value.toString()
}

const asNumber = new SafeInt64Serde()
const asBigInt = new BigInt64Serde()

/**
 * A 64-bit integer, 8 bytes big-endian, as Kafka's `LongSerializer`: a number, which must be a safe integer (others
 * are refused both ways, never rounded), or with `{ as: 'bigint' }` a bigint of the whole range.
 */
export function int64(options?: { readonly as: 'number' }): Serde<number>
export function int64(options: { readonly as: 'bigint' }): Serde<bigint>
export function int64(options?: { readonly as: 'number' | 'bigint' }): Serde<number> | Serde<bigint> {
  return options?.as === 'bigint' ? asBigInt : asNumber
}
