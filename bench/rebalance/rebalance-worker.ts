import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** What a worker is started with: one JSON object. */
export interface WorkerArguments {
  readonly brokers: string
  readonly applicationId: string
  readonly inputTopic: string
  readonly outputTopic: string
  readonly stateDir: string
}

export type WorkerRequest = 'look' | 'stops' | 'close'

/** Answers to `look` and to `stops`. */
export type WorkerReport =
  | { readonly running: boolean; readonly tasks: readonly string[] }
  | { readonly stops: readonly (readonly [partition: number, milliseconds: number])[] }

const MAIN = join(import.meta.dirname, '..', 'millrace-runner', 'rebalance-main.js')

/** A process of the application. It ends when the harness does. */
export class RebalanceWorker implements AsyncDisposable {
  private readonly child: ChildProcess
  private readonly exited: Promise<unknown>

  constructor(argument: WorkerArguments) {
    this.child = fork(MAIN, [JSON.stringify(argument)])
    this.exited = once(this.child, 'exit')
  }

  private async ask<Report extends WorkerReport>(request: WorkerRequest): Promise<Report> {
    const answer = once(this.child, 'message')
    this.child.send(request)
    const ended = this.exited.then(() => {
      throw new Error('a worker ended before it was asked to')
    })
    const [report] = (await Promise.race([answer, ended])) as [Report]
    return report
  }

  /** Whether all its tasks run, and how many they are. */
  async runs(tasks: number): Promise<boolean> {
    const look = await this.ask<Extract<WorkerReport, { running: boolean }>>('look')
    return look.running && look.tasks.length === tasks
  }

  /** How long each partition stood still at most since the last call, in milliseconds. */
  async stops(): Promise<ReadonlyMap<number, number>> {
    return new Map((await this.ask<Extract<WorkerReport, { stops: unknown }>>('stops')).stops)
  }

  /** Partitions of the tasks that it has. */
  async partitions(): Promise<number[]> {
    const { tasks } = await this.ask<Extract<WorkerReport, { running: boolean }>>('look')
    return tasks.map((task) => Number(task.split('_')[1]))
  }

  /** Leaves the group in order. */
  async close(): Promise<void> {
    this.child.send('close')
    await this.exited
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.exited
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill()
  }
}
