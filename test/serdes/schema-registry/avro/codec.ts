import { ByteWriter } from '../../../../src/serdes/byte-writer.js'
import {
  type AvroFormatOptions,
  avroFormat,
} from '../../../../src/serdes/schema-registry/avro/avro-format.js'
import type { SchemaReader } from '../../../../src/serdes/schema-registry/schema-format.js'
import type { ResolvedSchema } from '../../../../src/serdes/schema-registry/schema-text.js'

/** A schema that refers to no other. */
export const resolved = (schema: unknown): ResolvedSchema => ({
  type: 'AVRO',
  schema: typeof schema === 'string' && schema.startsWith('{') ? schema : JSON.stringify(schema),
  referenced: [],
})

type Options = Omit<AvroFormatOptions, 'schema'>

/** The bytes of a value, written behind other bytes. */
export function encode(schema: unknown, value: unknown, options: Options = {}): Buffer {
  const writer = avroFormat({ schema: 'latest', ...options }).writer(resolved(schema))
  const target = new ByteWriter(1)
  target.writeInt8(0x7f)
  writer.write(value, target)
  return Buffer.from(target.view().subarray(1))
}

/** Reads bytes that lie in the middle of others; whoever keeps the source instead of reading it is found out. */
export function readWith<T>(reader: SchemaReader<T>, bytes: Uint8Array, around = 0x55): T {
  const source = Buffer.concat([Buffer.alloc(5, around), bytes, Buffer.alloc(20, around)])
  const value = reader.read(source, 5, 5 + bytes.length)
  source.fill(0x33)
  return value
}

export const hex = (schema: unknown, value: unknown, options?: Options): string =>
  encode(schema, value, options).toString('hex')

/** What a reader with `reader` has of bytes that were written with `writer`. */
export function decode(
  writer: unknown,
  bytes: Uint8Array | string,
  reader: unknown = writer,
  options: Options = {},
): unknown {
  const format = avroFormat({ schema: 'latest', ...options })
  return readWith(
    format.reader(resolved(writer), resolved(reader)),
    typeof bytes === 'string' ? Buffer.from(bytes, 'hex') : bytes,
  )
}

export const roundTrip = (schema: unknown, value: unknown, options?: Options): unknown =>
  decode(schema, encode(schema, value, options), schema, options)

/** A value written with one schema and read with another. */
export const evolve = (writer: unknown, value: unknown, reader: unknown, options?: Options): unknown =>
  decode(writer, encode(writer, value, options), reader, options)
