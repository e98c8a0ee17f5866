import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { PROJECT } from './deploy-files.js'

/** What brings the programs that the checks run. */
const BROUGHT_BY: Readonly<Record<string, string>> = {
  promtool: 'apt-get install prometheus',
  prometheus: 'apt-get install prometheus',
  'docker-compose': 'apt-get install docker-compose',
  python3: 'apt-get install python3 python3-pip',
}

export const missingTool = (program: string, cause: unknown): Error =>
  new Error(`${program} cannot be run: ${BROUGHT_BY[program]}`, { cause })

interface ToolOptions {
  readonly input?: string
  /** Default: the project. */
  readonly directory?: string
  /** Default: ours. */
  readonly env?: NodeJS.ProcessEnv
}

/** Runs a program; gives its standard output, or throws with all that it said where it fails. */
export async function tool(
  program: string,
  args: readonly string[],
  { input = '', directory = PROJECT, env = process.env }: ToolOptions = {},
): Promise<string> {
  const child = spawn(program, args, { cwd: directory, env })
  const closed = once(child, 'close').catch((cause: unknown) => {
    throw missingTool(program, cause)
  })
  child.stdin.on('error', () => {}).end(input)
  const [[code], stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)])
  if (code === 0) return stdout
  throw new Error(`${program} ${args.join(' ')} ended with ${String(code)}:\n${stdout}${stderr}`)
}
