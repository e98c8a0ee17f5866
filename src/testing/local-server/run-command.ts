import { spawn } from 'node:child_process'

/** A command that could not be started or that failed, with what it printed. */
export class CommandError extends Error {
  override readonly name = 'CommandError'

  constructor(
    command: string,
    /** Whether there is no such command. */
    readonly missing: boolean,
    output: string,
  ) {
    super(missing ? `${command}: command not found` : `${command} failed:\n${output.trim()}`)
  }
}

/** Runs a command to its end and gives what it printed on both outputs. Throws {@link CommandError}. */
export const runCommand = (command: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk: Buffer): void => {
      output += chunk.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(new CommandError(command, error.code === 'ENOENT', error.message)),
    )
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new CommandError(`${command} ${args[0] ?? ''}`, false, output)),
    )
  })
