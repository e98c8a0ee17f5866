import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../local-server/free-port.js'
import { type BrokerProperties, CONTROLLER_NODE } from './broker-properties.js'
import { KafkaBroker, type KafkaBrokerOptions, kafkaId } from './kafka-broker.js'

/** How a local cluster is started. */
export interface KafkaClusterOptions {
  /** How many brokers; default 3. */
  readonly size?: number
  /** Broker properties on top of those of a cluster that loses and finds its brokers within seconds. */
  readonly properties?: BrokerProperties
  /** Largest heap of each broker in MiB; default 256. */
  readonly heapMb?: number
}

/** Everything on every broker, and brokers that are missed after two seconds. */
const QUICK_CLUSTER: BrokerProperties = {
  'default.replication.factor': 3,
  'offsets.topic.replication.factor': 3,
  'transaction.state.log.replication.factor': 3,
  'transaction.state.log.min.isr': 2,
  'controlled.shutdown.enable': true,
  'broker.heartbeat.interval.ms': 300,
  'broker.session.timeout.ms': 2_000,
}

/**
 * Several real brokers on loopback, for tests of what happens when one of them is lost. Node 1 is the only
 * controller and stays; the others can be killed and started again.
 */
export class KafkaCluster implements AsyncDisposable {
  private readonly nodes = new Map<number, KafkaBroker>()

  private constructor(
    private readonly directory: string,
    private readonly options: ReadonlyMap<number, KafkaBrokerOptions>,
  ) {}

  /** Starts a cluster; resolves when all brokers answer. */
  static async start({
    size = 3,
    properties,
    heapMb = 256,
  }: KafkaClusterOptions = {}): Promise<KafkaCluster> {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-cluster-'))
    const clusterId = kafkaId()
    const controllerPort = await freePort()
    const options = new Map<number, KafkaBrokerOptions>()
    for (let nodeId = CONTROLLER_NODE; nodeId < CONTROLLER_NODE + size; nodeId++) {
      options.set(nodeId, {
        port: await freePort(),
        dataDir: join(directory, `node-${nodeId}`),
        place: { nodeId, clusterId, controllerPort },
        properties: { ...QUICK_CLUSTER, ...properties },
        heapMb,
        quickStart: true,
      })
    }
    const cluster = new KafkaCluster(directory, options)
    const started = await Promise.allSettled([...options.keys()].map((nodeId) => cluster.restart(nodeId)))
    const failed = started.find(({ status }) => status === 'rejected')
    if (failed?.status !== 'rejected') return cluster
    await cluster.stop()
    throw failed.reason
  }

  /** The addresses of all brokers, running or not. */
  get brokers(): string[] {
    return [...this.options.values()].map(({ port }) => `127.0.0.1:${port}`)
  }

  /** The address of one broker. */
  addressOf(nodeId: number): string {
    return `127.0.0.1:${this.options.get(nodeId)!.port}`
  }

  /** Kills a broker other than the controller. Its data stays. */
  async kill(nodeId: number): Promise<void> {
    if (nodeId === CONTROLLER_NODE) throw new RangeError(`node ${nodeId} is the controller`)
    await this.nodes.get(nodeId)!.kill()
  }

  /** Starts a broker that does not run; resolves when it answers. */
  async restart(nodeId: number): Promise<void> {
    this.nodes.set(nodeId, await KafkaBroker.start(this.options.get(nodeId)))
  }

  /** Stops all brokers, the controller last, and removes their data. */
  async stop(): Promise<void> {
    const { directory, nodes } = this
    const controller = nodes.get(CONTROLLER_NODE)
    await Promise.all([...nodes.values()].filter((node) => node !== controller).map((node) => node.kill()))
    await controller?.kill()
    await rm(directory, { recursive: true, force: true })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}
