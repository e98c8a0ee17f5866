import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import type { FaultRule, RequestSelector } from '../support/fault-proxy/fault-rule.js'
import { FaultProxy } from '../support/fault-proxy.js'
import type { RequestFrame } from '../support/kafka-frames.js'
import { until } from '../support/until.js'
import type { ChaosOptions } from './options.js'
import { EXTRA, STAYING, THREADS } from './settings.js'
import { WorkerProcess } from './worker-process.js'
import { tasksOf } from './workload.js'
import { WORKLOADS } from './workloads.js'

/** Changelogs must stay whole: a local store is compared with its changelog as that was at the store's position. */
const PROPERTIES = { 'log.cleaner.enable': false }

/** A broker, and the workers, each behind a fault proxy of its own: two that stay, one more at times. */
export class ChaosCluster implements AsyncDisposable {
  private brokersEnded = 0
  private readonly workers = new Map<string, WorkerProcess>()
  private readonly codes: string[][] = []
  readonly logFile: string
  /** As they are in requests. */
  changelogIds: readonly Buffer[] = []
  /** How many there are. */
  private readonly tasks: number

  private constructor(
    readonly directory: string,
    private broker: KafkaBroker,
    private readonly proxies: ReadonlyMap<string, FaultProxy>,
    private readonly options: ChaosOptions,
  ) {
    this.logFile = join(directory, 'workers.log')
    this.tasks = tasksOf(WORKLOADS[options.topology])
  }

  static async start(directory: string, options: ChaosOptions): Promise<ChaosCluster> {
    await mkdir(directory, { recursive: true })
    const broker = await KafkaBroker.start({ dataDir: join(directory, 'kafka'), properties: PROPERTIES })
    const proxies = new Map<string, FaultProxy>()
    for (const name of [...STAYING, EXTRA]) proxies.set(name, await FaultProxy.start(broker.brokers))
    return new ChaosCluster(directory, broker, proxies, options)
  }

  /** The broker itself, for those that no fault is meant for. */
  get brokers(): readonly string[] {
    return this.broker.brokers
  }

  /** The request that makes a commit durable. */
  get endOfCommit(): 'EndTxn' | 'OffsetCommit' {
    return this.options.guarantee === 'exactly_once' ? 'EndTxn' : 'OffsetCommit'
  }

  /** What stands between a worker and the broker. */
  proxyOf(worker: string): FaultProxy {
    return this.proxies.get(worker)!
  }

  /** Loses the next response, whichever worker it is for. */
  loseResponse(selector: RequestSelector): FaultRule[] {
    return [...this.proxies.values()].map((proxy) => proxy.loseResponse(selector))
  }

  /** Tells of the next request of a worker for records of a changelog. */
  watchRestore(worker: string): FaultRule {
    const where = ({ body }: RequestFrame): boolean => this.changelogIds.some((id) => body.includes(id))
    return this.proxyOf(worker).watch({ api: 'Fetch', where })
  }

  /** How often workers have warned of something, those that are gone too. */
  warningsOf(code: string): number {
    return this.codes.flat().filter((each) => each === code).length
  }

  /** The workers that there have been. */
  get workerNames(): string[] {
    return [...this.workers.keys()]
  }

  stateDirOf(worker: string): string {
    return join(this.directory, worker)
  }

  /** Starts a worker, or starts it again. */
  startWorker(name: string): WorkerProcess {
    const argument = {
      brokers: this.proxyOf(name).brokers,
      topology: this.options.topology,
      guarantee: this.options.guarantee,
      stateDir: this.stateDirOf(name),
      threads: THREADS,
    }
    const worker = new WorkerProcess(name, argument, this.logFile)
    this.workers.set(name, worker)
    this.codes.push(worker.warnings)
    return worker
  }

  worker(name: string): WorkerProcess {
    return this.workers.get(name)!
  }

  /** Waits until all tasks are processed by these workers. */
  async untilRunning(...names: readonly string[]): Promise<void> {
    for (const name of names) await this.worker(name).until('runs', ({ state }) => state === 'running')
    await until(`${names.join(' and ')} have all tasks`, () => {
      const tasks = names.reduce((sum, name) => sum + this.worker(name).status.tasks, 0)
      return tasks === this.tasks && names.every((name) => this.worker(name).status.state === 'running')
    })
  }

  /** Whether a worker has every task there is. */
  hasAllTasks(name: string): boolean {
    return this.worker(name).status.tasks === this.tasks
  }

  async deleteState(worker: string): Promise<void> {
    await rm(this.stateDirOf(worker), { recursive: true })
  }

  /** Ends the broker, in order or at once, and starts it again where it was. */
  async restartBroker(kill: boolean): Promise<void> {
    const { port, pid } = this.broker
    if (kill) process.kill(pid, 'SIGKILL')
    await this.broker.stop()
    // A broker begins its log anew: what the one before said at its end may be needed.
    await rename(this.broker.logFile, join(this.directory, `broker-${++this.brokersEnded}.log`))
    const dataDir = join(this.directory, 'kafka')
    this.broker = await KafkaBroker.start({ dataDir, port, properties: PROPERTIES })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.workers.values()].map((worker) => worker.kill()))
    for (const proxy of this.proxies.values()) await proxy[Symbol.asyncDispose]()
    await this.broker.stop()
  }
}
