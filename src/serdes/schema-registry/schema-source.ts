import { readFileSync } from 'node:fs'
import { shown } from '../serde-error.js'
import { InvalidSchemaError, InvalidSerdeOptionError } from './registry-errors.js'
import type { SchemaReference, SchemaText, SchemaType } from './schema-text.js'

/**
 * Where a serde has its schema from: the text of one, one as an object (of a language that is written in JSON), a file
 * (`new URL('./flight.avsc', import.meta.url)`), or the registry, which has it as the `'latest'` version of the subject.
 */
export type SchemaSource = string | URL | object

/** No text of a schema is like that. */
const PATH = /^\S+\.(?:avsc|json|proto)$/

/**
 * The schema of the code; undefined where the registry has it.
 *
 * @param serde names the serde in errors
 * @throws {InvalidSerdeOptionError} if it is none of these
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
    throw new InvalidSerdeOptionError(
      serde,
      'references',
      "they belong to a schema in the code, not to 'latest'",
    )
  }
  requireSource(serde, type, source)
  const schema = textOf(source)
  return references.length === 0 ? { type, schema } : { type, schema, references }
}

/** Refuses what is given where types were bypassed, or mistaken. */
function requireSource(serde: string, type: SchemaType, source: unknown): void {
  const isObject = typeof source === 'object' && source !== null
  const isText = typeof source === 'string' || source instanceof URL
  if (!isText && (!isObject || type === 'PROTOBUF')) {
    const forms = type === 'PROTOBUF' ? 'the text of a schema' : 'the text of a schema, one as an object'
    const given = isObject ? 'an object' : shown(source)
    throw new InvalidSerdeOptionError(
      serde,
      'schema',
      `${given} is not allowed: ${forms}, a file as URL, or 'latest'`,
    )
  }
  if (typeof source === 'string' && PATH.test(source)) {
    const problem = `${shown(source)} is a path, not a schema: give the file as URL, new URL(path, import.meta.url)`
    throw new InvalidSerdeOptionError(serde, 'schema', problem)
  }
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
