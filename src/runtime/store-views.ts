import { ByteWriter } from '../serdes/byte-writer.js'
import type { Serde } from '../serdes/serde.js'
import type { KeyValueRow, RangeOptions, ValueAndTimestamp, WindowRow } from '../state/queries.js'
import { type AnyStoreDefinition, hasWindows, innerKey } from '../state/store-definition.js'
import { type ReadOnlyVersionedStore, type VersionRow, versionOf } from '../state/versioned-view.js'
import type { Topology } from '../topology/topology.js'
import type { Windowed } from '../windows/window.js'
import type { StoreQuery, StoreRow } from './store-query.js'
import type { StreamThreadHandle } from './stream-thread-handle.js'
import { StreamsError } from './streams-error.js'

/** Committed rows of a key-value store, of all tasks that this client runs, in the order of the serialized keys. */
export interface ReadOnlyKeyValueView<K, V> {
  get(key: K): Promise<ValueAndTimestamp<V> | undefined>
  /** Rows from a key to another, both included; undefined: from the first, to the last. */
  range(from: K | undefined, to: K | undefined, options?: RangeOptions): Promise<KeyValueRow<K, V>[]>
  all(options?: RangeOptions): Promise<KeyValueRow<K, V>[]>
  /**
   * The rows of a range one after the other, read page by page, so that however many there are, few are in memory. A
   * page is of one moment; what is committed while it is consumed is in the next.
   */
  stream(
    from?: K | undefined,
    to?: K | undefined,
    options?: RangeOptions,
  ): AsyncIterableIterator<KeyValueRow<K, V>>
}

/** Committed rows of a window store, of all tasks that this client runs. */
export interface ReadOnlyWindowView<K, V> {
  /** The row of a key in the window that starts at `windowStart`. */
  get(key: K, windowStart: number): Promise<ValueAndTimestamp<V> | undefined>
  /** Rows of a key in windows that start from `from` to `to`, both included, in order of time. */
  fetch(key: K, from: number, to: number): Promise<WindowRow<K, V>[]>
  /**
   * Rows of all keys in windows that start from `from` to `to`, both included, by window and then by key; sessions by
   * their end.
   */
  fetchAll(from: number, to: number, options?: RangeOptions): Promise<WindowRow<K, V>[]>
  /**
   * The same rows one after the other, read page by page, so that however many there are, few are in memory. A page is of
   * one moment. (Of a store that processors write all rows are in memory meanwhile.)
   */
  stream(from: number, to: number, options?: RangeOptions): AsyncIterableIterator<WindowRow<K, V>>
}

/** Committed versions of a versioned store, of all tasks that this client runs. */
export type ReadOnlyVersionedView<K, V> = ReadOnlyVersionedStore<K, V>

/** What `store<K, V>(name)` gives: a window view where the key is `Windowed`. */
export type ReadOnlyStore<K, V> =
  K extends Windowed<infer Inner> ? ReadOnlyWindowView<Inner, V> : ReadOnlyKeyValueView<K, V>

type Threads = () => readonly StreamThreadHandle[]

/** @throws {StreamsError} `UNKNOWN_STORE` */
export function storeView<K, V>(topology: Topology, name: string, threads: Threads): ReadOnlyStore<K, V> {
  const globals = topology.globals.flatMap((each) => each.stores)
  const definition = definitionOf(topology, name)
  if (definition.kind === 'versioned') {
    throw new StreamsError(
      'STORE_KIND',
      `store '${name}' is versioned: read it with versionedStore('${name}')`,
    )
  }
  // Each thread has all of a global store.
  const asked: Threads = globals.includes(definition) ? () => threads().slice(0, 1) : threads
  const ask = new StoreQuestions(definition, asked)
  const view = hasWindows(definition) ? windowView<unknown, V>(ask) : keyValueView<K, V>(ask)
  return view as ReadOnlyStore<K, V>
}

/** @throws {StreamsError} `UNKNOWN_STORE`, `STORE_KIND` */
export function versionedStoreView<K, V>(
  topology: Topology,
  name: string,
  threads: Threads,
): ReadOnlyVersionedView<K, V> {
  const definition = definitionOf(topology, name)
  if (definition.kind !== 'versioned') {
    throw new StreamsError('STORE_KIND', `store '${name}' is not versioned: read it with store('${name}')`)
  }
  return versionedView(new StoreQuestions(definition, threads))
}

function definitionOf(topology: Topology, name: string): AnyStoreDefinition {
  const definitions = [...topology.subTopologies, ...topology.globals].flatMap((each) => each.stores)
  const definition = definitions.find((each) => each.name === name)
  if (definition !== undefined) return definition
  const names = definitions.map((each) => each.name).join(', ') || 'none'
  throw new StreamsError('UNKNOWN_STORE', `the topology has no store '${name}'; its stores: ${names}`)
}

/** Rows of a page. */
const PAGE_ROWS = 1000

/** Asks every thread and puts the answers in order. */
class StoreQuestions {
  readonly name: string
  private readonly key: Serde<unknown>
  private readonly positionOf: (row: StoreRow) => number
  /** Whether tasks give their rows in the order in which they are put together here. */
  private readonly ordered: boolean

  constructor(
    definition: AnyStoreDefinition,
    private readonly threads: Threads,
  ) {
    this.name = definition.name
    this.key = innerKey(definition)
    this.positionOf = definition.kind === 'session' ? endOf : startOf
    this.ordered = definition.kind !== 'keyValue' || definition.windows === undefined
  }

  async rows<R extends StoreRow>(query: StoreQuery, options: RangeOptions = {}): Promise<R[]> {
    const answers = await Promise.all(this.threads().map((thread) => thread.query(query)))
    const rows = answers.flat() as R[]
    const sign = options.reverse === true ? -1 : 1
    const order = rows.map((row) => ({ row, key: serialized(this.key, row.key) }))
    const { positionOf } = this
    order.sort(
      (a, b) =>
        sign *
        (positionOf(a.row) - positionOf(b.row) ||
          startOf(a.row) - startOf(b.row) ||
          Buffer.compare(a.key, b.key)),
    )
    const limit = options.limit ?? order.length
    return order.slice(0, limit).map(({ row }) => row)
  }

  /**
   * The rows of a query, page by page.
   *
   * @param queryOf the query for the rows behind one, as its options say
   */
  async *pages<R extends StoreRow>(
    queryOf: (options: RangeOptions, after: R | undefined) => StoreQuery,
    { limit = Number.POSITIVE_INFINITY, ...order }: RangeOptions = {},
  ): AsyncIterableIterator<R> {
    let after: R | undefined
    for (let left = limit; left > 0; ) {
      const size = this.ordered ? Math.min(left, PAGE_ROWS) : left
      const options = Number.isFinite(size) ? { ...order, limit: size } : order
      const page = await this.rows<R>(queryOf(options, after), options)
      yield* page
      if (page.length < size) return
      left -= size
      after = page.at(-1)
    }
  }
}

const startOf = (row: StoreRow): number => ('windowStart' in row ? row.windowStart : 0)
const endOf = (row: StoreRow): number => ('windowEnd' in row ? row.windowEnd : 0)

function serialized<T>(serde: Serde<T>, value: T): Buffer {
  const writer = new ByteWriter(64)
  serde.serialize(value, writer)
  return writer.view()
}

function keyValueView<K, V>(ask: StoreQuestions): ReadOnlyKeyValueView<K, V> {
  const range = (
    from: K | undefined,
    to: K | undefined,
    options: RangeOptions = {},
  ): Promise<KeyValueRow<K, V>[]> => ask.rows({ read: 'range', store: ask.name, from, to, options }, options)
  return {
    async get(key) {
      const [row] = await ask.rows<KeyValueRow<K, V>>({ read: 'get', store: ask.name, key })
      return row && { value: row.value, timestamp: row.timestamp }
    },
    range,
    all: (options) => range(undefined, undefined, options),
    stream: (from, to, options) =>
      ask.pages<KeyValueRow<K, V>>(
        (page, after) => ({
          read: 'range',
          store: ask.name,
          from,
          to,
          options: { ...page, after: after?.key },
        }),
        options,
      ),
  }
}

function windowView<K, V>(ask: StoreQuestions): ReadOnlyWindowView<K, V> {
  return {
    async get(key, windowStart) {
      const [row] = await ask.rows<WindowRow<K, V>>({ read: 'window', store: ask.name, key, windowStart })
      return row && { value: row.value, timestamp: row.timestamp }
    },
    fetch: (key, from, to) => ask.rows({ read: 'fetch', store: ask.name, key, from, to }),
    fetchAll: (from, to, options = {}) =>
      ask.rows({ read: 'fetchAll', store: ask.name, from, to, options }, options),
    stream: (from, to, options) =>
      ask.pages<WindowRow<K, V>>(
        (page, after) => ({ read: 'fetchAll', store: ask.name, from, to, options: { ...page, after } }),
        options,
      ),
  }
}

function versionedView<K, V>(ask: StoreQuestions): ReadOnlyVersionedView<K, V> {
  const versions = (key: K, from?: number, to?: number, options: RangeOptions = {}) =>
    ask.rows<VersionRow<K, V>>({ read: 'versions', store: ask.name, key, from, to, options })
  return {
    get: async (key, asOf = Number.MAX_SAFE_INTEGER) => versionOf(await versions(key, asOf, asOf)),
    versions,
  }
}
