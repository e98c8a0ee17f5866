import { readFileSync } from 'node:fs'
import { InvalidSchemaError } from './registry-errors.js'
import type { SchemaReference, SchemaText, SchemaType } from './schema-text.js'

/**
 * Where a serde has its schema from: the text of one, one as an object (of a language that is written in JSON), a file
 * (`new URL('./flight.avsc', import.meta.url)`), or the registry, which has it as the `'latest'` version of the subject.
 */
export type SchemaSource = string | URL | object

/**
 * The schema of the code; undefined where the registry has it.
 *
 * @param serde names the serde in errors
 * @throws {InvalidSchemaError} if a file cannot be read
 */
export function schemaOfCode(
  serde: string,
  type: SchemaType,
  source: SchemaSource,
  references: readonly SchemaReference[],
): SchemaText | undefined {
  if (source === 'latest') {
    if (references.length === 0) return undefined
    throw new TypeError(`${serde}: references belong to a schema in the code, not to 'latest'`)
  }
  const schema = textOf(source)
  return references.length === 0 ? { type, schema } : { type, schema, references }
}

function textOf(source: SchemaSource): string {
  if (typeof source === 'string') return source
  if (!(source instanceof URL)) return JSON.stringify(source)
  try {
    return readFileSync(source, 'utf8')
  } catch (cause) {
    throw new InvalidSchemaError(source.href, 'the file cannot be read', { cause })
  }
}
