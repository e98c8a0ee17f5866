import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('./start-main.js', import.meta.url))

/** A line of `--progress json`. */
export type ProgressLine = Readonly<Record<string, unknown>> & { readonly event: string }

const parsed = (lines: readonly string[]): ProgressLine[] =>
  lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as ProgressLine)

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

  /** The lines of `--progress json` so far. */
  get lines(): ProgressLine[] {
    return parsed(this.stdout.split('\n'))
  }

  /** The last line of `--progress json`. Throws where there is none yet. */
  get summary(): ProgressLine {
    const summary = this.lines.find(({ event }) => event === 'summary')
    if (summary === undefined) throw new Error(`npm start has given no summary:\n${this.stderr}`)
    return summary
  }

  get pid(): number {
    return this.process.pid!
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal)
  }

  /** The first line of `--progress json` from now on that meets a condition. Throws where the process ends before. */
  async progress(condition: (line: ProgressLine) => boolean): Promise<ProgressLine> {
    let rest = ''
    const ended = this.exited.then(() => undefined)
    for (;;) {
      const read = once(this.process.stdout!, 'data').then(([chunk]) => String(chunk))
      const chunk = await Promise.race([read, ended])
      if (chunk === undefined) break
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      const met = parsed(lines).find(condition)
      if (met !== undefined) return met
    }
    throw new Error(`npm start ended before the progress that was waited for:\n${this.stderr}`)
  }

  /** Kills it where it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL')
    await this.exited
  }
}
