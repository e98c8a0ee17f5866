import assert from 'node:assert/strict'
import { internalTopics } from '../../src/runtime/internal-topics.js'
import { compileOptions, type ProcessingGuarantee } from '../../src/runtime/streams-config.js'
import type { StateDatabase } from '../../src/state/state-database.js'
import { batchOf, record } from '../kafka/records/batches.js'
import { CountingApplication } from './counting-application.js'
import type { PartitionOffset } from './group-coordinator.js'
import { assertForward, assertInputCommitted } from './invariants.js'
import { APPLICATION, INPUT, KEYS, type ModelApplication } from './model-application.js'
import { SimulatedKafka } from './simulated-kafka.js'
import { inTurn, LATE_MS, type Misfortune, NetworkConditions } from './simulated-network.js'
import { paceSteps } from './simulated-pace.js'
import { SimulatedProcess } from './simulated-process.js'
import { SimulatedTime } from './simulated-time.js'
import { TimersApplication } from './timers-application.js'
import { WindowsApplication } from './windows-application.js'

/** Something that happens to the application, some time after what happened before. */
export type Incident = { readonly after: number } & (
  | { readonly kind: 'input'; readonly records: number }
  | { readonly kind: 'kill' | 'stop' | 'start'; readonly process: number }
  | { readonly kind: 'freeze'; readonly process: number; readonly ms: number }
  /** The coordinator aborts every open transaction: it takes them for timed out. */
  | { readonly kind: 'expire' }
  /** The input is given another partition, and a process ends: there is a task more from that rebalance on. */
  | { readonly kind: 'grow' }
)

/** All that a simulation depends on: the same plan gives the same run. */
export interface Plan {
  /**
   * What runs: counts by key; windows whose time comes from watermarks, behind two repartitions; or triggers and timers,
   * behind one.
   */
  readonly application: 'counts' | 'windows' | 'timers'
  readonly guarantee: ProcessingGuarantee
  readonly transactionVersion: 1 | 2
  readonly processes: number
  /** Of the input; two for each process give each thread two tasks, of which it keeps one when the other moves. */
  readonly partitions: number
  /** Milliseconds that messages and writes take, in turn. */
  readonly latencies: readonly number[]
  /** Milliseconds from the decision of a transaction to its markers, in turn. */
  readonly markerDelays: readonly number[]
  /** Milliseconds that rows take which operators hand on in steps, in turn: after one that takes any the task may commit. */
  readonly rowMs: readonly number[]
  readonly misfortunes: readonly Misfortune[]
  readonly incidents: readonly Incident[]
}

const APPLICATIONS: Readonly<Record<Plan['application'], (partitions: number) => ModelApplication>> = {
  counts: () => new CountingApplication(),
  windows: (partitions) => new WindowsApplication(partitions),
  timers: (partitions) => new TimersApplication(partitions),
}

/** Shorter than that of transactions: a zombie may find its transaction still open. */
export const SESSION_TIMEOUT_MS = 6_000
/** By then everything must be processed, once nothing goes wrong any more: several session timeouts. */
const RECOVERY_MS = 240_000
/** By then the markers of a transaction that is ended are written; the coordinator has not ended others by itself. */
const MARKERS_MS = 3_000

/** An application, on a simulated cluster, through the incidents of a plan. */
class Simulation {
  private readonly time: SimulatedTime
  private readonly conditions: NetworkConditions
  private readonly kafka: SimulatedKafka
  private readonly processes: readonly SimulatedProcess[]
  private readonly application: ModelApplication
  private failure: unknown
  private readonly exactlyOnce: boolean

  constructor(
    private readonly plan: Plan,
    time: SimulatedTime,
  ) {
    this.time = time
    this.exactlyOnce = plan.guarantee === 'exactly_once'
    const config = compileOptions({
      applicationId: APPLICATION,
      brokers: ['simulated:9092'],
      processingGuarantee: plan.guarantee,
      cacheMaxBytes: 0,
      commitInterval: 100,
      sessionTimeout: SESSION_TIMEOUT_MS,
    })
    this.conditions = new NetworkConditions(plan.latencies, plan.misfortunes)
    this.application = APPLICATIONS[plan.application](plan.partitions)
    const { conditions } = this
    const { topology, outputs } = this.application
    const { applicationId } = config
    const kafka = new SimulatedKafka(time, applicationId, plan.transactionVersion, inTurn(plan.markerDelays))
    this.kafka = kafka
    for (const topic of [INPUT, ...outputs]) kafka.create(topic, plan.partitions)
    const specs = internalTopics(topology.subTopologies, config.applicationId, () => plan.partitions)
    for (const { topic, partitions } of specs) kafka.create(topic, partitions)
    kafka.group.onCommit = (offset, before) => this.checkOffset(offset, before)
    const world = { time, kafka, conditions, topology, config }
    this.processes = Array.from({ length: plan.processes }, (_, index) => {
      const process = new SimulatedProcess(world, `process-${index}`, (error) => this.fail(error))
      process.disk.onWrite = (taskId, database) => this.checkDisk(taskId, database)
      return process
    })
  }

  private async checkDisk(taskId: string, database: StateDatabase): Promise<void> {
    try {
      if (this.exactlyOnce) assertInputCommitted(this.kafka, taskId, database)
      await this.application.checkDisk(this.kafka, taskId, database)
    } catch (error) {
      this.fail(error)
    }
  }

  private checkOffset(offset: PartitionOffset, before: PartitionOffset | undefined): void {
    // Outside of a transaction a commit that comes late undoes newer ones: what it covers is repeated after a restart.
    if (!this.exactlyOnce) return
    try {
      assertForward(offset, before, this.application.topology.fingerprint)
      this.application.checkOffset(this.kafka, offset)
    } catch (error) {
      this.fail(error)
    }
  }

  async run(): Promise<void> {
    for (const process of this.processes) process.start()
    this.send(KEYS)
    for (const incident of this.plan.incidents) {
      await this.pass(incident.after)
      this.happen(incident)
    }
    await this.recover()
    await this.drain()
    await this.close()
    this.application.assertOutput(this.kafka, this.exactlyOnce)
  }

  private async pass(ms: number): Promise<void> {
    await this.until(() => false, this.time.now + ms)
  }

  private async until(done: () => boolean, limit: number): Promise<boolean> {
    const wasDone = await this.time.runUntil(() => this.failure !== undefined || done(), limit)
    if (this.failure !== undefined) throw this.failure
    return wasDone
  }

  private happen(incident: Incident): void {
    switch (incident.kind) {
      case 'input':
        this.send(incident.records)
        break
      case 'expire':
        this.kafka.transactions.expireAll()
        break
      case 'grow':
        if (!this.application.growable) break
        this.kafka.grow(INPUT)
        // The new partition is seen when the tasks are shared anew.
        this.process(0).stop()
        break
      case 'freeze':
        this.process(incident.process).freeze(incident.ms)
        break
      default:
        this.process(incident.process)[incident.kind]()
    }
  }

  private process(index: number): SimulatedProcess {
    return this.processes[index % this.processes.length]!
  }

  private send(count: number): void {
    for (let sent = 0; sent < count; sent++) {
      const { key, value, timestamp, partition } = this.application.next(this.kafka.logs(INPUT).length)
      this.kafka.append(INPUT, partition, batchOf([record(timestamp, key, value)]))
    }
  }

  /** Nothing goes wrong any more: everything must be processed and committed, and no transaction stay open. */
  private async recover(): Promise<void> {
    this.conditions.heal()
    const limit = this.time.now + RECOVERY_MS
    const stopped = await this.until(() => this.processes.every(({ stopping }) => !stopping), limit)
    assert.ok(stopped, 'a process does not end')
    for (const process of this.processes) process.start()
    await this.pass(LATE_MS)
    this.send(KEYS)
    const settled = await this.until(() => this.settled(), this.time.now + RECOVERY_MS)
    assert.ok(settled, `not all is processed: ${JSON.stringify(this.position())}`)
  }

  /** The end of event time reaches every task. */
  private async drain(): Promise<void> {
    for (const process of this.processes) process.drain()
    const ended = await this.until(() => this.application.ended(this.kafka), this.time.now + RECOVERY_MS)
    assert.ok(ended, 'event time does not end')
  }

  private settled(): boolean {
    const { group, transactions } = this.kafka
    const caughtUp = this.kafka
      .logs(INPUT)
      .every(({ endOffset }, partition) => group.committed.get(`${INPUT}-${partition}`)?.offset === endOffset)
    if (!this.application.rests) return caughtUp
    return caughtUp && transactions.open.length === 0 && group.pendingTransactions === 0
  }

  private position() {
    const { group, transactions } = this.kafka
    return {
      ends: this.kafka.logs(INPUT).map(({ endOffset }) => endOffset),
      committed: [...group.committed.values()].map(({ partition, offset }) => [partition, offset]),
      open: transactions.open,
    }
  }

  private async close(): Promise<void> {
    for (const process of this.processes) process.stop()
    const closed = await this.until(
      () => this.processes.every(({ running }) => !running),
      this.time.now + RECOVERY_MS,
    )
    assert.ok(closed, 'a process does not end')
    await this.pass(MARKERS_MS)
    assert.deepEqual(this.kafka.transactions.open, [], 'transactions that a process left open')
  }

  private fail(error: unknown): void {
    this.failure ??= error
  }
}

/**
 * Runs a plan; rejects with the first invariant that does not hold, or the error that ended a thread. Resolves with
 * what tells one run from another: how many events there were, and when the last one was.
 */
export async function simulate(plan: Plan): Promise<{ readonly events: number; readonly endedAt: number }> {
  const time = new SimulatedTime()
  using _ = time.install()
  using __ = paceSteps(time, inTurn(plan.rowMs))
  await new Simulation(plan, time).run()
  return { events: time.events, endedAt: time.now }
}
