import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

const MAX_OUTPUT = 64 * 1024 * 1024

/** Of the environment, what npm has not put there for the script that runs these tests. */
export const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|config_local)_/.test(name)),
  )

/** Runs npm, that of the tests where they run by it; resolves with its standard output. */
export async function npm(directory: string, args: readonly string[]): Promise<string> {
  const own = process.env.npm_execpath
  const [command, before] = own === undefined ? ['npm', []] : [process.execPath, [own]]
  const shell = own === undefined && process.platform === 'win32'
  const options = { cwd: directory, env: environment(), maxBuffer: MAX_OUTPUT, shell }
  return (await run(command, [...before, ...args], options)).stdout
}
