import type { SchemaRegistry } from '../../serdes/schema-registry/schema-registry.js'
import type { SchemaCommandLine } from './schema-command-line.js'

/** A command line, and the registry that it is about. */
export interface SchemaAt {
  readonly line: SchemaCommandLine
  /** Made where it is asked for: some actions can do without. @throws {UsageError} if none is configured */
  registry(): SchemaRegistry
  /** Names the internal topics of a module's topology. @throws {UsageError} if it is not given */
  applicationId(): string
}
