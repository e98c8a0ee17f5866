import type { AvroSchema } from './avro-schema.js'

/** Whether values of a type are written without any byte, so that a count of them is all that tells how many there are. */
export function hasNoBytes(schema: AvroSchema, around: ReadonlySet<AvroSchema> = new Set()): boolean {
  if (schema.kind === 'null') return true
  if (schema.kind === 'fixed') return schema.size === 0
  if (schema.kind !== 'record' || around.has(schema)) return schema.kind === 'record'
  const within = new Set(around).add(schema)
  return schema.fields.every((field) => hasNoBytes(field.schema, within))
}
