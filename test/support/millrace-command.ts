import { fileURLToPath } from 'node:url'
import { CommandProcess } from './command-process.js'

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))

/** The command `millrace` in a process of its own. */
export class MillraceCommand extends CommandProcess {
  constructor(args: readonly string[], environment: Readonly<Record<string, string | undefined>> = {}) {
    super(MAIN, args, { MILLRACE_TEST_BROKERS: undefined, ...environment })
  }

  /** Asks its server, once it listens. */
  async get(path: string): Promise<Response> {
    const { port } = await this.line('an address', ({ event }) => event === 'listening')
    return fetch(`http://127.0.0.1:${port}${path}`)
  }
}
