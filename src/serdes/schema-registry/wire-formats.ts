import { inflateSync } from 'node:zlib'
import { SerdeError } from '../serde-error.js'
import type { SchemaId } from './schema-text.js'
import type { WireFormat } from './wire-format.js'

const CONFLUENT_MAGIC = 0
const CONFLUENT_LENGTH = 5

const GLUE_MAGIC = 3
const GLUE_PLAIN = 0
const GLUE_ZLIB = 5
const GLUE_LENGTH = 18
const UUID_AT = 2

/** No payload is larger unpacked: a few bytes can be packed so that they fill all memory. */
const MAX_UNPACKED_BYTES = 2 ** 27

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/** @throws {SerdeError} if what lies in `source[start, end)` is too short for a header or begins with another byte */
const requireMagic = (
  { name, headerLength }: WireFormat,
  magic: number,
  source: Buffer,
  start: number,
  end: number,
): void => {
  if (end - start < headerLength) {
    throw new SerdeError(name, `${end - start} bytes are fewer than the ${headerLength} of the header`)
  }
  if (source[start] === magic) return
  throw new SerdeError(
    name,
    `the first byte is ${source[start]} and not ${magic}: written without a schema registry, or for another kind of it`,
  )
}

/**
 * Confluent's wire format: a byte 0, and the id as an integer of 32 bits, the highest byte first.
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
export const confluentWireFormat: WireFormat = {
  name: 'confluent wire format',
  headerLength: CONFLUENT_LENGTH,

  header(id: SchemaId): Uint8Array {
    const header = Buffer.alloc(CONFLUENT_LENGTH)
    if (typeof id !== 'number') throw new SerdeError(this.name, `id ${id} is not a number`)
    header.writeUInt8(CONFLUENT_MAGIC, 0)
    header.writeInt32BE(id, 1)
    return header
  },

  idAt(source: Buffer, start: number, end: number): SchemaId {
    requireMagic(confluentWireFormat, CONFLUENT_MAGIC, source, start, end)
    const id = source.readInt32BE(start + 1)
    if (id < 0) throw new SerdeError(this.name, `no schema has the id ${id}`)
    return id
  },
}

const uuidAt = (source: Buffer, at: number): string => {
  const hex = source.toString('hex', at, at + 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/**
 * AWS Glue's wire format: a byte 3, a byte that says how the payload is packed (0: not at all, 5: zlib), and the UUID
 * of the schema version in 16 bytes. What is written is not packed.
 * https://github.com/awslabs/aws-glue-schema-registry
 */
export const glueWireFormat: WireFormat = {
  name: 'glue wire format',
  headerLength: GLUE_LENGTH,

  header(id: SchemaId): Uint8Array {
    if (typeof id !== 'string' || !UUID.test(id)) throw new SerdeError(this.name, `id ${id} is not a UUID`)
    return Buffer.concat([Buffer.of(GLUE_MAGIC, GLUE_PLAIN), Buffer.from(id.replaceAll('-', ''), 'hex')])
  },

  idAt(source: Buffer, start: number, end: number): SchemaId {
    requireMagic(glueWireFormat, GLUE_MAGIC, source, start, end)
    const packing = source[start + 1]
    if (packing !== GLUE_PLAIN && packing !== GLUE_ZLIB) {
      throw new SerdeError(
        this.name,
        `packing ${packing} is neither ${GLUE_PLAIN} (none) nor ${GLUE_ZLIB} (zlib)`,
      )
    }
    return uuidAt(source, start + UUID_AT)
  },

  unpack(source: Buffer, start: number, end: number): Buffer | undefined {
    if (source[start + 1] !== GLUE_ZLIB) return undefined
    try {
      return inflateSync(source.subarray(start + GLUE_LENGTH, end), { maxOutputLength: MAX_UNPACKED_BYTES })
    } catch (error) {
      throw new SerdeError(this.name, 'the payload cannot be unpacked', { cause: error })
    }
  },
}
