import { ByteWriter } from '../serdes/byte-writer.js'
import type { Serde } from '../serdes/serde.js'

/** The bytes of a value, in a buffer of their own; null stays null. */
export function serialized<T>(serde: Serde<T>, value: T | null): Buffer | null {
  if (value === null) return null
  const writer = new ByteWriter(64)
  serde.serialize(value, writer)
  return writer.copy()
}

/** The value in bytes; null stays null. */
export const deserialized = <T>(serde: Serde<T>, bytes: Buffer | null): T | null =>
  bytes === null ? null : serde.deserialize(bytes, 0, bytes.length)
