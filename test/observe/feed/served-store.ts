import { FairTurns } from '../../../src/observe/feed/fair-turns.js'
import { FeedFilter, readQuery } from '../../../src/observe/feed/feed-filter.js'
import type { ReplicaListener, ReplicaSource } from '../../../src/observe/feed/replica-reader.js'
import { RowFormat } from '../../../src/observe/feed/row-format.js'
import { StoreFeed, type StoreFeedSettings } from '../../../src/observe/feed/store-feed.js'
import { StoreReplica } from '../../../src/observe/feed/store-replica.js'
import type { FeedRequest } from '../../../src/observe/feed/subscriber.js'
import { changelogRecord, STORES, TOPIC_ID } from './feed-world.js'

const [store] = STORES

/** The feed of a key-value store of one partition, whose topic the test writes; its reader has read all of it at once. */
export class ServedStore {
  readonly warnings: unknown[] = []
  /** How often reading has begun, and ended. */
  opened = 0
  closed = 0
  /** Where the log ends, for who is further than what is read. */
  logEnd = 0
  listener!: ReplicaListener
  replica: StoreReplica
  readonly format = new RowFormat(store!)
  readonly feed: StoreFeed
  private offset = 0

  constructor(settings: Partial<StoreFeedSettings> = {}) {
    this.replica = this.newReplica()
    const source: ReplicaSource = {
      store: 'rows',
      topic: 'topic',
      format: this.format,
      maxBytes: 1e9,
      connect: () => {
        throw new Error('nothing is to be connected to')
      },
    }
    this.feed = new StoreFeed(
      source,
      {
        lingerMs: 60_000,
        stuckAfterMs: 60_000,
        turns: new FairTurns(),
        warn: (error) => this.warnings.push(error),
        ...settings,
      },
      (_, listener) => {
        this.opened++
        this.listener = listener
        return {
          close: async () => {
            this.closed++
          },
          reaches: async (_, offsets) => offsets.every((offset) => offset <= this.logEnd),
        }
      },
    )
  }

  newReplica(topicId = TOPIC_ID): StoreReplica {
    const topic = { topicId, starts: [0], ends: [0], deleteRetentionMs: 86_400_000, foundAt: Date.now() }
    return new StoreReplica(this.format, topic, 1e9)
  }

  /** Says that all is read that there was. */
  ready(): void {
    this.listener.ready(this.replica)
  }

  write(rows: Readonly<Record<string, number | undefined>>): void {
    for (const [key, value] of Object.entries(rows)) {
      this.replica.add(0, changelogRecord(store!, { offset: this.offset++, key, start: 0, value }))
    }
    this.replica.reach(0, this.offset, 0)
    this.logEnd = this.offset
    this.listener?.changed()
  }

  request(sink: FeedRequest['sink'], from?: FeedRequest['from'], query = ''): FeedRequest {
    const filter = new FeedFilter(this.format, readQuery(new URLSearchParams(query)))
    return { filter, from, sink }
  }
}
