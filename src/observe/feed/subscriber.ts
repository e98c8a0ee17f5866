import type { CodedError } from '../../errors/coded-error.js'
import { userError } from '../../runtime/user-error.js'
import type { FairTurns, Worker } from './fair-turns.js'
import { FeedBatch } from './feed-batch.js'
import type { FeedCounts } from './feed-counts.js'
import type { FeedFilter } from './feed-filter.js'
import type { FeedPosition } from './feed-position.js'
import type { FeedSink } from './feed-sink.js'
import type { StoreReplica } from './store-replica.js'
import { Subscription } from './subscription.js'

/** What is written at once: about what a connection buffers, and half a millisecond's work. */
const BATCH_BYTES = 64 * 1024

/** Where a subscriber says that it stands; `unknown-position`: nobody told it so. */
export type FeedStart = FeedPosition | 'unknown-position' | undefined

/** What a subscriber asks for. */
export interface FeedRequest {
  readonly filter: FeedFilter
  readonly from: FeedStart
  readonly sink: FeedSink
}

/** What a subscriber tells. */
export interface SubscriberListener {
  /** It is served no more. */
  left(subscriber: Subscriber): void
  /** Something keeps it from being served. */
  warn(error: unknown): void
}

/** Brings one connection what it asks for, as fast as it takes it. */
export class Subscriber implements Worker {
  private subscription: Subscription | undefined
  /** Since when the connection has taken nothing, as `performance.now()`. */
  private blockedSince: number | undefined
  private ended = false

  constructor(
    private readonly request: FeedRequest,
    private readonly turns: FairTurns,
    private readonly counts: FeedCounts,
    private readonly listener: SubscriberListener,
  ) {
    request.sink.listen({
      drained: () => {
        this.blockedSince = undefined
        this.wake()
      },
      closed: () => this.leave(),
    })
  }

  /** Where it said that it stands. */
  get from(): FeedStart {
    return this.request.from
  }

  /** Whether it is served from a replica. */
  get begun(): boolean {
    return this.subscription !== undefined
  }

  /** Is served from a replica from now on. */
  begin(replica: StoreReplica, from: FeedStart): void {
    const { filter } = this.request
    this.subscription = new Subscription(replica, filter, from, this.counts, Date.now)
    this.wake()
  }

  /** Is served from another replica, of a topic that is read anew. */
  restart(replica: StoreReplica): void {
    this.subscription?.restart(replica)
    this.wake()
  }

  /** There may be something for it. */
  wake(): void {
    if (this.subscription !== undefined && this.blockedSince === undefined && !this.ended)
      this.turns.add(this)
  }

  work(): boolean {
    const { subscription } = this
    if (subscription === undefined || this.ended || this.blockedSince !== undefined) return false
    const batch = new FeedBatch(BATCH_BYTES)
    try {
      const more = subscription.take(batch)
      return this.send(batch) && more
    } catch (error) {
      this.listener.warn(error)
      this.end(userError(error))
      return false
    }
  }

  private send({ messages, id }: FeedBatch): boolean {
    if (messages.length === 0) return true
    this.counts.messages += messages.length
    const takesMore = this.request.sink.send(messages, id)
    if (!takesMore) this.blockedSince = performance.now()
    return takesMore
  }

  /** Shows that the feed lives; cuts a connection off that has taken nothing for so long, milliseconds. */
  beat(stuckAfterMs: number): void {
    const { sink } = this.request
    if (this.blockedSince === undefined) {
      sink.beat(this.subscription?.position)
    } else if (performance.now() - this.blockedSince >= stuckAfterMs) {
      this.counts.dropped++
      sink.cut()
    }
  }

  /** Ends the connection, and says why. */
  end({ code, message }: CodedError): void {
    if (this.ended) return
    const { sink } = this.request
    sink.send([JSON.stringify({ type: 'error', code, message })], undefined)
    sink.end()
    this.leave()
  }

  private leave(): void {
    if (this.ended) return
    this.ended = true
    this.turns.remove(this)
    this.listener.left(this)
  }
}
