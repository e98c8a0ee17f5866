import type { Compatibility } from '../compatibility.js'
import type { CompatibilityChecker } from '../in-memory-schema-registry.js'
import type { CompatibilityAnswer } from '../schema-registry.js'
import type { ResolvedSchema } from '../schema-text.js'
import { diffSchemas } from './diff-schemas.js'
import { changeInWords, explain, versionsCompared } from './explain.js'

/**
 * Decides of an `InMemorySchemaRegistry` as a registry of Confluent's would: by the rules of schema resolution for Avro, by
 * what is allowed for JSON Schema, by what can be read on the wire for Protobuf.
 */
export const evolutionChecker: CompatibilityChecker = (compatibility, schema, versions) =>
  checkEvolution(versions, schema, compatibility).messages

/**
 * Whether a schema may come after others, as a registry decides it.
 *
 * @param older the versions so far, the oldest first
 * @throws {InvalidSchemaError}
 */
export function checkEvolution(
  older: readonly ResolvedSchema[],
  newer: ResolvedSchema,
  compatibility: Compatibility,
): CompatibilityAnswer {
  const messages = versionsCompared(older, compatibility).flatMap((version) =>
    explain(diffSchemas(version, newer), compatibility).map(changeInWords),
  )
  return { compatible: messages.length === 0, messages: [...new Set(messages)] }
}
