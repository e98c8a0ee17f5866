import { readFileSync } from 'node:fs'
import { InvalidSchemaError } from '../registry-errors.js'
import type { SchemaReference, SchemaText } from '../schema-text.js'

/** A schema as JSON has it: an object, an array (a union), or the name of a primitive type. */
export type AvroSchemaJson =
  | string
  | readonly AvroSchemaJson[]
  | { readonly type: unknown; readonly [name: string]: unknown }

/** An object, JSON text, the name of a primitive type, a file, or the latest version of the subject. */
export type SchemaSource = AvroSchemaJson | URL | 'latest'

/**
 * The text of a schema in code or in a file; undefined: the latest version is asked for.
 *
 * @throws {InvalidSchemaError} if there is no such file
 */
export function schemaText(
  source: SchemaSource,
  references: readonly SchemaReference[],
): SchemaText | undefined {
  if (source === 'latest') {
    if (references.length > 0)
      throw new TypeError(`avro: references belong to a schema in code, not to 'latest'`)
    return undefined
  }
  const schema =
    source instanceof URL
      ? fileText(source)
      : typeof source === 'string'
        ? textOf(source)
        : JSON.stringify(source)
  return { type: 'AVRO', schema, ...(references.length > 0 && { references }) }
}

/** A schema, for people. */
export const schemaLabel = (source: SchemaSource): string =>
  source instanceof URL ? `Avro schema ${source}` : 'Avro schema'

function fileText(file: URL): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new InvalidSchemaError(schemaLabel(file), (error as Error).message, { cause: error })
  }
}

/** A name such as `long` is the schema `"long"`. */
const textOf = (text: string): string => (/^\w+$/.test(text) ? JSON.stringify(text) : text)
