import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../local-server/free-port.js'
import { KeptServer } from '../local-server/kept-server.js'
import { registryDistribution } from './registry-distribution.js'

/** How a local schema registry is started. */
export interface SchemaRegistryServerOptions {
  /** Port on 127.0.0.1; default: a free one. */
  readonly port?: number
  /** Where it keeps what it holds, for the next one that is started there; default: in memory. */
  readonly dataDir?: string
  /** How long it may take to start, in milliseconds; default 60,000. */
  readonly startTimeoutMs?: number
  /** Called before the registry is fetched, which happens once. */
  readonly onFetch?: () => void
}

interface Launch {
  readonly java: string
  readonly jar: string
  readonly port: number
  readonly dataDir: string | undefined
  readonly startTimeoutMs: number
}

/** The registry did not come up. The message holds the end of its log. */
export class SchemaRegistryStartError extends Error {
  override readonly name = 'SchemaRegistryStartError'
}

/** Another process has the registry's files. */
export class SchemaRegistryInUseError extends Error {
  override readonly name = 'SchemaRegistryInUseError'
}

const PORT_ATTEMPTS = 3
const PROBE_INTERVAL_MS = 50
const STOP_TIMEOUT_MS = 5_000

/**
 * A real schema registry, Apicurio Registry, on loopback, for development and tests.
 * It ends with this process, however that ends.
 */
export class SchemaRegistryServer implements AsyncDisposable {
  /** Where it speaks as Confluent's registry does. */
  readonly url: string

  private constructor(
    readonly port: number,
    private readonly server: KeptServer,
  ) {
    this.url = `http://127.0.0.1:${port}/apis/ccompat/v7`
  }

  /**
   * Starts a registry and resolves when it answers.
   *
   * @throws PrerequisiteError where Java or Maven is missing or too old
   * @throws SchemaRegistryInUseError where another process has its files
   * @throws SchemaRegistryStartError where the registry does not come up
   */
  static async start(options: SchemaRegistryServerOptions = {}): Promise<SchemaRegistryServer> {
    const { java, jar } = await registryDistribution(options.onFetch)
    const { dataDir, startTimeoutMs = 60_000 } = options
    for (let attempt = 1; ; attempt++) {
      const port = options.port ?? (await freePort())
      const launched = await SchemaRegistryServer.launch({ java, jar, port, dataDir, startTimeoutMs })
      if (launched instanceof SchemaRegistryServer) return launched
      const portTaken = launched.includes('in use by another process')
      if (portTaken && options.port === undefined && attempt < PORT_ATTEMPTS) continue
      if (launched.includes('The file is locked')) {
        throw new SchemaRegistryInUseError(`the schema registry in ${dataDir} belongs to another process`)
      }
      throw new SchemaRegistryStartError(`the schema registry on port ${port} did not start:\n${launched}`)
    }
  }

  /** Starts a registry on a port; gives the end of its log where that fails. */
  private static async launch({
    java,
    jar,
    port,
    dataDir,
    startTimeoutMs,
  }: Launch): Promise<SchemaRegistryServer | string> {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-registry-'))
    const server = await KeptServer.start({
      command: java,
      args: [
        '-Xmx256m',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        `-Djava.io.tmpdir=${directory}`,
        '-Dquarkus.http.host=127.0.0.1',
        `-Dquarkus.http.port=${port}`,
        ...(dataDir === undefined
          ? []
          : [`-Dquarkus.datasource.jdbc.url=jdbc:h2:file:${resolve(dataDir, 'registry')}`]),
        '-jar',
        jar,
      ],
      logFile: join(directory, 'registry.log'),
      stopTimeoutMs: STOP_TIMEOUT_MS,
      removeAfter: directory,
    })
    const registry = new SchemaRegistryServer(port, server)
    if (await registry.answersWithin(startTimeoutMs)) return registry
    const log = await server.endOfLog()
    await server.stop()
    return log
  }

  private async answersWithin(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs
    while (this.running && performance.now() < deadline) {
      if ((await this.saysStarted()) && (await this.answers())) return true
      await delay(PROBE_INTERVAL_MS)
    }
    return false
  }

  /** Else what answers on the port may be another server. */
  private async saysStarted(): Promise<boolean> {
    return (await this.server.log()).includes(`Listening on: http://127.0.0.1:${this.port}`)
  }

  private async answers(): Promise<boolean> {
    const response = await fetch(`${this.url}/subjects`)
    await response.arrayBuffer()
    return response.ok
  }

  get pid(): number {
    return this.server.pid
  }

  /** Whether the registry's process has not ended. */
  get running(): boolean {
    return this.server.running
  }

  /** Lets this process end while the registry runs; the registry then ends with it. */
  unref(): void {
    this.server.unref()
  }

  /** Makes it hold still: it takes connections and answers nothing. On POSIX only. */
  suspend(): void {
    this.server.signal('SIGSTOP')
  }

  /** Lets it go on after {@link suspend}. */
  resume(): void {
    this.server.signal('SIGCONT')
  }

  /** Stops the registry; what it held in memory is lost. Resolves when it has ended. */
  stop(): Promise<void> {
    // One that holds still would not hear that it is to stop.
    this.resume()
    return this.server.stop()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}
