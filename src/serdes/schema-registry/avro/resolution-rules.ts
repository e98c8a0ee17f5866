import type { AvroSchema, EnumSchema, FixedSchema, RecordSchema } from './avro-schema.js'
import { decimalDigits } from './decimal.js'

type NamedSchema = RecordSchema | EnumSchema | FixedSchema

const unqualified = (name: string): string => name.slice(name.lastIndexOf('.') + 1)

/** Whether two named types are one: by the last part of their names, as Avro has it, or by an alias of the reader's. */
export const hasNameOf = (reader: NamedSchema, writer: NamedSchema): boolean =>
  unqualified(reader.name) === unqualified(writer.name) ||
  reader.aliases.some((alias) => alias === writer.name || unqualified(alias) === unqualified(writer.name))

/** Whether a type is the one that was written, not one that it can be widened to. */
export const isSame = (writer: AvroSchema, reader: AvroSchema): boolean =>
  writer.kind === reader.kind && (!('name' in writer) || hasNameOf(reader as NamedSchema, writer))

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
  const written = UNITS[writer.logicalType ?? '']
  const read = UNITS[reader.logicalType ?? '']
  if (written !== undefined && read !== undefined) return written === read
  const writtenDigits = digitsOf(writer)
  const readDigits = digitsOf(reader)
  if (writtenDigits === undefined || readDigits === undefined) return true
  return writtenDigits.scale === readDigits.scale && writtenDigits.precision <= readDigits.precision
}

const digitsOf = (schema: AvroSchema): ReturnType<typeof decimalDigits> =>
  schema.logicalType === 'decimal' ? decimalDigits(schema, schema.attributes ?? {}) : undefined
