import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { CommandProcess, type JsonLine } from './command-process.js'

const MAIN = fileURLToPath(new URL('./start-main.js', import.meta.url))

/** A line of `--progress json`. */
export type ProgressLine = JsonLine & { readonly event: string }

/** `npm start` in a process of its own, without npm and without a build. */
export class StartCommand extends CommandProcess {
  constructor(args: readonly string[], environment: Readonly<Record<string, string | undefined>>) {
    super(MAIN, args, { KAFKA_BROKERS: undefined, ...environment })
  }

  /** The lines of `--progress json` so far. */
  override get lines(): ProgressLine[] {
    return super.lines as ProgressLine[]
  }

  /** The last line of `--progress json`. Throws where there is none yet. */
  get summary(): ProgressLine {
    const summary = this.lines.find(({ event }) => event === 'summary')
    if (summary === undefined) throw new Error(`npm start has given no summary:\n${this.stderr}`)
    return summary
  }

  /** The first line of `--progress json` from now on that meets a condition. Throws where the process ends before. */
  async progress(condition: (line: ProgressLine) => boolean): Promise<ProgressLine> {
    const ended = this.exited.then(() => undefined)
    for (let told = this.lines.length; ; ) {
      const met = this.lines.slice(told).find(condition)
      if (met !== undefined) return met
      told = this.lines.length
      const more = await Promise.race([once(this.process.stdout!, 'data'), ended])
      if (more === undefined) break
    }
    throw new Error(`npm start ended before the progress that was waited for:\n${this.stderr}`)
  }
}
