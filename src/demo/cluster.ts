import { UsageError } from '../cli/usage-error.js'
import { BrokerInUseError, KafkaBroker, readBrokerRecord } from '../testing/kafka-broker/index.js'
import { brokerDirectory } from './project-data.js'

/** Brokers to work with, and a broker of our own where we started one. */
export class Cluster implements AsyncDisposable {
  private constructor(
    readonly brokers: readonly string[],
    private readonly own: KafkaBroker | undefined,
  ) {}

  /** Whether the broker was started by us, and stops with us. */
  get started(): boolean {
    return this.own !== undefined
  }

  /**
   * The brokers of KAFKA_BROKERS; else one of our own, whose data stays in the project; for a worker the one that the
   * application runs in this project.
   *
   * @throws UsageError where there is no broker for a worker, or the application runs already
   */
  static async open(worker: boolean, say: (text: string) => void): Promise<Cluster> {
    const given = process.env.KAFKA_BROKERS
    if (given)
      return new Cluster(
        given.split(',').map((broker) => broker.trim()),
        undefined,
      )
    return worker ? Cluster.ofRunning() : Cluster.start(say)
  }

  private static async ofRunning(): Promise<Cluster> {
    const running = await readBrokerRecord(brokerDirectory())
    if (running !== undefined) return new Cluster([`127.0.0.1:${running.port}`], undefined)
    throw new UsageError(
      'there is no running application to join in this project: start one with npm start, or name its brokers in KAFKA_BROKERS',
    )
  }

  private static async start(say: (text: string) => void): Promise<Cluster> {
    try {
      const broker = await KafkaBroker.start({
        dataDir: brokerDirectory(),
        onFetch: () => say('Fetching Apache Kafka, once ...'),
      })
      return new Cluster(broker.brokers, broker)
    } catch (error) {
      if (!(error instanceof BrokerInUseError)) throw error
      throw new UsageError(
        `an application runs in this project already (process ${error.ownerPid}, broker 127.0.0.1:${error.port}): join it with npm start -- --worker, or stop it first`,
        { cause: error },
      )
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.own?.stop()
  }
}
