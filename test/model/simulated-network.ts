import type {
  ApiCall,
  BrokerCapabilities,
  BrokerTransport,
  Channel,
  TopicMetadata,
} from '../../src/kafka/transport/broker-transport.js'
import {
  BrokerConnectionError,
  RequestTimeoutError,
  TransportClosedError,
} from '../../src/kafka/transport/transport-error.js'
import { type Arrival, arrivalOf, NODE, type SimulatedKafka, topicIdOf } from './simulated-kafka.js'
import { type Owner, type SimulatedEvent, type SimulatedTime, WORLD } from './simulated-time.js'

/**
 * What happens to a request: nothing bad, it is lost before or after the broker has executed it, or the connection
 * breaks while it is on its way and the broker executes it much later.
 */
export type Fate = 'lost-request' | 'lost-response' | 'late'

/** A fate, and how many requests pass unharmed before it. */
export interface Misfortune {
  readonly skip: number
  readonly fate: Fate
}

/** When a late request is executed. */
export const LATE_MS = 700
const REQUEST_TIMEOUT_MS = 30_000

/** Gives values one after the other, again and again. */
export function inTurn(values: readonly number[]): () => number {
  let next = 0
  return () => values[next++ % values.length]!
}

/** How long messages are on their way, and which are lost: decided before, one after the other. */
export class NetworkConditions {
  readonly latency: () => number
  private nextMisfortune = 0
  private skipped = 0
  private healed = false

  constructor(
    latencies: readonly number[],
    private readonly misfortunes: readonly Misfortune[],
  ) {
    this.latency = inTurn(latencies)
  }

  heal(): void {
    this.healed = true
  }

  /** The fate of the next request. Fetches are left alone: losing one loses nothing. */
  fateOf(api: string): Fate | undefined {
    const next = this.misfortunes[this.nextMisfortune]
    if (this.healed || next === undefined || api === 'Fetch') return undefined
    if (this.skipped++ < next.skip) return undefined
    this.skipped = 0
    this.nextMisfortune++
    return next.fate
  }
}

interface Pending {
  readonly arrival: Arrival
  readonly fate: Fate | undefined
  readonly timeout: SimulatedEvent
  readonly resolve: (response: unknown) => void
  readonly reject: (error: Error) => void
}

/** One connection: the broker serves its requests one after the other; when it breaks, all that wait on it fail. */
class Connection {
  private readonly pending = new Set<Pending>()
  private lastArrival = 0
  private serving: Promise<void> = Promise.resolve()

  constructor(
    private readonly time: SimulatedTime,
    private readonly kafka: SimulatedKafka,
    private readonly conditions: NetworkConditions,
    private readonly owner: Owner,
  ) {}

  send(arrival: Arrival, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const fate = this.conditions.fateOf(arrival.api)
      const expired = (): void => {
        const error = new RequestTimeoutError(`simulated: no answer to ${arrival.api} in ${timeoutMs} ms`)
        if (this.settle(pending)) this.breakWith(error, pending)
      }
      const timeout = this.time.schedule(timeoutMs, expired, this.owner)
      const pending: Pending = { arrival, fate, timeout, resolve, reject }
      this.pending.add(pending)
      this.lastArrival = Math.max(this.lastArrival, this.time.now + this.conditions.latency())
      this.time.schedule(this.lastArrival - this.time.now, () => this.arrive(pending), WORLD)
    })
  }

  /** Fails what waits. What comes next goes over a new connection, behind nothing that the broker holds back. */
  breakWith(error: Error, first?: Pending): void {
    this.serving = Promise.resolve()
    first?.reject(error)
    for (const pending of [...this.pending]) if (this.settle(pending)) pending.reject(error)
  }

  private settle(pending: Pending): boolean {
    pending.timeout.cancelled = true
    return this.pending.delete(pending)
  }

  private arrive(pending: Pending): void {
    if (!this.pending.has(pending)) return
    const { fate, arrival } = pending
    if (fate === 'lost-request' || fate === 'late') {
      if (fate === 'late') this.time.schedule(LATE_MS, () => void this.kafka.execute(arrival), WORLD)
      this.answer(() => this.break(pending))
      return
    }
    this.serving = this.serving.then(() => this.serve(pending))
  }

  private async serve(pending: Pending): Promise<void> {
    if (!this.pending.has(pending)) return
    const response = await this.kafka.execute(pending.arrival)
    if (pending.fate === 'lost-response') this.answer(() => this.break(pending))
    else this.answer(() => this.settle(pending) && pending.resolve(response))
  }

  private answer(arrive: () => void): void {
    this.time.schedule(this.conditions.latency(), arrive, this.owner)
  }

  private break(pending: Pending): void {
    if (!this.settle(pending)) return
    const what = `${pending.arrival.api}: ${pending.fate}`
    this.breakWith(new BrokerConnectionError(`simulated: the connection broke (${what})`), pending)
  }
}

/** The connections of one process to the simulated cluster. */
export class SimulatedNetwork implements BrokerTransport {
  private readonly connections = new Map<Channel, Connection>()
  private closed = false

  constructor(
    private readonly time: SimulatedTime,
    private readonly kafka: SimulatedKafka,
    private readonly conditions: NetworkConditions,
    private readonly owner: Owner,
  ) {}

  async request<Response>(
    _node: number,
    channel: Channel,
    call: ApiCall<Response>,
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<Response> {
    if (this.closed) throw new TransportClosedError()
    let connection = this.connections.get(channel)
    if (connection === undefined) {
      connection = new Connection(this.time, this.kafka, this.conditions, this.owner)
      this.connections.set(channel, connection)
    }
    return (await connection.send(arrivalOf(call), timeoutMs)) as Response
  }

  async leaderOf(): Promise<number> {
    return NODE
  }

  async topicIdOf(topic: string): Promise<string> {
    return topicIdOf(topic)
  }

  forgetLeaders(): void {}

  async coordinator(): Promise<number> {
    return NODE
  }

  forgetCoordinator(): void {}

  async metadata(topics: readonly string[] = []): Promise<readonly TopicMetadata[]> {
    return this.kafka.metadata(topics)
  }

  async anyNode(): Promise<number> {
    return NODE
  }

  async capabilities(): Promise<BrokerCapabilities> {
    return this.kafka.capabilities
  }

  refreshCapabilities(): Promise<BrokerCapabilities> {
    return this.capabilities()
  }

  async close(): Promise<void> {
    this.closed = true
    for (const connection of this.connections.values()) connection.breakWith(new TransportClosedError())
  }
}
