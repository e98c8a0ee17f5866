import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import type { ImageConfig } from './dockerfile.js'

const run = promisify(execFile)

/** Where the directories of an image are on this machine, by their paths in it. */
export type Mounts = Readonly<Record<string, string>>

export interface ContainerOptions {
  /** On top of those of the image. */
  readonly env: Readonly<Record<string, string>>
  /** In place of that of the image. */
  readonly command?: readonly string[]
}

/** What a container has, and we would not see that something needs: a home, and a place for temporary files. */
const NOWHERE = '/nonexistent'

/**
 * What a container of an image would run, as a plain process: the entrypoint with the environment of the image and nothing of
 * ours, in its directory, as its user where the tests run as root, its health check beside it, ended by its stop signal.
 */
export class Container implements AsyncDisposable {
  stdout = ''
  stderr = ''
  private readonly process: ChildProcess
  /** Its exit code; null where a signal ended it. */
  readonly exited: Promise<number | null>

  constructor(
    private readonly image: ImageConfig,
    private readonly mounts: Mounts,
    private readonly options: ContainerOptions,
  ) {
    const [program, ...args] = [...image.entrypoint, ...(options.command ?? image.command)]
    this.process = spawn(executable(program!), args, { ...this.setting, stdio: ['ignore', 'pipe', 'pipe'] })
    this.process.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text
    })
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
    this.exited = once(this.process, 'close').then(([code]) => code as number | null)
  }

  /** As what a process of the container runs. */
  private get setting() {
    const { image, mounts, options } = this
    const [uid, gid] = image.user.split(':').map(Number)
    const env: Record<string, string> = { PATH: process.env.PATH!, HOME: NOWHERE, TMPDIR: NOWHERE }
    for (const [name, value] of Object.entries({ ...image.env, ...options.env }))
      env[name] = mounted(value, mounts)
    return {
      cwd: mounted(image.directory, mounts),
      env,
      ...(process.getuid?.() === 0 ? { uid: uid!, gid: gid! } : {}),
    }
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null
  }

  /** What Docker would ask, once. */
  async healthy(): Promise<boolean> {
    const [program, ...args] = this.image.healthCheck
    return run(executable(program!), args, this.setting).then(
      () => true,
      () => false,
    )
  }

  /** Runs something else in the container; rejects where it fails. */
  async exec(program: string, ...args: readonly string[]): Promise<string> {
    return (await run(executable(program), args, this.setting)).stdout
  }

  /** Sends the stop signal; resolves with the exit code. */
  stop(): Promise<number | null> {
    this.process.kill(this.image.stopSignal as NodeJS.Signals)
    return this.exited
  }

  /** Kills it where it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL')
    await this.exited
  }
}

/** The image brings a Node.js; here it is that of the tests. */
const executable = (program: string): string => (program === 'node' ? process.execPath : program)

const mounted = (value: string, mounts: Mounts): string => {
  const found = Object.entries(mounts).find(([path]) => value === path || value.startsWith(`${path}/`))
  return found === undefined ? value : found[1] + value.slice(found[0].length)
}
