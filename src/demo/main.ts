import { start } from './start.js'
import { parseStartOptions, USAGE } from './start-options.js'
import { UsageError } from './usage-error.js'

const USAGE_EXIT_CODE = 2

/** `npm start`: gives the exit code. Errors are a sentence on standard error, not a stack. */
export const main = async (args: readonly string[]): Promise<number> => {
  try {
    const options = parseStartOptions(args)
    if (options.help) process.stdout.write(`${USAGE}\n`)
    else await start(options)
    return 0
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return error instanceof UsageError ? USAGE_EXIT_CODE : 1
  }
}
