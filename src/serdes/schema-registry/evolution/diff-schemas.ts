import type { ResolvedSchema } from '../schema-text.js'
import { avroSyntax } from '../syntax/avro-syntax.js'
import { jsonSchemaSyntax } from '../syntax/json-schema-syntax.js'
import { protobufSyntax } from '../syntax/protobuf-syntax.js'
import { avroDiff } from './avro-diff.js'
import { jsonSchemaDiff } from './json-schema-diff.js'
import { protobufDiff } from './protobuf-diff.js'
import type { SchemaChange } from './schema-change.js'

/**
 * What has changed from one schema to another, and what that does to who reads with the one what the other has written.
 *
 * @throws {InvalidSchemaError} if one of them is none, in its language
 */
export function diffSchemas(older: ResolvedSchema, newer: ResolvedSchema): SchemaChange[] {
  if (older.type !== newer.type) return [languageChange(older, newer)]
  switch (newer.type) {
    case 'AVRO':
      return avroDiff(avroSyntax(older), avroSyntax(newer))
    case 'JSON':
      return jsonSchemaDiff(jsonSchemaSyntax(older), jsonSchemaSyntax(newer))
    case 'PROTOBUF':
      return protobufDiff(protobufSyntax(older), protobufSyntax(newer))
  }
}

const languageChange = (older: ResolvedSchema, newer: ResolvedSchema): SchemaChange => ({
  path: '',
  kind: 'language-changed',
  what: `${older.type} to ${newer.type}`,
  backward: false,
  forward: false,
  why: `what was written as ${older.type} cannot be read as ${newer.type}: use another subject, that is another topic`,
})
