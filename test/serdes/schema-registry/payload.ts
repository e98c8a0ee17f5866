import { ByteWriter } from '../../../src/serdes/byte-writer.js'
import type { SchemaReader, SchemaWriter } from '../../../src/serdes/schema-registry/schema-format.js'

/** The payload of a value, written behind other bytes, as behind the header of the wire format. */
export function payloadOf<T>(writer: SchemaWriter<T>, value: T): Buffer {
  const target = new ByteWriter(1)
  target.writeInt8(0x7f)
  writer.write(value, target)
  return Buffer.from(target.view().subarray(1))
}

/** Reads a payload that lies in the middle of other bytes. */
export function readPayload<T>(reader: SchemaReader<T>, bytes: Uint8Array): T {
  const source = Buffer.concat([Buffer.from([0xff, 0x00]), bytes, Buffer.from([0x80, 0x01])])
  const value = reader.read(source, 2, 2 + bytes.length)
  source.fill(0x55) // whoever kept the source instead of reading it is found out
  return value
}
