import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { KeeperTask } from './server-keeper.js'

/** A server that ends with this process, however that ends. */
export class KeptServer {
  private constructor(
    /** Process id of the server itself. */
    readonly pid: number,
    private readonly keeper: ChildProcess,
    private readonly task: KeeperTask,
  ) {}

  static async start(task: KeeperTask): Promise<KeptServer> {
    const script = fileURLToPath(new URL('./server-keeper.js', import.meta.url))
    const keeper = spawn(process.execPath, [script, JSON.stringify(task)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    })
    const [line] = (await once(keeper.stdout as Socket, 'data')) as [Buffer]
    return new KeptServer(Number(line.toString()), keeper, task)
  }

  /** Whether the server's process has not ended. */
  get running(): boolean {
    return this.keeper.exitCode === null && this.keeper.signalCode === null
  }

  /** All that the server has printed. */
  log(): Promise<string> {
    return readFile(this.task.logFile, 'utf8')
  }

  async endOfLog(): Promise<string> {
    return (await this.log()).split('\n').slice(-40).join('\n')
  }

  /** Lets this process end while the server runs; the server then ends with it. */
  unref(): void {
    this.keeper.unref()
    for (const stream of [this.keeper.stdin, this.keeper.stdout]) (stream as Socket).unref()
  }

  /** Sends a signal, if the server still runs. */
  signal(signal: NodeJS.Signals): void {
    if (this.running) process.kill(this.pid, signal)
  }

  /** Stops the server, or kills it after `stopTimeoutMs`. Resolves when it has ended. */
  async stop(): Promise<void> {
    if (this.running) {
      this.keeper.ref()
      const ended = once(this.keeper, 'exit')
      this.keeper.stdin?.end()
      await ended
    }
    // The keeper leaves the data of a server that ended by itself, for its log.
    await rm(this.task.removeAfter, { recursive: true, force: true })
  }
}
