import { ExitCode } from '../cli/exit-code.js'
import { UsageError } from '../cli/usage-error.js'
import { start } from './start.js'
import { parseStartOptions, USAGE } from './start-options.js'

/** `npm start`: gives the exit code. Errors are a sentence on standard error, not a stack. */
export const main = async (args: readonly string[]): Promise<number> => {
  try {
    const options = parseStartOptions(args)
    if (options.help) process.stdout.write(`${USAGE}\n`)
    else await start(options)
    return ExitCode.OK
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return error instanceof UsageError ? ExitCode.USAGE : ExitCode.FAILED
  }
}
