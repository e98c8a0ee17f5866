import { type AvroNamedSchema, type AvroSchema, isAvroNamed, logicalTypeOf } from '../syntax/avro-schema.js'
import { decimalDigits } from './logical-types/decimal.js'

/** Whether a reader takes a named type of a writer for its own: by the name without namespace, or by an alias. */
export const hasNameOf = (reader: AvroNamedSchema, writer: AvroNamedSchema): boolean =>
  reader.name === writer.name || reader.aliases.includes(writer.fullName)

/** Whether a type is the one that was written, not one that it can be widened to. */
export const isSame = (writer: AvroSchema, reader: AvroSchema): boolean =>
  writer.kind === reader.kind && (!isAvroNamed(writer) || hasNameOf(reader as AvroNamedSchema, writer))

const UNITS: Readonly<Record<string, string>> = {
  date: 'days',
  'time-millis': 'milliseconds of a day',
  'time-micros': 'microseconds of a day',
  'timestamp-millis': 'milliseconds',
  'timestamp-micros': 'microseconds',
  'timestamp-nanos': 'nanoseconds',
  'local-timestamp-millis': 'milliseconds',
  'local-timestamp-micros': 'microseconds',
  'local-timestamp-nanos': 'nanoseconds',
}

/**
 * Whether what was written means the same number to the reader: milliseconds are no microseconds, and a decimal with
 * two digits behind the point is none with three. Avro would read them, a thousand times as much.
 */
export function isSameNumber(writer: AvroSchema, reader: AvroSchema): boolean {
  const written = unitOf(writer)
  const read = unitOf(reader)
  if (written !== undefined && read !== undefined) return written === read
  const writtenDigits = digitsOf(writer)
  const readDigits = digitsOf(reader)
  if (writtenDigits === undefined || readDigits === undefined) return true
  return writtenDigits.scale === readDigits.scale && writtenDigits.precision <= readDigits.precision
}

const unitOf = (schema: AvroSchema): string | undefined => UNITS[logicalTypeOf(schema)?.name ?? '']

function digitsOf(schema: AvroSchema): ReturnType<typeof decimalDigits> {
  const logical = logicalTypeOf(schema)
  return logical?.name === 'decimal' ? decimalDigits(schema, logical.attributes) : undefined
}
