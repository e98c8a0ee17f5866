import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { RunnerEvent, RunnerMilestone } from './runner-protocol.js'

/** How one side of the comparison is started: a command that takes a JSON object as its last argument. */
export interface RunnerCommand {
  readonly command: string
  readonly arguments: readonly string[]
}

const EXIT_TIMEOUT_MS = 30_000

/** A runner at work. It ends when its standard input does, so it never outlives the harness. */
export class RunnerProcess implements AsyncDisposable {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  private readonly milestones = new Map<RunnerMilestone['event'], PromiseWithResolver<RunnerMilestone>>()
  private readonly failed = promiseWithResolver<never>()
  private readonly exited: Promise<void>
  private complaints = ''

  constructor(
    runner: RunnerCommand,
    argument: object,
    private readonly signal: AbortSignal,
  ) {
    this.child = spawn(runner.command, [...runner.arguments, JSON.stringify(argument)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    // A failure is told to whoever waits for an event; nobody may be waiting when it comes.
    this.failed.promise.catch(() => {})
    signal.addEventListener('abort', this.stop)
    this.child.stdin.on('error', (error) => this.failed.reject(error))
    createInterface({ input: this.child.stdout }).on('line', (line) => this.read(line))
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.complaints = (this.complaints + text).slice(-8_000)
    })
    this.exited = new Promise((resolve) => this.child.once('close', () => resolve()))
    this.child.once('error', (error) => this.failed.reject(error))
    this.child.once('close', (code, signal) => {
      this.failed.reject(new Error(`the runner ended (${signal ?? `code ${code}`}):\n${this.complaints}`))
    })
  }

  private readonly stop = (): void => this.failed.reject(this.signal.reason)

  get pid(): number {
    return this.child.pid!
  }

  /** Resolves when the runner reports the event; rejects when it fails or ends before. */
  milestone(event: RunnerMilestone['event']): Promise<RunnerMilestone> {
    return this.orFailure(this.expected(event).promise)
  }

  /** What `promise` gives, unless the runner fails or ends before. */
  orFailure<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.failed.promise])
  }

  private expected(event: RunnerMilestone['event']): PromiseWithResolver<RunnerMilestone> {
    let milestone = this.milestones.get(event)
    if (milestone === undefined) {
      milestone = promiseWithResolver()
      this.milestones.set(event, milestone)
    }
    return milestone
  }

  private read(line: string): void {
    let event: RunnerEvent
    try {
      event = JSON.parse(line)
    } catch {
      this.complaints += `${line}\n`
      return
    }
    if (event.event === 'failed') this.failed.reject(new Error(`the runner failed: ${event.message}`))
    else this.expected(event.event).resolve(event)
  }

  /** Ends the runner's input and waits until it has gone; kills it if it stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.child.stdin.end()
    const timer = setTimeout(() => this.child.kill('SIGKILL'), EXIT_TIMEOUT_MS)
    await this.exited
    clearTimeout(timer)
    this.signal.removeEventListener('abort', this.stop)
  }
}

interface PromiseWithResolver<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(error: Error): void
}

function promiseWithResolver<T>(): PromiseWithResolver<T> {
  let resolve!: (value: T) => void
  let reject!: (error: Error) => void
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
