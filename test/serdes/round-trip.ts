import { ByteWriter } from '../../src/serdes/byte-writer.js'
import type { Serde } from '../../src/serdes/serde.js'

/** The bytes of a value, written behind other bytes, as in a record batch. */
export function bytesOf<T>(serde: Serde<T>, value: T): Buffer {
  const writer = new ByteWriter(1)
  writer.writeInt8(0x7f)
  serde.serialize(value, writer)
  return Buffer.from(writer.view().subarray(1))
}

/** Reads bytes that lie in the middle of others. */
export function readFrom<T>(serde: Serde<T>, bytes: Uint8Array): T {
  const source = Buffer.concat([Buffer.from([0xff, 0x00]), bytes, Buffer.from([0x80])])
  const value = serde.deserialize(source, 2, 2 + bytes.length)
  source.fill(0x55) // whoever kept the source instead of reading it is found out
  return value
}

export const roundTrip = <T>(serde: Serde<T>, value: T): T => readFrom(serde, bytesOf(serde, value))

export const hex = <T>(serde: Serde<T>, value: T): string => bytesOf(serde, value).toString('hex')
