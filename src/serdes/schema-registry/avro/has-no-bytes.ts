import type { AvroSchema } from '../syntax/avro-schema.js'

/** Whether values of a type are written without any byte, so that a count of them is all that tells how many there are. */
export function hasNoBytes(schema: AvroSchema, seen: Set<AvroSchema> = new Set()): boolean {
  if (schema.kind === 'null') return true
  if (schema.kind === 'fixed') return schema.size === 0
  if (schema.kind !== 'record') return false
  // One that was seen has none, or the answer is known already.
  if (seen.has(schema)) return true
  seen.add(schema)
  return schema.fields.every((field) => hasNoBytes(field.type, seen))
}
