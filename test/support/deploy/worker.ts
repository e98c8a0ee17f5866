import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../src/testing/local-server/free-port.js'
import { until } from '../until.js'
import { Container, type Mounts } from './container.js'
import type { ImageConfig } from './dockerfile.js'

/** An image, and where its application is on this machine. */
export interface InstalledImage {
  readonly config: ImageConfig
  readonly mounts: Mounts
}

/** What the states of workers are in, gone with the test; each of them can get at its own. */
export class StateVolumes implements AsyncDisposable {
  private constructor(private readonly directory: string) {}

  static async make(): Promise<StateVolumes> {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-states-'))
    await chmod(directory, 0o755)
    return new StateVolumes(directory)
  }

  /** A directory of the user of an image. */
  async volume(name: string, { user }: ImageConfig): Promise<string> {
    const path = join(this.directory, name)
    await mkdir(path)
    const [uid, gid] = user.split(':').map(Number)
    if (process.getuid?.() === 0) await chown(path, uid!, gid!)
    return path
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true })
  }
}

export interface WorkerOptions {
  /** Its group.instance.id, and the folder of its state. */
  readonly name: string
  readonly brokers: readonly string[]
  readonly application: string
  /** Default: that of the image. */
  readonly command?: readonly string[]
}

/** A container of the image with a state of its own, on loopback. */
export class Worker implements AsyncDisposable {
  private constructor(
    readonly container: Container,
    private readonly port: number,
    /** The directory of its state. */
    readonly state: string,
  ) {}

  static async start(
    { config, mounts }: InstalledImage,
    states: StateVolumes,
    { name, brokers, application, command }: WorkerOptions,
  ): Promise<Worker> {
    const [volume] = config.volumes
    const state = await states.volume(name, config)
    const port = await freePort()
    const env = {
      MILLRACE_APPLICATION_ID: application,
      MILLRACE_BROKERS: brokers.join(','),
      MILLRACE_GROUP_INSTANCE_ID: name,
      MILLRACE_HTTP_HOST: '127.0.0.1',
      MILLRACE_HTTP_PORT: String(port),
    }
    const container = new Container(
      config,
      { ...mounts, [volume!]: state },
      { env, ...(command === undefined ? {} : { command }) },
    )
    return new Worker(container, port, state)
  }

  get address(): string {
    return `127.0.0.1:${this.port}`
  }

  get url(): string {
    return `http://${this.address}`
  }

  /** Waits until all of its tasks are at work; rejects where it ends before. */
  async untilReady(): Promise<void> {
    await until(`the worker on ${this.address} is ready`, async () => {
      if (!this.container.running) throw new Error(`the worker has ended:\n${this.container.stderr}`)
      return fetch(`${this.url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.container[Symbol.asyncDispose]()
  }
}
