import { ErrorCode } from '../protocol/error-codes.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'
import type { FetchedChunk, IsolationLevel } from '../records/fetched-chunk.js'
import { CorruptRecordError } from '../records/record-batch-errors.js'
import { ThrottleCount } from '../throttle-count.js'
import { topicPartitionKey } from '../topic-partition.js'
import type { BrokerTransport } from '../transport/broker-transport.js'
import { isUnreachable } from '../transport/transport-error.js'
import { ChunkMemory } from './chunk-memory.js'
import { MissingPartitionError, OffsetOutOfRangeError } from './fetch-error.js'
import { FetchPartition } from './fetch-partition.js'
import { listOffsets } from './list-offsets.js'
import { type FetchOwner, type FetchSettings, fullBeyond, NodeFetcher } from './node-fetcher.js'

export interface FetcherOptions {
  /** Connections to use: restoring does not wait behind the main fetch. Default `fetch`. */
  readonly channel?: 'fetch' | 'restore'
  readonly isolation: IsolationLevel
  /** Largest response in bytes, apart from one larger batch. Default 4 MiB. */
  readonly maxBytes?: number
  /** Most bytes of one partition in a response, apart from one larger batch. Default 2 MiB. */
  readonly maxPartitionBytes?: number
  /** How long a broker waits for news, in milliseconds. Default 500. */
  readonly maxWaitMs?: number
  /** A broker answers before `maxWaitMs` once it has this many bytes. Default 1. */
  readonly minBytes?: number
  /** Bound of all buffered chunks in bytes, shared evenly by the partitions. Default 32 MiB. */
  readonly bufferBytes?: number
  /** How long a partition may be unknown to the cluster before that is its failure, in milliseconds. Default 10,000. */
  readonly missingAfterMs?: number
  /** Hears of brokers that say that a quota was exceeded. */
  readonly throttles?: ThrottleCount
}

/** How far a partition is fetched. */
export interface FetchProgress {
  /** The offset behind all that is fetched. */
  readonly nextOffset: number
  /** Bytes of its chunks that are not taken. */
  readonly bufferedBytes: number
  /** Timestamp of the first batch that is not taken, epoch milliseconds; undefined: there is none. */
  readonly oldestTimestamp: number | undefined
}

const MEBIBYTE = 1024 * 1024
/** Below this a share is no longer divided: requests would become too small to be worth sending. */
const SMALLEST_SHARE = 64 * 1024

/**
 * Fetches partitions ahead of their processing, without a consumer group: chunks of record batches, buffered
 * within bounds and taken one at a time, in offset order.
 *
 * Leaders that move, connections that break and topics that are not there for a moment are waited out; what does
 * not pass is thrown by `take` of the partition, once, after the chunks before it.
 */
export class Fetcher {
  /**
   * Called whenever something can be taken that could not be taken before, or the end of a log is known that was not;
   * must not throw.
   */
  onAvailable: (() => void) | undefined
  private readonly topics = new Map<string, FetchPartition[]>()
  private readonly partitions = new Set<FetchPartition>()
  private readonly nodes = new Map<number, NodeFetcher>()
  private readonly nodeOf = new Map<FetchPartition, NodeFetcher>()
  private readonly settings: FetchSettings
  private readonly bufferBytes: number
  private readonly memory: ChunkMemory
  private readonly missingAfterMs: number
  private readonly throttles: ThrottleCount
  private waiters: (() => void)[] = []
  private closed = false
  private readonly owner: FetchOwner

  constructor(
    private readonly transport: BrokerTransport,
    options: FetcherOptions,
  ) {
    this.settings = {
      channel: options.channel ?? 'fetch',
      isolation: options.isolation,
      maxBytes: options.maxBytes ?? 4 * MEBIBYTE,
      maxPartitionBytes: options.maxPartitionBytes ?? 2 * MEBIBYTE,
      maxWaitMs: options.maxWaitMs ?? 500,
      minBytes: options.minBytes ?? 1,
    }
    this.bufferBytes = options.bufferBytes ?? 32 * MEBIBYTE
    this.memory = new ChunkMemory(this.bufferBytes / 2)
    this.missingAfterMs = options.missingAfterMs ?? 10_000
    this.throttles = options.throttles ?? new ThrottleCount()
    this.owner = this.ownerOfNodes()
  }

  /** Fetches a partition from `offset` on. Added again, it goes on from there: what was buffered is dropped. */
  add(topic: string, partition: number, offset: number): void {
    this.remove(topic, partition)
    const added = new FetchPartition(topic, partition, offset, this.memory)
    let partitions = this.topics.get(topic)
    if (partitions === undefined) {
      partitions = []
      this.topics.set(topic, partitions)
    }
    partitions[partition] = added
    this.partitions.add(added)
    void this.locate(added)
  }

  /** Forgets a partition and drops what is buffered of it. */
  remove(topic: string, partition: number): void {
    const removed = this.find(topic, partition)
    if (removed === undefined) return
    removed.remove()
    this.nodeOf.get(removed)?.remove(removed)
    this.nodeOf.delete(removed)
    this.partitions.delete(removed)
    delete this.topics.get(topic)![partition]
  }

  /** Fetches no more of a partition, and gives nothing of it, until `resume`; what is buffered stays. */
  pause(topic: string, partition: number): void {
    const paused = this.find(topic, partition)
    if (paused !== undefined) paused.paused = true
  }

  resume(topic: string, partition: number): void {
    const resumed = this.find(topic, partition)
    if (!resumed?.paused) return
    resumed.paused = false
    this.nodeOf.get(resumed)?.scheduleFill()
    if (resumed.takeable) this.notify()
  }

  /**
   * The next buffered chunk of a partition, in offset order; undefined while there is none.
   *
   * @throws OffsetOutOfRangeError where the position is not in the log
   * @throws MissingPartitionError where the cluster does not have the partition
   * @throws TopicRecreatedError where the topic is another one than when the partition was added
   * @throws CorruptRecordError where the log is broken at the position
   * @throws KafkaProtocolError, MalformedResponseError or an error of the transport that does not pass
   */
  take(topic: string, partition: number): FetchedChunk | undefined {
    const from = this.find(topic, partition)
    const chunk = from?.take()
    if (chunk !== undefined && from!.state === 'ready') this.nodeOf.get(from!)?.scheduleFill()
    return chunk
  }

  /** Whether `take` would give a chunk, or throw. */
  hasBuffered(topic: string, partition: number): boolean {
    return this.find(topic, partition)?.takeable ?? false
  }

  /** Whether a partition has as much buffered that no more of it is fetched. */
  isFull(topic: string, partition: number): boolean {
    const found = this.find(topic, partition)
    return found !== undefined && found.bufferedBytes > fullBeyond(this.partitionShare)
  }

  /** Resolves when something can be taken of any partition, or when the fetcher is closed, now or before. */
  available(): Promise<void> {
    if (this.closed) return Promise.resolve()
    for (const partition of this.partitions) if (partition.takeable) return Promise.resolve()
    return new Promise((resolve) => {
      this.waiters.push(resolve)
    })
  }

  /** For how long, milliseconds, the broker has had nothing of a partition that was not fetched, whenever it was asked. */
  emptyFor(topic: string, partition: number): number {
    return this.find(topic, partition)?.emptyFor ?? 0
  }

  /** Of the latest response; undefined before the first. */
  highWatermark(topic: string, partition: number): number | undefined {
    return this.find(topic, partition)?.highWatermark
  }

  /** Of the latest response; undefined before the first. */
  lastStableOffset(topic: string, partition: number): number | undefined {
    return this.find(topic, partition)?.lastStableOffset
  }

  /** Of the latest response; undefined before the first. */
  logStartOffset(topic: string, partition: number): number | undefined {
    return this.find(topic, partition)?.logStartOffset
  }

  /** Bytes of all buffered chunks. */
  get bufferedBytes(): number {
    let bytes = 0
    for (const partition of this.partitions) bytes += partition.bufferedBytes
    return bytes
  }

  /** Removes every partition. A long poll that is under way ends unheard; its connection is the transport's. */
  async close(): Promise<void> {
    this.closed = true
    for (const { topic, partition } of [...this.partitions]) this.remove(topic, partition)
    this.releaseWaiters()
  }

  /** Undefined: the partition was not added. */
  progress(topic: string, partition: number): FetchProgress | undefined {
    const found = this.find(topic, partition)
    if (found === undefined) return undefined
    const { nextOffset, bufferedBytes, oldestTimestamp } = found
    return { nextOffset, bufferedBytes, oldestTimestamp }
  }

  private find(topic: string, partition: number): FetchPartition | undefined {
    return this.topics.get(topic)?.[partition]
  }

  private notify(): void {
    this.releaseWaiters()
    this.onAvailable?.()
  }

  private releaseWaiters(): void {
    if (this.waiters.length === 0) return
    const released = this.waiters
    this.waiters = []
    for (const release of released) release()
  }

  /** How many bytes a partition may have buffered. */
  private get partitionShare(): number {
    return Math.max(SMALLEST_SHARE, this.bufferBytes / this.partitions.size)
  }

  private ownerOfNodes(): FetchOwner {
    const fetcher = this
    return {
      memory: this.memory,
      throttles: this.throttles,
      get partitionShare() {
        return fetcher.partitionShare
      },
      notify: () => this.notify(),
      heard: () => this.onAvailable?.(),
      failed: (partition, error) => this.handleFailure(partition, error),
    }
  }

  private async locate(partition: FetchPartition): Promise<void> {
    try {
      const leader = await this.transport.leaderOf(partition.topic, partition.partition)
      const topicId = await this.transport.topicIdOf(partition.topic)
      if (!partition.active) return
      partition.found(topicId)
      const node = this.nodeFetcher(leader)
      this.nodeOf.set(partition, node)
      node.add(partition)
    } catch (error) {
      if (partition.active) this.handleFailure(partition, error)
    }
  }

  private nodeFetcher(node: number): NodeFetcher {
    let fetcher = this.nodes.get(node)
    if (fetcher === undefined) {
      fetcher = new NodeFetcher(node, this.transport, this.settings, this.owner)
      this.nodes.set(node, fetcher)
    }
    return fetcher
  }

  private handleFailure(partition: FetchPartition, error: unknown): void {
    this.nodeOf.delete(partition)
    const code = error instanceof KafkaProtocolError ? error.code : ErrorCode.NONE
    if (code === ErrorCode.CORRUPT_MESSAGE) {
      // Retriable for who produces; what is broken in the log stays so.
      this.fail(partition, corruptInLog(partition, error as KafkaProtocolError))
      return
    }
    if (code === ErrorCode.OFFSET_OUT_OF_RANGE) {
      void this.checkRange(partition)
      return
    }
    if (code === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION && this.isMissing(partition)) {
      this.fail(partition, new MissingPartitionError(partition.topic, partition.partition))
      return
    }
    const passes = isUnreachable(error) || (error instanceof KafkaProtocolError && error.retriable)
    if (passes) this.relocateLater(partition)
    else this.fail(partition, error)
  }

  private isMissing(partition: FetchPartition): boolean {
    const now = performance.now()
    partition.missingSince ??= now
    return now - partition.missingSince >= this.missingAfterMs
  }

  private relocateLater(partition: FetchPartition): void {
    this.transport.forgetLeaders(partition.topic)
    partition.retryLater(() => void this.locate(partition))
  }

  private fail(partition: FetchPartition, error: unknown): void {
    partition.fail(error)
    this.notify()
  }

  /** A leader that has just changed may not know the end of its log yet: the position may be in range after all. */
  private async checkRange(partition: FetchPartition): Promise<void> {
    const { topic, partition: index, nextOffset } = partition
    try {
      const key = topicPartitionKey(topic, index)
      const earliest = await listOffsets(this.transport, [partition], 'earliest', 'read_uncommitted')
      const latest = await listOffsets(this.transport, [partition], 'latest', 'read_uncommitted')
      if (!partition.active) return
      const start = earliest.get(key)!
      const end = latest.get(key)!
      if (nextOffset >= start && nextOffset <= end) this.relocateLater(partition)
      else this.fail(partition, new OffsetOutOfRangeError(topic, index, nextOffset, start, end))
    } catch (error) {
      if (partition.active) this.handleFailure(partition, error)
    }
  }
}

const corruptInLog = (partition: FetchPartition, cause: KafkaProtocolError): CorruptRecordError => {
  const { topic, partition: index, nextOffset } = partition
  const position = { topic, partition: index, offset: nextOffset }
  return new CorruptRecordError(position, 'the broker cannot read its log there', { cause })
}
