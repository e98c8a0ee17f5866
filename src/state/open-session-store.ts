import type { DeepReadonly } from '../serdes/deep-readonly.js'
import { NO_HEADERS } from '../serdes/record-headers.js'
import type { Window } from '../windows/window.js'
import type { OrderedSpanStore } from './store.js'
import { requireStoreKey } from './stored-row.js'
import type { ReadOrder, SessionStore } from './stores.js'

/** A task's store as processors use it, by sessions. */
class OpenSessionStore<K, V> implements SessionStore<K, V> {
  readonly name: string

  constructor(
    private readonly store: OrderedSpanStore<K, V>,
    private readonly timestamp: () => number,
  ) {
    this.name = store.name
  }

  put(key: K, { start, end }: Window, value: V | DeepReadonly<V> | null | undefined): void {
    requireStoreKey(this.name, key)
    const session = this.store.span(key, start, end)
    if (session !== undefined) {
      this.store.write(session, (value ?? undefined) as V | undefined, this.timestamp(), NO_HEADERS)
    }
  }

  delete(key: K, window: Window): void {
    this.put(key, window, undefined)
  }

  get(key: K, { start, end }: Window): DeepReadonly<V> | undefined {
    requireStoreKey(this.name, key)
    const session = this.store.range(key, end, end).find(({ windowStart }) => windowStart === start)
    return session?.value as DeepReadonly<V> | undefined
  }

  *find(
    key: K,
    earliestEnd: number,
    latestStart: number,
    { reverse }: ReadOrder = {},
  ): Iterable<[window: Window, value: DeepReadonly<V>]> {
    requireStoreKey(this.name, key)
    // A list of its own: the store may be used while it is read.
    const found = this.store
      .range(key, earliestEnd, Number.MAX_SAFE_INTEGER)
      .filter(({ windowStart }) => windowStart <= latestStart)
      .map(({ windowStart: start, windowEnd: end, value }): [Window, DeepReadonly<V>] => [
        { start, end },
        value as DeepReadonly<V>,
      ])
    yield* reverse === true ? found.reverse() : found
  }

  fetch(key: K, order?: ReadOrder): Iterable<[window: Window, value: DeepReadonly<V>]> {
    return this.find(key, 0, Number.MAX_SAFE_INTEGER, order)
  }

  *findRange(
    from: K | undefined,
    to: K | undefined,
    earliestEnd: number,
    latestStart: number,
    order: ReadOrder = {},
  ): Iterable<[key: K, window: Window, value: DeepReadonly<V>]> {
    for (const key of this.store.keys(from, to, earliestEnd, order.reverse)) {
      for (const [window, value] of this.find(key, earliestEnd, latestStart, order))
        yield [key, window, value]
    }
  }

  fetchRange(
    from: K | undefined,
    to: K | undefined,
    order?: ReadOrder,
  ): Iterable<[key: K, window: Window, value: DeepReadonly<V>]> {
    return this.findRange(from, to, 0, Number.MAX_SAFE_INTEGER, order)
  }
}

/** Rows by key and session; a row's timestamp is that of the record that wrote it. */
export const openSessionStore = <K, V>(
  store: OrderedSpanStore<K, V>,
  timestamp: () => number,
): SessionStore<K, V> => new OpenSessionStore(store, timestamp)
