import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { until } from '../support/until.js'
import { DRAIN } from './settings.js'
import type { WorkerArguments, WorkerStatus } from './worker.js'

const MAIN = fileURLToPath(new URL('./worker.js', import.meta.url))
const STARTING: WorkerStatus = { state: 'starting', tasks: 0, processed: 0, restored: 0 }

interface WorkerLine {
  readonly status?: WorkerStatus
  readonly killedAt?: string
  readonly warning?: string
  /** Of the warning. */
  readonly code?: string
  readonly error?: string
}

/** A worker, from its start to its end. */
export class WorkerProcess {
  /** As it was last heard of. */
  status = STARTING
  /** The codes of its warnings. */
  readonly warnings: string[] = []
  /** The point of a commit at which it killed itself, as ordered. */
  killedAt: string | undefined
  /** What ended it against our will. */
  failure: string | undefined
  /** Exit code and signal. */
  readonly exited: Promise<[number | null, NodeJS.Signals | null]>
  private readonly child: ChildProcess

  constructor(
    readonly name: string,
    readonly argument: WorkerArguments,
    private readonly logFile: string,
  ) {
    this.child = spawn(process.execPath, [MAIN, JSON.stringify(argument)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.exited = once(this.child, 'close') as typeof this.exited
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.read(line))
    createInterface({ input: this.child.stderr! }).on('line', (line) => {
      this.failure ??= line
      this.log(line)
    })
  }

  get pid(): number {
    return this.child.pid!
  }

  private read(line: string): void {
    const { status, killedAt, warning, code, error } = JSON.parse(line) as WorkerLine
    if (status !== undefined) this.status = status
    if (code !== undefined) this.warnings.push(code)
    if (killedAt !== undefined) this.killedAt = killedAt
    if (error !== undefined) this.failure = error
    const news = killedAt ?? warning ?? error
    if (news !== undefined) this.log(news)
  }

  private log(text: string): void {
    appendFileSync(this.logFile, `${new Date().toISOString()} ${this.name} ${this.pid} ${text}\n`)
  }

  /** Waits until it has come to some state; rejects where it ended by itself. */
  async until(what: string, holds: (status: WorkerStatus) => boolean): Promise<void> {
    await until(`${this.name} ${what}`, () => {
      if (this.failure !== undefined) throw new Error(`${this.name} failed: ${this.failure}`)
      return holds(this.status)
    })
  }

  /** Has it kill itself at the next commit that comes to a point. */
  killAt(point: string): void {
    this.child.send(point)
  }

  /** Has event time end where it comes from watermarks, as soon as all is read. */
  drain(): void {
    this.child.send(DRAIN)
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.exited
  }

  /** Stops its time, and lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal)
  }

  /** Ends it in order. Throws where it does not end well. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM')
    const [code, signal] = await this.exited
    if (code !== 0)
      throw new Error(`${this.name} ended with ${signal ?? code}: ${this.failure ?? 'no reason'}`)
  }
}
