import type { ResolvedSchema } from '../schema-text.js'
import { avroSyntax } from '../syntax/avro-syntax.js'
import { jsonSchemaSyntax } from '../syntax/json-schema-syntax.js'
import { protobufSyntax } from '../syntax/protobuf-syntax.js'
import { avroTypes } from './avro-types.js'
import { jsonSchemaTypes } from './json-schema-types.js'
import { protobufTypes } from './protobuf-types.js'
import type { SchemaTypesOptions } from './schema-types-options.js'
import { TypeFile } from './type-file.js'

/** A schema, and what its values are called where it does not say. */
export interface NamedSchema {
  readonly schema: ResolvedSchema
  readonly name: string
}

/**
 * TypeScript types of the values that schemas describe, as the serdes give them, in one module.
 *
 * @throws {InvalidSchemaError}
 */
export function schemaTypes(schemas: readonly NamedSchema[], options: SchemaTypesOptions = {}): string {
  const file = new TypeFile()
  for (const { schema, name } of schemas) {
    switch (schema.type) {
      case 'AVRO':
        avroTypes(avroSyntax(schema), name, file, options)
        break
      case 'JSON':
        jsonSchemaTypes(jsonSchemaSyntax(schema), name, file)
        break
      case 'PROTOBUF':
        protobufTypes(protobufSyntax(schema), file, options)
        break
    }
  }
  return file.toString()
}
