import { ErrorCode } from '../protocol/error-codes.js'
import { type FetchedPartition, type FetchResponse, fetchCall } from '../protocol/fetch-call.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'
import type { IsolationLevel } from '../records/fetched-chunk.js'
import { loadCompressionOf } from '../records/load-compression.js'
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
  /** Something can be taken. */
  notify(): void
  /** Fetching a partition from this node failed. */
  failed(partition: FetchPartition, error: unknown): void
}

interface Lane {
  readonly channel: Channel
  /** Whether its requests wait for news; the other lane asks only for what is expected to be there. */
  readonly waits: boolean
  busy: boolean
}

/**
 * Fetches the partitions that one node leads. Each is part of at most one request at a time. One request goes
 * ahead of processing, and waits for news where there is none; meanwhile a second lane overtakes it for partitions
 * that have more to give and room for it again.
 */
export class NodeFetcher {
  /** Those that gave data least recently come first: so all get their turn when a response is full. */
  private readonly partitions = new Set<FetchPartition>()
  private readonly lanes: readonly Lane[]
  private fillScheduled = false

  constructor(
    private readonly node: number,
    private readonly transport: BrokerTransport,
    private readonly settings: FetchSettings,
    private readonly owner: FetchOwner,
  ) {
    const { channel } = settings
    this.lanes = [
      { channel, waits: true, busy: false },
      { channel: `${channel}-overtaking`, waits: false, busy: false },
    ]
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
    for (const lane of this.lanes) {
      if (lane.busy) continue
      const partitions = this.withRoom(lane)
      if (partitions.length === 0) return
      void this.fetch(lane, partitions)
    }
  }

  /** A partition is left out until half of its share is free, so that requests do not become small. */
  private withRoom({ waits }: Lane): FetchPartition[] {
    const most = this.owner.partitionShare / 2
    const chosen: FetchPartition[] = []
    for (const partition of this.partitions) {
      const { state, paused, idle, bufferedBytes } = partition
      if (state === 'ready' && !paused && bufferedBytes <= most && (waits || !idle)) chosen.push(partition)
    }
    return chosen
  }

  private async fetch(lane: Lane, partitions: FetchPartition[]): Promise<void> {
    lane.busy = true
    for (const partition of partitions) partition.state = 'fetching'
    try {
      const response = await this.transport.request(this.node, lane.channel, this.callFor(lane, partitions))
      // So that whoever takes a chunk can read it without waiting.
      await Promise.all(response.partitions.map(loadCompressionOf))
      this.accept(response, partitions)
    } catch (error) {
      for (const partition of partitions) this.fail(partition, error)
    }
    lane.busy = false
    this.fill()
  }

  private callFor({ waits }: Lane, partitions: readonly FetchPartition[]) {
    const { isolation, maxBytes, maxPartitionBytes, maxWaitMs, minBytes } = this.settings
    const share = this.owner.partitionShare
    const targets = partitions.map(({ topic, topicId, partition, nextOffset, bufferedBytes }) => ({
      topic,
      topicId,
      partition,
      fetchOffset: nextOffset,
      maxBytes: Math.min(maxPartitionBytes, Math.floor(share - bufferedBytes)),
    }))
    const allocate = (bytes: number): Buffer => this.owner.memory.take(bytes)
    return fetchCall({ targets, isolation, maxBytes, maxWaitMs: waits ? maxWaitMs : 0, minBytes, allocate })
  }

  private accept(response: FetchResponse, asked: readonly FetchPartition[]): void {
    if (response.errorCode !== ErrorCode.NONE) throw new KafkaProtocolError(response.errorCode, 'Fetch')
    const answers = new Map<string, FetchedPartition>()
    for (const answer of response.partitions)
      answers.set(topicPartitionKey(answer.topic, answer.partition), answer)
    let news = false
    for (const partition of asked) {
      const answer = answers.get(topicPartitionKey(partition.topic, partition.partition))
      if (partition.active && this.acceptOne(partition, answer)) news = true
    }
    if (news) this.owner.notify()
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
