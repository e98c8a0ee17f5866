import type { SchemaRegistry } from '../../serdes/schema-registry/schema-registry.js'
import { Configuration } from '../config/configuration.js'
import { ExitCode } from '../exit-code.js'
import { print } from '../print.js'
import { check } from './check.js'
import { diff } from './diff.js'
import { register } from './register.js'
import { registryOf } from './registry-of.js'
import { parseSchemaCommandLine, type SchemaAction, type SchemaCommandLine } from './schema-command-line.js'
import { SCHEMA_USAGE } from './schema-usage.js'
import { types } from './types.js'

/** A command line, and the registry that it is about. */
export interface SchemaAt {
  readonly line: SchemaCommandLine
  /** Made where it is asked for: some actions can do without. @throws {UsageError} if none is configured */
  registry(): SchemaRegistry
  /** Names the internal topics of a module's topology. @throws {UsageError} if it is not given */
  applicationId(): string
}

const ACTIONS: Readonly<Record<SchemaAction, (at: SchemaAt) => Promise<number>>> = {
  check,
  register,
  diff,
  types,
}

/** `millrace schema`: what is behind it on the command line. @returns the exit code */
export async function schema(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const line = parseSchemaCommandLine(args)
  if (line === 'help') {
    await print(SCHEMA_USAGE)
    return ExitCode.OK
  }
  const configuration = Configuration.readWithoutClient({ flags: line.flags, environment })
  let made: SchemaRegistry | undefined
  const registry = (): SchemaRegistry => {
    made ??= registryOf(configuration)
    return made
  }
  return ACTIONS[line.action]({ line, registry, applicationId: () => configuration.applicationId })
}
