import { type AvroSchema, isAvroNamed } from '../syntax/avro-schema.js'

/** A type as messages call it: `long`, `enum flights.Status`, `null or string`. */
export function describeSchema(schema: AvroSchema): string {
  if (schema.kind === 'union') return schema.branches.map(describeSchema).join(' or ')
  if (isAvroNamed(schema)) return `${schema.kind} ${schema.fullName}`
  if (schema.logical === undefined) return schema.kind
  const { name, attributes } = schema.logical
  const { precision, scale = 0 } = attributes
  const digits = precision === undefined ? '' : ` ${precision}, ${scale}`
  return `${schema.kind} (${name}${digits})`
}
