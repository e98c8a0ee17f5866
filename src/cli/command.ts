import { GroupActiveError } from '../runtime/application-reset.js'
import { userError } from '../runtime/user-error.js'
import { StateDirectoryLockedError } from '../state/state-errors.js'
import { parseCommandLine } from './command-line.js'
import { describe } from './describe.js'
import { ExitCode } from './exit-code.js'
import { packageVersion } from './package-version.js'
import { print } from './print.js'
import { reset } from './reset.js'
import { run } from './run/run.js'
import { topics } from './topics.js'
import { usage } from './usage.js'
import { UsageError } from './usage-error.js'

/**
 * The command `millrace`. What goes wrong before there is a log is a sentence on standard error, not a stack.
 *
 * @returns the exit code
 */
export async function command(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  try {
    return await follow(args, environment)
  } catch (error) {
    const { message, help } = userError(error)
    process.stderr.write(error instanceof UsageError ? `${message}\n` : `${message}\n(${help})\n`)
    return exitCodeOfError(error)
  }
}

function exitCodeOfError(error: unknown): number {
  if (error instanceof UsageError) return ExitCode.USAGE
  const active = error instanceof GroupActiveError || error instanceof StateDirectoryLockedError
  return active ? ExitCode.APPLICATION_ACTIVE : ExitCode.FAILED
}

async function follow(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  if (args[0] === 'schema') {
    // What it needs of other packages, the others do without.
    const { schema } = await import('./schema/schema.js')
    return schema(args.slice(1), environment)
  }
  const request = parseCommandLine(args)
  if (request === 'help' || request === 'version') {
    await print(request === 'help' ? usage() : `${packageVersion()}\n`)
    return ExitCode.OK
  }
  switch (request.command) {
    case 'run':
      return run(request, environment)
    case 'describe':
      return describe(request)
    case 'topics':
      return topics(request, environment)
    case 'reset':
      return reset(request, environment)
  }
}
