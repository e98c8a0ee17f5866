import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { SchemaText, SchemaType } from '../../serdes/schema-registry/schema-text.js'
import { avroJson } from '../../serdes/schema-registry/syntax/avro-idl.js'
import { UsageError } from '../usage-error.js'
import type { SchemaCommandLine } from './schema-command-line.js'

const BY_EXTENSION: Readonly<Record<string, SchemaType>> = {
  '.avsc': 'AVRO',
  '.avro': 'AVRO',
  '.avdl': 'AVRO',
  '.json': 'JSON',
  '.proto': 'PROTOBUF',
}

/** Whether an operand is the file of a schema, by its name. */
export const isSchemaFile = (operand: string): boolean => extname(operand) in BY_EXTENSION

/**
 * The schema in a file.
 *
 * @throws {UsageError} if it cannot be read, or its language is not known
 */
export function schemaFile(
  file: string,
  { type, references }: Pick<SchemaCommandLine, 'type' | 'references'>,
): SchemaText {
  const language = type ?? BY_EXTENSION[extname(file)]
  if (language === undefined) {
    const known = Object.keys(BY_EXTENSION).join(', ')
    throw new UsageError(
      `${file}: its name does not tell the language (${known}): give --type avro, json or protobuf`,
    )
  }
  let schema: string
  try {
    schema = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
  if (language === 'AVRO') schema = avroJson(schema)
  return { type: language, schema, ...(references.length === 0 ? {} : { references }) }
}
