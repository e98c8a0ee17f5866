import { Counter, Gauge, type Registry } from 'prom-client'
import type { FeedStores } from './feed-stores.js'
import type { StoreFeed } from './store-feed.js'

interface FeedFamily {
  readonly type: 'counter' | 'gauge'
  readonly name: string
  readonly help: string
  of(feed: StoreFeed): number
}

const FAMILIES: readonly FeedFamily[] = [
  {
    type: 'gauge',
    name: 'millrace_feed_subscribers',
    help: 'Connections that are served',
    of: (feed) => feed.subscriberCount,
  },
  {
    type: 'gauge',
    name: 'millrace_feed_rows',
    help: 'Rows that are held for subscribers',
    of: ({ replica }) => replica?.size ?? 0,
  },
  {
    type: 'gauge',
    name: 'millrace_feed_rows_bytes',
    help: 'What these rows and the notes of deletions take in memory, about',
    of: ({ replica }) => replica?.bytes ?? 0,
  },
  {
    type: 'counter',
    name: 'millrace_feed_messages_total',
    help: 'Messages sent to subscribers',
    of: ({ counts }) => counts.messages,
  },
  {
    type: 'counter',
    name: 'millrace_feed_conflated_changes_total',
    help: 'Changes that a subscriber was not sent since a later one of the same row had taken their place',
    of: ({ counts }) => counts.conflated,
  },
  {
    type: 'counter',
    name: 'millrace_feed_refetches_total',
    help: 'Snapshots that were sent since changes since a position were not known any more',
    of: ({ counts }) => counts.refetches,
  },
  {
    type: 'counter',
    name: 'millrace_feed_dropped_subscribers_total',
    help: 'Connections that were cut since they took nothing for too long',
    of: ({ counts }) => counts.dropped,
  },
]

/** Registers the metrics of feeds, with a series for each store that was asked for. They are read at a scrape. */
export function registerFeedMetrics(registry: Registry, stores: FeedStores): void {
  for (const { type, name, help, of } of FAMILIES) {
    const configuration = { name, help, labelNames: ['store'], registers: [registry] }
    if (type === 'gauge') {
      new Gauge({
        ...configuration,
        collect() {
          for (const [store, feed] of stores.all) this.set({ store }, of(feed))
        },
      })
      continue
    }
    new Counter({
      ...configuration,
      collect() {
        this.reset()
        for (const [store, feed] of stores.all) this.inc({ store }, of(feed))
      },
    })
  }
}
