import type { CodedError } from '../../errors/coded-error.js'
import { StreamsError } from '../../runtime/streams-error.js'
import { userError } from '../../runtime/user-error.js'
import type { FairTurns } from './fair-turns.js'
import { FeedCounts } from './feed-counts.js'
import {
  FeedTooLargeError,
  type Reader,
  type ReplicaListener,
  ReplicaReader,
  type ReplicaSource,
} from './replica-reader.js'
import type { StoreReplica } from './store-replica.js'
import { type FeedRequest, Subscriber } from './subscriber.js'

const openReader = (source: ReplicaSource, listener: ReplicaListener): Reader =>
  new ReplicaReader(source, listener)

/** A store that is too large is not read again for so long. */
const REFUSED_FOR_MS = 60_000

export const feedClosed = (): StreamsError =>
  new StreamsError('FEED_CLOSED', 'the feed is closed: the application ends')

export interface StoreFeedSettings {
  /** How long reading goes on when nobody listens, milliseconds. */
  readonly lingerMs: number
  /** How long a connection may take nothing before it is cut, milliseconds. */
  readonly stuckAfterMs: number
  readonly turns: FairTurns
  readonly warn: (error: unknown) => void
}

/** The feed of a store: one reader for all of its subscribers, from the first one's coming to some time after the last left. */
export class StoreFeed {
  readonly counts = new FeedCounts()
  private readonly subscribers = new Set<Subscriber>()
  private reader: Reader | undefined
  private current: StoreReplica | undefined
  private lingering: NodeJS.Timeout | undefined
  private refusal: { readonly error: CodedError; readonly until: number } | undefined

  /** @param open begins to read; for tests */
  constructor(
    readonly source: ReplicaSource,
    private readonly settings: StoreFeedSettings,
    private readonly open: (source: ReplicaSource, listener: ReplicaListener) => Reader = openReader,
  ) {}

  get subscriberCount(): number {
    return this.subscribers.size
  }

  /** What it reads; undefined while it does not, or not yet. */
  get replica(): StoreReplica | undefined {
    return this.current
  }

  /** Why nobody is served at present: the store was too large a moment ago. */
  get refused(): CodedError | undefined {
    const { refusal } = this
    return refusal !== undefined && performance.now() < refusal.until ? refusal.error : undefined
  }

  /** Serves a connection until it is gone. */
  subscribe(request: FeedRequest): void {
    const { turns, warn } = this.settings
    const left = (who: Subscriber): void => this.leave(who)
    const subscriber = new Subscriber(request, turns, this.counts, { left, warn })
    this.subscribers.add(subscriber)
    clearTimeout(this.lingering)
    this.reader ??= this.read()
    if (this.current !== undefined) void this.serve(subscriber, this.current)
  }

  private read(): Reader {
    const reader: Reader = this.open(this.source, {
      ready: (replica) => {
        if (this.reader === reader) this.begin(replica)
      },
      changed: () => {
        for (const subscriber of this.subscribers) subscriber.wake()
      },
      failed: (error) => {
        if (this.reader === reader) this.fail(error)
      },
      warn: this.settings.warn,
    })
    return reader
  }

  private begin(replica: StoreReplica): void {
    this.current = replica
    for (const subscriber of this.subscribers) {
      if (subscriber.begun) subscriber.restart(replica)
      else void this.serve(subscriber, replica)
    }
  }

  /** Begins to serve; where the subscriber is further than the replica, the log must be as long. */
  private async serve(subscriber: Subscriber, replica: StoreReplica): Promise<void> {
    const { from } = subscriber
    if (typeof from !== 'object' || replica.refusal(from, from.filterHash) !== undefined) {
      return subscriber.begin(replica, from)
    }
    try {
      const known = await this.reader?.reaches(replica, from.offsets)
      // Meanwhile the topic may have been made anew; then it begins with that.
      if (this.current === replica) subscriber.begin(replica, known === true ? from : 'unknown-position')
    } catch (error) {
      this.settings.warn(error)
      subscriber.end(userError(error))
    }
  }

  private fail(cause: unknown): void {
    const { warn } = this.settings
    const error = userError(cause)
    if (error instanceof FeedTooLargeError) {
      this.refusal = { error, until: performance.now() + REFUSED_FOR_MS }
    }
    warn(error)
    this.stop().catch(warn)
    this.end(error)
  }

  private leave(subscriber: Subscriber): void {
    this.subscribers.delete(subscriber)
    if (this.subscribers.size > 0 || this.reader === undefined) return
    this.lingering = setTimeout(() => void this.stop().catch(this.settings.warn), this.settings.lingerMs)
    this.lingering.unref()
  }

  /** Shows all subscribers that the feed lives. */
  beat(): void {
    for (const subscriber of this.subscribers) subscriber.beat(this.settings.stuckAfterMs)
  }

  private end(error: CodedError): void {
    for (const subscriber of this.subscribers) subscriber.end(error)
  }

  private async stop(): Promise<void> {
    const { reader } = this
    clearTimeout(this.lingering)
    this.reader = undefined
    this.current = undefined
    await reader?.close()
  }

  /** Ends all connections and the reading. */
  async close(): Promise<void> {
    this.end(feedClosed())
    await this.stop()
  }
}
