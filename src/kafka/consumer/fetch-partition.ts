import type { FetchedPartition } from '../protocol/fetch-call.js'
import type { FetchedChunk } from '../records/fetched-chunk.js'
import { firstTimestamp } from '../records/record-batch-header.js'
import type { TopicPartition } from '../topic-partition.js'
import { Backoff } from '../transport/backoff.js'
import { BatchBoundaries } from './batch-boundaries.js'
import type { ChunkMemory } from './chunk-memory.js'
import { TopicRecreatedError } from './fetch-error.js'

/**
 * `locating`: its leader is looked for. `ready`: may be part of the next request. `fetching`: is part of a request.
 * `failed`: waits for somebody to take the failure, and then to be added anew.
 */
type FetchState = 'locating' | 'ready' | 'fetching' | 'failed'

const boundaries = new BatchBoundaries()

/** One partition that is fetched from one position on; a seek makes a new one, so late answers find nobody. */
export class FetchPartition implements TopicPartition {
  state: FetchState = 'locating'
  /** False once it was removed. */
  active = true
  paused = false
  /** Whether all that there is was fetched: the next request may have to wait for news. */
  idle = false
  /** When it was first and last answered that there is nothing more, since there last was, as `performance.now()`. */
  private emptySince: number | undefined
  private emptyUntil = 0
  bufferedBytes = 0
  highWatermark: number | undefined
  lastStableOffset: number | undefined
  logStartOffset: number | undefined
  /** Since when the cluster has not known it, as `performance.now()`. */
  missingSince: number | undefined
  /** The topic as it was first found; undefined until then. */
  private foundId: string | undefined
  private failure: unknown
  private retryTimer: NodeJS.Timeout | undefined
  private readonly chunks: FetchedChunk[] = []
  private readonly backoff = new Backoff()

  constructor(
    readonly topic: string,
    readonly partition: number,
    /** The offset of the next request. */
    public nextOffset: number,
    private readonly memory: ChunkMemory,
  ) {}

  /** Whether `take` has something to give. */
  get takeable(): boolean {
    return !this.paused && (this.chunks.length > 0 || this.failure !== undefined)
  }

  /** Timestamp of the first batch that is buffered; undefined: there is none. */
  get oldestTimestamp(): number | undefined {
    const [chunk] = this.chunks
    return chunk === undefined ? undefined : firstTimestamp(chunk.buffer, chunk.start, chunk.end)
  }

  /** The next chunk; after the last one, throws the failure that ended the fetching, once. */
  take(): FetchedChunk | undefined {
    if (this.paused) return undefined
    const chunk = this.chunks.shift()
    if (chunk !== undefined) {
      this.bufferedBytes -= chunk.end - chunk.start
      return chunk
    }
    if (this.failure === undefined) return undefined
    const { failure } = this
    this.failure = undefined
    throw failure
  }

  /** The topic's id, once its leader was located. */
  get topicId(): string {
    if (this.foundId === undefined) throw new Error(`${this.topic} has not been located yet`)
    return this.foundId
  }

  /**
   * Tells which topic the name stands for now.
   *
   * @throws TopicRecreatedError where it is another one than before
   */
  found(topicId: string): void {
    this.foundId ??= topicId
    if (this.foundId !== topicId) throw new TopicRecreatedError(this.topic, this.partition, this.nextOffset)
  }

  fail(failure: unknown): void {
    this.state = 'failed'
    this.failure = failure
  }

  /**
   * Takes in a response without error; true if it brought records.
   *
   * @throws CorruptRecordError where its bytes are no record batches
   */
  accept(fetched: FetchedPartition): boolean {
    this.state = 'ready'
    this.backoff.reset()
    this.missingSince = undefined
    this.highWatermark = fetched.highWatermark
    // Brokers tell it to those only who read committed.
    const stable = fetched.lastStableOffset < 0 ? fetched.highWatermark : fetched.lastStableOffset
    this.lastStableOffset = stable
    this.logStartOffset = fetched.logStartOffset
    this.idle = this.nextOffset >= stable
    const { buffer, end } = fetched
    if (end === 0) {
      // Without records there may still be some: the response was full of those of other partitions.
      if (this.idle) this.noteEmpty()
      else this.emptySince = undefined
      return false
    }
    this.emptySince = undefined
    const { topic, partition, nextOffset: offset } = this
    boundaries.scan(buffer, 0, end, { topic, partition, offset })
    this.buffer(fetched, boundaries.end, stable)
    this.nextOffset = boundaries.nextOffset
    this.idle = this.nextOffset >= stable
    return true
  }

  private noteEmpty(): void {
    this.emptyUntil = performance.now()
    this.emptySince ??= this.emptyUntil
  }

  /**
   * For how long there has been nothing to fetch, as far as the broker was asked, milliseconds: where it is not asked no
   * time passes.
   */
  get emptyFor(): number {
    return this.emptySince === undefined ? 0 : this.emptyUntil - this.emptySince
  }

  private buffer(fetched: FetchedPartition, end: number, lastStableOffset: number): void {
    const { topic, partition, buffer, highWatermark, logStartOffset } = fetched
    const { memory } = this
    let released = false
    this.bufferedBytes += end
    this.chunks.push({
      topic,
      partition,
      buffer,
      start: 0,
      end,
      fetchOffset: this.nextOffset,
      abortedTransactions: fetched.abortedTransactions,
      highWatermark,
      lastStableOffset,
      logStartOffset,
      arrivedAt: performance.now(),
      release() {
        if (!released) memory.give(buffer)
        released = true
      },
    })
  }

  /** Calls `retry` after a pause that grows until the next good answer. */
  retryLater(retry: () => void): void {
    this.state = 'locating'
    this.retryTimer = setTimeout(retry, this.backoff.next())
  }

  /** Ends it: nothing is buffered, retried or taken any more. */
  remove(): void {
    this.active = false
    clearTimeout(this.retryTimer)
    for (const chunk of this.chunks.splice(0)) chunk.release()
    this.bufferedBytes = 0
  }
}
