import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('./start-main.js', import.meta.url))

/** A line of `--progress json`. */
export type ProgressLine = Readonly<Record<string, unknown>> & { readonly event: string }

/** `npm start` in a process of its own, without npm and without a build. */
export class StartCommand implements AsyncDisposable {
  /** What it has written so far. */
  stdout = ''
  stderr = ''
  private readonly process: ChildProcess
  /** Its exit code; null where a signal ended it. */
  readonly exited: Promise<number | null>

  constructor(args: readonly string[], environment: Readonly<Record<string, string | undefined>>) {
    this.process = spawn(process.execPath, [MAIN, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, KAFKA_BROKERS: undefined, ...environment },
    })
    this.process.stdout!.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString()
    })
    this.process.stderr!.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString()
    })
    this.exited = once(this.process, 'close').then(([code]) => code as number | null)
  }

  get pid(): number {
    return this.process.pid!
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal)
  }

  /** The first line of `--progress json` from now on that meets a condition. Throws where the process ends before. */
  async progress(condition: (line: ProgressLine) => boolean): Promise<ProgressLine> {
    for await (const text of createInterface({ input: this.process.stdout as Readable })) {
      if (!text.startsWith('{')) continue
      const line = JSON.parse(text) as ProgressLine
      if (condition(line)) return line
    }
    throw new Error(`npm start ended before the progress that was waited for:\n${this.stderr}`)
  }

  /** Kills it where it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL')
    await this.exited
  }
}
