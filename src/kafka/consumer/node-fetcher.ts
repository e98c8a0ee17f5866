import { ErrorCode } from '../protocol/error-codes.js'
import { type FetchedPartition, type FetchResponse, fetchCall } from '../protocol/fetch-call.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'
import type { IsolationLevel } from '../records/fetched-chunk.js'
import { loadCompressionOf } from '../records/load-compression.js'
import type { ThrottleCount } from '../throttle-count.js'
import { topicPartitionKey } from '../topic-partition.js'
import type { BrokerTransport, Channel } from '../transport/broker-transport.js'
import type { ChunkMemory } from './chunk-memory.js'
import type { FetchPartition } from './fetch-partition.js'

/** How a fetcher asks. */
export interface FetchSettings {
  readonly channel: 'fetch' | 'restore'
  readonly isolation: IsolationLevel
  readonly maxBytes: number
  readonly maxPartitionBytes: number
  readonly maxWaitMs: number
  readonly minBytes: number
}

/** What a node's fetcher reports, and asks, its owner. */
export interface FetchOwner {
  /** How many bytes a partition may have buffered. */
  readonly partitionShare: number
  /** Where chunks lie. */
  readonly memory: ChunkMemory
  readonly throttles: ThrottleCount
  /** Something can be taken. */
  notify(): void
  /** It is known where the log of a partition ends that nothing was known of. */
  heard(): void
  /** Fetching a partition from this node failed. */
  failed(partition: FetchPartition, error: unknown): void
}

interface Lane {
  readonly channel: Channel
  busy: boolean
}

/** What a partition may have buffered to be asked for: half of its share is to be free, so that requests do not become small. */
export const fullBeyond = (share: number): number => share / 2

/** How long the second lane waits for news of partitions that the first lane's long poll came too early for. */
const BRIDGE_WAIT_MS = 20

/**
 * Fetches the partitions that one node leads. Each is part of at most one request at a time. One request goes
 * ahead of processing, and waits for news where there is none; meanwhile a second lane overtakes it for partitions
 * that have more to give and room for it again. Those without news that are not in the long poll do not wait for its
 * end: the second lane asks for them in short polls until they can be in the next long one.
 */
export class NodeFetcher {
  /** Those that gave data least recently come first: so all get their turn when a response is full. */
  private readonly partitions = new Set<FetchPartition>()
  private readonly waiting: Lane
  private readonly overtaking: Lane
  /** Whether the second lane waits for news. */
  private bridging = false
  private fillScheduled = false

  constructor(
    private readonly node: number,
    private readonly transport: BrokerTransport,
    private readonly settings: FetchSettings,
    private readonly owner: FetchOwner,
  ) {
    const { channel } = settings
    this.waiting = { channel, busy: false }
    this.overtaking = { channel: `${channel}-overtaking`, busy: false }
  }

  add(partition: FetchPartition): void {
    partition.state = 'ready'
    this.partitions.add(partition)
    this.scheduleFill()
  }

  remove(partition: FetchPartition): void {
    this.partitions.delete(partition)
  }

  /** Sends what can be sent once the caller is done: changes of one moment share a request. */
  scheduleFill(): void {
    if (this.fillScheduled) return
    this.fillScheduled = true
    queueMicrotask(() => {
      this.fillScheduled = false
      this.fill()
    })
  }

  private fill(): void {
    const ready = this.withRoom()
    if (ready.length === 0) return
    const eager = ready.filter(({ idle }) => !idle)
    if (!this.waiting.busy) {
      // The next long poll is to have all partitions: it waits for the end of a short one.
      if (eager.length > 0 || !this.bridging) void this.fetch(this.waiting, ready, this.settings.maxWaitMs)
    } else if (!this.overtaking.busy) {
      if (eager.length > 0) void this.fetch(this.overtaking, eager, 0)
      else void this.bridge(ready)
    }
  }

  private async bridge(partitions: FetchPartition[]): Promise<void> {
    this.bridging = true
    await this.fetch(this.overtaking, partitions, Math.min(BRIDGE_WAIT_MS, this.settings.maxWaitMs))
  }

  private withRoom(): FetchPartition[] {
    const most = fullBeyond(this.owner.partitionShare)
    const chosen: FetchPartition[] = []
    for (const partition of this.partitions) {
      const { state, paused, bufferedBytes } = partition
      if (state === 'ready' && !paused && bufferedBytes <= most) chosen.push(partition)
    }
    return chosen
  }

  private async fetch(lane: Lane, partitions: FetchPartition[], maxWaitMs: number): Promise<void> {
    lane.busy = true
    for (const partition of partitions) partition.state = 'fetching'
    try {
      const call = this.callFor(partitions, maxWaitMs)
      const response = await this.transport.request(this.node, lane.channel, call)
      // So that whoever takes a chunk can read it without waiting.
      await Promise.all(response.partitions.map(loadCompressionOf))
      this.accept(response, partitions)
    } catch (error) {
      for (const partition of partitions) this.fail(partition, error)
    }
    lane.busy = false
    if (lane === this.overtaking) this.bridging = false
    this.fill()
  }

  private callFor(partitions: readonly FetchPartition[], maxWaitMs: number) {
    const { isolation, maxBytes, maxPartitionBytes, minBytes } = this.settings
    const share = this.owner.partitionShare
    const targets = partitions.map(({ topic, topicId, partition, nextOffset, bufferedBytes }) => ({
      topic,
      topicId,
      partition,
      fetchOffset: nextOffset,
      maxBytes: Math.min(maxPartitionBytes, Math.floor(share - bufferedBytes)),
    }))
    const allocate = (bytes: number): Buffer => this.owner.memory.take(bytes)
    return fetchCall({ targets, isolation, maxBytes, maxWaitMs, minBytes, allocate })
  }

  private accept(response: FetchResponse, asked: readonly FetchPartition[]): void {
    this.owner.throttles.note(response.throttleMs)
    if (response.errorCode !== ErrorCode.NONE) throw new KafkaProtocolError(response.errorCode, 'Fetch')
    const answers = new Map<string, FetchedPartition>()
    for (const answer of response.partitions)
      answers.set(topicPartitionKey(answer.topic, answer.partition), answer)
    let news = false
    let first = false
    for (const partition of asked) {
      first ||= partition.lastStableOffset === undefined
      const answer = answers.get(topicPartitionKey(partition.topic, partition.partition))
      if (partition.active && this.acceptOne(partition, answer)) news = true
    }
    if (news) this.owner.notify()
    else if (first) this.owner.heard()
  }

  private acceptOne(partition: FetchPartition, answer: FetchedPartition | undefined): boolean {
    if (answer === undefined) {
      partition.state = 'ready'
      return false
    }
    const { topic, partition: index, errorCode } = answer
    try {
      if (errorCode !== ErrorCode.NONE) {
        throw new KafkaProtocolError(errorCode, 'Fetch', {
          topic,
          partition: index,
          offset: partition.nextOffset,
        })
      }
      if (!partition.accept(answer)) return false
      this.partitions.delete(partition)
      this.partitions.add(partition)
      return true
    } catch (error) {
      this.fail(partition, error)
      return false
    }
  }

  private fail(partition: FetchPartition, error: unknown): void {
    this.partitions.delete(partition)
    if (partition.active) this.owner.failed(partition, error)
  }
}
