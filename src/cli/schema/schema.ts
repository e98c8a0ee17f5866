import type { SchemaRegistry } from '../../serdes/schema-registry/schema-registry.js'
import { Configuration } from '../config/configuration.js'
import { ExitCode } from '../exit-code.js'
import { print } from '../print.js'
import { check } from './check.js'
import { diff } from './diff.js'
import { register } from './register.js'
import { registryOf } from './registry-of.js'
import type { SchemaAt } from './schema-at.js'
import { parseSchemaCommandLine, type SchemaAction } from './schema-command-line.js'
import { SCHEMA_USAGE } from './schema-usage.js'
import { types } from './types.js'

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
