import { SchemaNotFoundError } from '../../serdes/schema-registry/registry-errors.js'
import { resolveSchema } from '../../serdes/schema-registry/resolve-schema.js'
import type { SchemaRegistry } from '../../serdes/schema-registry/schema-registry.js'
import type { ResolvedSchema, SchemaText } from '../../serdes/schema-registry/schema-text.js'
import { settle } from '../../serdes/settle.js'

/**
 * A schema with what it refers to.
 *
 * @throws {SchemaNotFoundError} if that is not in the registry
 */
export const resolved = async (registry: SchemaRegistry, schema: SchemaText): Promise<ResolvedSchema> =>
  settle(
    resolveSchema(schema, async ({ subject, version }) => {
      const found = await registry.version(subject, version)
      if (found !== undefined) return found
      throw new SchemaNotFoundError(registry.name, `version ${version} of subject ${subject}`)
    }),
  )

/** The same without a registry, where the schema refers to nothing. */
export const atHand = async (registry: () => SchemaRegistry, schema: SchemaText): Promise<ResolvedSchema> =>
  schema.references === undefined
    ? { type: schema.type, schema: schema.schema, referenced: [] }
    : resolved(registry(), schema)
