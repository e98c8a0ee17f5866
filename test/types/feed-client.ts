import type { KafkaStreams } from '../../src/index.js'
import {
  type FeedChange,
  type FeedRow,
  type FeedWindow,
  subscribe,
} from '../../src/observe/feed-client/index.js'
import { feedRoutes } from '../../src/observe/index.js'
import { type Equal, expectType } from './equal.js'

interface Flight {
  readonly delay: number
}

declare const streams: KafkaStreams

/** Rows and changes are of the types that the reader names; keys are asked for by theirs. */
export async function reads(): Promise<void> {
  const feed = subscribe<string, Flight>('/feed/flights', {
    keys: ['AA 1'],
    onChange: (changes, rows) => {
      expectType<Equal<typeof changes, readonly FeedChange<string, Flight>[]>>()
      expectType<Equal<typeof rows, ReadonlyMap<string, FeedRow<string, Flight>>>>()
    },
  })
  for await (const rows of feed) {
    for (const { key, value, window, timestamp } of rows.values()) {
      expectType<Equal<typeof key, string>>()
      expectType<Equal<typeof value, Flight>>()
      expectType<Equal<typeof window, FeedWindow | undefined>>()
      expectType<Equal<typeof timestamp, number>>()
    }
  }
  feed.get('AA 1', { start: 0, end: 1 })
  // @ts-expect-error a key of another type
  feed.get(1)
  // @ts-expect-error keys of another type
  subscribe<string, Flight>('/feed/flights', { keys: [1] })
}

/** What is shown of a value is said of its own type. */
export const routes = () =>
  feedRoutes(streams, { stores: { flights: { show: (flight: Flight, key: string) => [key, flight.delay] } } })
