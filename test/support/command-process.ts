import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { until } from './until.js'

/** A line of JSON that a process has written. */
export type JsonLine = Readonly<Record<string, unknown>>

/** A module that runs in a process of its own. */
export class CommandProcess implements AsyncDisposable {
  /** What it has written so far. */
  stdout = ''
  stderr = ''
  protected readonly process: ChildProcess
  /** Its exit code; null where a signal ended it. */
  readonly exited: Promise<number | null>
  private ended = false

  /** @param environment beside that of the tests; undefined: without this variable */
  constructor(
    module: string,
    args: readonly string[],
    environment: Readonly<Record<string, string | undefined>> = {},
  ) {
    this.process = spawn(process.execPath, [module, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    })
    this.process.stdout!.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString()
    })
    this.process.stderr!.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString()
    })
    this.exited = once(this.process, 'close').then(([code]) => {
      this.ended = true
      return code as number | null
    })
  }

  /** The whole lines of JSON on standard output so far. */
  get lines(): JsonLine[] {
    const whole = this.stdout.split('\n').slice(0, -1)
    return whole.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as JsonLine)
  }

  /** The first line that meets a condition, written by now or later. Throws where the process ends without it. */
  async line(what: string, condition: (line: JsonLine) => boolean): Promise<JsonLine> {
    let met: JsonLine | undefined
    await until(what, () => {
      const { ended } = this
      met = this.lines.find(condition)
      if (met === undefined && ended)
        throw new Error(`it ended without ${what}:\n${this.stdout}${this.stderr}`)
      return met !== undefined
    })
    return met!
  }

  get pid(): number {
    return this.process.pid!
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal)
  }

  /** Kills it where it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL')
    await this.exited
  }
}
