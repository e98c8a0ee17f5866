import { StreamThread } from '../../src/runtime/stream-thread.js'
import type { StreamsConfig } from '../../src/runtime/streams-config.js'
import type { Topology } from '../../src/topology/topology.js'
import { SimulatedDisk } from './simulated-disk.js'
import type { SimulatedKafka } from './simulated-kafka.js'
import { type NetworkConditions, SimulatedNetwork } from './simulated-network.js'
import { Owner, type SimulatedTime } from './simulated-time.js'

/** What the processes of a simulation have in common. */
export interface SimulatedWorld {
  readonly time: SimulatedTime
  readonly kafka: SimulatedKafka
  readonly conditions: NetworkConditions
  readonly topology: Topology
  readonly config: StreamsConfig
}

/** A process with one stream thread: the real one, in simulated surroundings. It can be killed, frozen, restarted. */
export class SimulatedProcess {
  readonly disk: SimulatedDisk
  private owner = new Owner('none')
  private thread: StreamThread | undefined
  private closing = false

  constructor(
    private readonly world: SimulatedWorld,
    readonly name: string,
    private readonly failed: (error: unknown) => void,
  ) {
    this.disk = new SimulatedDisk(world.time)
  }

  get running(): boolean {
    return this.thread !== undefined
  }

  get stopping(): boolean {
    return this.closing
  }

  start(): void {
    if (this.thread !== undefined) return
    const { time, kafka, conditions, topology, config } = this.world
    const owner = new Owner(this.name)
    this.owner = owner
    const home = {
      processId: this.name,
      runningTime: () => time.now,
      wallClock: Date.now,
      openTask: (taskId: string) => this.disk.open(taskId, owner, () => conditions.latency()),
      localTasks: () => this.disk.tasks(),
      connect: () => new SimulatedNetwork(time, kafka, conditions, owner),
    }
    const thread = new StreamThread(topology, config, 0, home, {
      state: () => {},
      error: (error) => this.failed(error),
      warning: () => {},
      restored: () => {},
      rebalanced: () => {},
      applicationStopped: () => {},
    })
    this.thread = thread
    const startFailed = (error: unknown): void => {
      if (!this.closing) this.failed(error)
    }
    time.schedule(0, () => void thread.start().catch(startFailed), owner)
  }

  /** SIGKILL: nothing of it goes on, whatever it waits for. Requests that were sent still arrive. */
  kill(): void {
    this.owner.alive = false
    this.thread = undefined
    this.closing = false
  }

  /** SIGSTOP, and SIGCONT later. */
  freeze(ms: number): void {
    this.owner.frozenUntil = Math.max(this.owner.frozenUntil, this.world.time.now + ms)
  }

  /** Tells it that the input has ended. */
  drain(): void {
    const { thread } = this
    if (thread !== undefined) this.world.time.schedule(0, () => thread.drain(), this.owner)
  }

  /** An orderly end. */
  stop(): void {
    const { thread } = this
    if (thread === undefined || this.closing) return
    this.closing = true
    const closed = (): void => {
      if (this.thread === thread) this.kill()
    }
    this.world.time.schedule(0, () => void thread.close().then(closed, closed), this.owner)
  }
}
