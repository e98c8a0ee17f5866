import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort, isPortFree } from '../local-server/free-port.js'
import { KeptServer } from '../local-server/kept-server.js'
import { serverFile } from '../local-server/package-file.js'
import { brokerAnswers } from './broker-probe.js'
import { type BrokerProperties, CONTROLLER_NODE, serverProperties } from './broker-properties.js'
import { processExists, readBrokerRecord, writeBrokerRecord } from './broker-record.js'
import { bootstrapSnapshot, type KafkaDistribution, kafkaDistribution } from './kafka-distribution.js'
import { stopLeftover } from './leftover-broker.js'

/** A broker's place in a cluster of several. */
export interface ClusterPlace {
  readonly nodeId: number
  readonly clusterId: string
  /** Where the controller, node 1, listens on 127.0.0.1. */
  readonly controllerPort: number
}

/** How a local broker is started. */
export interface KafkaBrokerOptions {
  /** Port on 127.0.0.1; default: a free one. */
  readonly port?: number
  /** Where its data stays; default: a temporary directory that is removed when it stops. */
  readonly dataDir?: string
  /** Broker properties on top of those of a single node, such as `{ 'log.cleaner.backoff.ms': 1000 }`. */
  readonly properties?: BrokerProperties
  /** Feature levels a new data directory is formatted with, such as `{ 'transaction.version': 1 }`; default: the latest. */
  readonly features?: Readonly<Record<string, number>>
  /** Default: a cluster of its own. */
  readonly place?: ClusterPlace
  /** Largest heap in MiB; default 768. */
  readonly heapMb?: number
  /** Optimizes less of its code: starts in half the time and is slower under load. Default false. */
  readonly quickStart?: boolean
  /** How long it may take to start, and to stop before it is killed, in milliseconds; default 60,000 and 20,000. */
  readonly startTimeoutMs?: number
  readonly stopTimeoutMs?: number
  /** Called before Kafka's jars are fetched, which happens once. */
  readonly onFetch?: () => void
}

/** The broker did not come up. The message holds the end of its log. */
export class BrokerStartError extends Error {
  override readonly name = 'BrokerStartError'
}

/** A data directory is in use by the broker of another running process. */
export class BrokerInUseError extends Error {
  override readonly name = 'BrokerInUseError'

  constructor(
    dataDir: string,
    readonly ownerPid: number,
    readonly port: number,
  ) {
    super(
      `the broker data in ${dataDir} is in use by process ${ownerPid}, whose broker listens on 127.0.0.1:${port}`,
    )
  }
}

const PORT_ATTEMPTS = 3
const PROBE_INTERVAL_MS = 50
const STARTED = 'Kafka Server started'

/**
 * A real Apache Kafka broker of one node, on loopback, for development and tests. It ends with this process,
 * however that ends.
 */
export class KafkaBroker implements AsyncDisposable {
  readonly brokers: readonly string[]

  private constructor(
    readonly port: number,
    readonly logFile: string,
    private readonly server: KeptServer,
  ) {
    this.brokers = [`127.0.0.1:${port}`]
  }

  /**
   * Starts a broker and resolves when it answers.
   *
   * @throws PrerequisiteError where Java or Maven is missing or too old
   * @throws BrokerInUseError where another running process has a broker on the same data
   * @throws BrokerStartError where the broker does not come up
   */
  static async start(options: KafkaBrokerOptions = {}): Promise<KafkaBroker> {
    const kafka = await kafkaDistribution(options.onFetch)
    const temporary = options.dataDir === undefined
    const dataDir = temporary
      ? await mkdtemp(join(tmpdir(), 'millrace-kafka-'))
      : resolve(options.dataDir as string)
    await mkdir(dataDir, { recursive: true })
    await refuseOrStopOther(dataDir)
    await format(kafka, dataDir, options)
    for (let attempt = 1; ; attempt++) {
      const port = options.port ?? (await preferredPort(dataDir))
      const launched = await KafkaBroker.launch(kafka, dataDir, port, temporary, options)
      if (launched instanceof KafkaBroker) return launched
      const portTaken = launched.includes('Address already in use')
      if (portTaken && options.port === undefined && attempt < PORT_ATTEMPTS) continue
      throw new BrokerStartError(`the Kafka broker on port ${port} did not start:\n${launched}`)
    }
  }

  /** Starts a broker on a port; gives the end of its log where that fails. */
  private static async launch(
    kafka: KafkaDistribution,
    dataDir: string,
    port: number,
    temporary: boolean,
    options: KafkaBrokerOptions,
  ): Promise<KafkaBroker | string> {
    const config = join(dataDir, 'server.properties')
    const logFile = join(dataDir, 'broker.log')
    const { nodeId = CONTROLLER_NODE, controllerPort = await freePort() } = options.place ?? {}
    const ports = { nodeId, port, controllerPort }
    const properties = serverProperties(ports, join(dataDir, 'data'), options.properties ?? {})
    await writeFile(config, properties)
    const removeAfter = temporary ? dataDir : join(dataDir, 'broker.json')
    const server = await KeptServer.start({
      command: kafka.java,
      args: [
        `-Xmx${options.heapMb ?? 768}m`,
        '-XX:+UseSerialGC',
        ...(options.quickStart ? ['-XX:TieredStopAtLevel=1'] : []),
        `-Dlog4j2.configurationFile=${serverFile('kafka-broker', 'log4j2.properties')}`,
        '-cp',
        kafka.classPath,
        'kafka.Kafka',
        config,
      ],
      logFile,
      stopTimeoutMs: options.stopTimeoutMs ?? 20_000,
      removeAfter,
    })
    const broker = new KafkaBroker(port, logFile, server)
    await writeBrokerRecord(dataDir, { pid: broker.pid, ownerPid: process.pid, port })
    if (await broker.answersWithin(options.startTimeoutMs ?? 60_000)) return broker
    const log = await server.endOfLog()
    await broker.stop()
    return log
  }

  private async answersWithin(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs
    while (this.running && performance.now() < deadline) {
      if ((await this.saysStarted()) && (await brokerAnswers(this.port))) return true
      await delay(PROBE_INTERVAL_MS)
    }
    return false
  }

  /** Else what answers on the port is another broker, and this one is about to find it taken. */
  private async saysStarted(): Promise<boolean> {
    return (await this.server.log()).includes(STARTED)
  }

  /** Process id of the broker itself, for tests that stop or kill it. */
  get pid(): number {
    return this.server.pid
  }

  /** Whether the broker's process has not ended. */
  get running(): boolean {
    return this.server.running
  }

  /** Lets this process end while the broker runs; the broker then ends with it. */
  unref(): void {
    this.server.unref()
  }

  /** Kills the broker, as a crash of its machine does; its data stays where that has a directory of its own. */
  async kill(): Promise<void> {
    this.server.signal('SIGKILL')
    await this.stop()
  }

  /** Stops the broker, or kills it after `stopTimeoutMs`. Resolves when it has ended. */
  stop(): Promise<void> {
    return this.server.stop()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}

/** A random id as Kafka writes ids: 16 bytes in URL-safe base 64, not beginning with a dash. */
export const kafkaId = (): string => {
  const id = randomBytes(16)
  id[0] = (id[0] as number) & 0x7f
  return id.toString('base64url')
}

const format = async (
  kafka: KafkaDistribution,
  dataDir: string,
  { features = {}, place }: KafkaBrokerOptions,
): Promise<void> => {
  const data = join(dataDir, 'data')
  const meta = join(data, 'meta.properties')
  if (existsSync(meta)) return
  await mkdir(data, { recursive: true })
  await copyFile(await bootstrapSnapshot(kafka, features), join(data, 'bootstrap.checkpoint'))
  const { nodeId = CONTROLLER_NODE, clusterId = kafkaId() } = place ?? {}
  const lines = ['version=1', `node.id=${nodeId}`, `cluster.id=${clusterId}`, `directory.id=${kafkaId()}`]
  await writeFile(meta, `${lines.join('\n')}\n`)
}

/** The port of the last start where it is still free, so that clients of the former broker find the new one. */
const preferredPort = async (dataDir: string): Promise<number> => {
  const config = join(dataDir, 'server.properties')
  const last = existsSync(config)
    ? /PLAINTEXT:\/\/127\.0\.0\.1:(\d+)/.exec(await readFile(config, 'utf8'))
    : null
  const port = Number(last?.[1])
  return port > 0 && (await isPortFree(port)) ? port : freePort()
}

const refuseOrStopOther = async (dataDir: string): Promise<void> => {
  const other = await readBrokerRecord(dataDir)
  if (other === undefined) return
  const owned = other.ownerPid !== process.pid && processExists(other.ownerPid)
  if (owned && (await brokerAnswers(other.port))) {
    throw new BrokerInUseError(dataDir, other.ownerPid, other.port)
  }
  await stopLeftover(other, dataDir)
}
