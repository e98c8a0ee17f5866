import { type Steps, step } from '../settle.js'
import { checkEvolution } from './evolution/check-evolution.js'
import { versionsCompared } from './evolution/explain.js'
import { IncompatibleSchemaError } from './registry-errors.js'
import type { SchemaLoader } from './schema-loader.js'
import type { SchemaRegistry } from './schema-registry.js'
import type { ResolvedSchema, SchemaId, SchemaText } from './schema-text.js'

/**
 * Makes a schema a version of a subject.
 *
 * @throws {IncompatibleSchemaError} if the subject does not take it, with the registry's reasons and, behind them, ours
 * @throws what the registry throws
 */
export function* registerSchema(
  registry: SchemaRegistry,
  loader: SchemaLoader,
  subject: string,
  schema: SchemaText,
): Steps<SchemaId> {
  try {
    return yield* step(registry.register(subject, schema))
  } catch (error) {
    if (!(error instanceof IncompatibleSchemaError)) throw error
    const ours = yield* reasonsOf(registry, loader, subject, schema)
    const added = ours.filter((reason) => !error.reasons.includes(reason))
    if (added.length === 0) throw error
    throw new IncompatibleSchemaError(subject, [...error.reasons, ...added], { cause: error })
  }
}

/** Why a schema cannot be the next version, field by field; none where that cannot be told. */
function* reasonsOf(
  registry: SchemaRegistry,
  loader: SchemaLoader,
  subject: string,
  schema: SchemaText,
): Steps<readonly string[]> {
  try {
    const compatibility = yield* step(registry.compatibility(subject))
    const versions = yield* step(registry.versions(subject))
    const older: ResolvedSchema[] = []
    for (const version of versionsCompared(versions, compatibility))
      older.push(yield* loader.resolve(version))
    return checkEvolution(older, yield* loader.resolve(schema), compatibility).messages
  } catch {
    // It is refused all the same, and the registry has said why.
    return []
  }
}
