import { sameBytes } from '../serdes/same-bytes.js'
import type { Serde } from '../serdes/serde.js'
import { parseDuration } from '../time/duration.js'
import { openKeyValueStore, openTimestampedStore } from './open-key-value-store.js'
import { openSessionStore } from './open-session-store.js'
import { openVersionedStore } from './open-versioned-store.js'
import { openTimestampedWindowStore, openWindowStore } from './open-window-store.js'
import type { OrderedSpanStore, OrderedStore, VersionedStore } from './store.js'
import type { KeyValueStoreDefinition, WindowRows } from './store-definition.js'
import type {
  KeyValueStore,
  KeyValueStoreOptions,
  SessionStore,
  SessionStoreOptions,
  Store,
  TimestampedKeyValueStore,
  TimestampedWindowStore,
  VersionedKeyValueStore,
  VersionedStoreOptions,
  WindowStore,
  WindowStoreOptions,
} from './stores.js'
import { type WindowRowKey, windowRowKey } from './window-row-key.js'

const keyValueDefinition = <K, V>(
  name: string,
  { key, value, logging = true, storage }: KeyValueStoreOptions<K, V>,
): KeyValueStoreDefinition<K, V> => ({
  kind: 'keyValue',
  name,
  key,
  value,
  logging,
  caching: false,
  storage,
  ordered: true,
})

const windowRows = <K, V>(name: string, options: WindowStoreOptions<K, V>): WindowRows => ({
  key: options.key as Serde<unknown>,
  size: parseDuration(`store ${name}: windowSize`, options.windowSize, { min: 1 }),
  retention: parseDuration(`store ${name}: retention`, options.retention, { min: 1 }),
  retainDuplicates: options.retainDuplicates ?? false,
  sameKey: sameBytes(options.key) as WindowRows['sameKey'],
})

/** A store of rows by window, opened as `open` says. */
function storeByWindow<K, V, S>(
  name: string,
  options: WindowStoreOptions<K, V>,
  open: (store: OrderedStore<WindowRowKey<K>, V>, windows: WindowRows, timestamp: () => number) => S,
): Store<S> {
  const windows = windowRows(name, options)
  const rows = { ...options, key: windowRowKey(options.key) }
  return {
    name,
    definition: { ...keyValueDefinition(name, rows), windows },
    open: (store, timestamp) => open(store as OrderedStore<WindowRowKey<K>, V>, windows, timestamp),
  }
}

/** A key's sessions lie in so many pieces on disk: a new one rewrites one piece, and finding reads all. */
const PIECES_PER_RETENTION = 4

/**
 * The stores that processors can use. A store is declared once, connected where it is used, and got in `init`:
 *
 * @example
 * ```ts
 * const totals = Stores.keyValue('totals', { key: string(), value: int64() })
 * const delays = flights.process(
 *   () => {
 *     let context: ProcessorContext<string, number>
 *     let store: KeyValueStore<string, number>
 *     return {
 *       init(given: ProcessorContext<string, number>) {
 *         context = given
 *         store = given.store(totals)
 *       },
 *       process(record) {
 *         const total = (store.get(record.key) ?? 0) + record.value.delay
 *         store.put(record.key, total)
 *         context.forward({ ...record, value: total })
 *       },
 *     }
 *   },
 *   { stores: [totals] },
 * )
 * assert.deepEqual(results(delays), ['SFO: 20', 'LGA: 0', 'SFO: 65', 'LGA: 5'])
 * ```
 */
export const Stores = {
  /**
   * Values by key.
   *
   * @example
   * ```ts
   * const store = Stores.keyValue('store', { key: string(), value: string() })
   * const read = clicks.process(
   *   () => {
   *     let context: ProcessorContext<string, string>
   *     return {
   *       init(given: ProcessorContext<string, string>) {
   *         context = given
   *       },
   *       process(record) {
   *         const rows = context.store(store)
   *         rows.put(record.value, record.key)
   *         const users = [...rows.all()].map(([page, user]) => `${page} by ${user}`)
   *         context.forward({ ...record, value: users.join(' and ') })
   *       },
   *     }
   *   },
   *   { stores: [store] },
   * )
   * assert.deepEqual(results(read), [
   *   'ann: home by ann',
   *   'ann: cart by ann and home by ann',
   *   'bob: cart by ann and home by bob',
   *   'ann: cart by ann and home by ann',
   * ])
   * ```
   */
  keyValue: <K, V>(name: string, options: KeyValueStoreOptions<K, V>): Store<KeyValueStore<K, V>> => ({
    name,
    definition: keyValueDefinition(name, options),
    open: (store, timestamp) => openKeyValueStore(store as OrderedStore<K, V>, timestamp),
  }),

  /**
   * Values with timestamps by key.
   *
   * @example
   * ```ts
   * const store = Stores.timestampedKeyValue('store', { key: string(), value: string() })
   * const read = clicks.process(
   *   () => {
   *     let context: ProcessorContext<string, string>
   *     return {
   *       init(given: ProcessorContext<string, string>) {
   *         context = given
   *       },
   *       process(record) {
   *         const rows = context.store(store)
   *         const last = rows.get(record.key)?.timestamp
   *         rows.put(record.key, { value: record.value, timestamp: record.timestamp })
   *         context.forward({ ...record, value: last === undefined ? 'never' : `${last / 60_000} min` })
   *       },
   *     }
   *   },
   *   { stores: [store] },
   * )
   * assert.deepEqual(results(read), ['ann: never', 'ann: 0 min', 'bob: never', 'ann: 5 min'])
   * ```
   */
  timestampedKeyValue: <K, V>(
    name: string,
    options: KeyValueStoreOptions<K, V>,
  ): Store<TimestampedKeyValueStore<K, V>> => ({
    name,
    definition: keyValueDefinition(name, options),
    open: (store) => openTimestampedStore(store as OrderedStore<K, V>),
  }),

  /**
   * Values by key and window.
   *
   * @throws {InvalidDurationError} if retention or size is not at least a millisecond.
   * @example
   * ```ts
   * const store = Stores.window('store', { key: string(), value: string(), windowSize: '1h', retention: '1d' })
   * const read = clicks.process(
   *   () => {
   *     let context: ProcessorContext<string, string>
   *     return {
   *       init(given: ProcessorContext<string, string>) {
   *         context = given
   *       },
   *       process(record) {
   *         const rows = context.store(store)
   *         rows.put(record.key, record.value, record.timestamp)
   *         const recent = [...rows.fetch(record.key, record.timestamp - 600_000, record.timestamp)]
   *         context.forward({ ...record, value: recent.map(([, page]) => page).join(', ') })
   *       },
   *     }
   *   },
   *   { stores: [store] },
   * )
   * assert.deepEqual(results(read), ['ann: home', 'ann: home, cart', 'bob: home', 'ann: home'])
   * ```
   */
  window: <K, V>(name: string, options: WindowStoreOptions<K, V>): Store<WindowStore<K, V>> =>
    storeByWindow<K, V, WindowStore<K, V>>(name, options, openWindowStore),

  /**
   * Values with timestamps by key and window.
   *
   * @throws {InvalidDurationError} if retention or size is not at least a millisecond.
   * @example
   * ```ts
   * const hourly = { key: string(), value: string(), windowSize: '1h', retention: '1d' } as const
   * const store = Stores.timestampedWindow('store', hourly)
   * const read = clicks.process(
   *   () => {
   *     let context: ProcessorContext<string, string>
   *     return {
   *       init(given: ProcessorContext<string, string>) {
   *         context = given
   *       },
   *       process(record) {
   *         const rows = context.store(store)
   *         const hour = record.timestamp - (record.timestamp % 3_600_000)
   *         const last = rows.get(record.key, hour)?.timestamp
   *         rows.put(record.key, { value: record.value, timestamp: record.timestamp }, hour)
   *         context.forward({ ...record, value: last === undefined ? 'never' : `${last / 60_000} min` })
   *       },
   *     }
   *   },
   *   { stores: [store] },
   * )
   * assert.deepEqual(results(read), ['ann: never', 'ann: 0 min', 'bob: never', 'ann: never'])
   * ```
   */
  timestampedWindow: <K, V>(
    name: string,
    options: WindowStoreOptions<K, V>,
  ): Store<TimestampedWindowStore<K, V>> =>
    storeByWindow<K, V, TimestampedWindowStore<K, V>>(name, options, openTimestampedWindowStore),

  /**
   * Values by key and session.
   *
   * @throws {InvalidDurationError} if the retention is not at least a millisecond.
   * @example
   * ```ts
   * const store = Stores.session('store', { key: string(), value: string(), retention: '1d' })
   * const read = clicks.process(
   *   () => {
   *     let context: ProcessorContext<string, string>
   *     return {
   *       init(given: ProcessorContext<string, string>) {
   *         context = given
   *       },
   *       process(record) {
   *         const { key, value, timestamp } = record
   *         const sessions = context.store(store)
   *         let start = timestamp
   *         for (const [session] of [...sessions.find(key, timestamp - 600_000, timestamp + 600_000)]) {
   *           start = Math.min(start, session.start)
   *           sessions.delete(key, session)
   *         }
   *         sessions.put(key, { start, end: timestamp }, value)
   *         const { length } = [...sessions.fetchRange(undefined, undefined)]
   *         context.forward({ ...record, value: `since ${start / 60_000} min, one of ${length}` })
   *       },
   *     }
   *   },
   *   { stores: [store] },
   * )
   * assert.deepEqual(results(read), [
   *   'ann: since 0 min, one of 1',
   *   'ann: since 0 min, one of 1',
   *   'bob: since 20 min, one of 2',
   *   'ann: since 60 min, one of 3',
   * ])
   * ```
   */
  session: <K, V>(name: string, options: SessionStoreOptions<K, V>): Store<SessionStore<K, V>> => {
    const { key, value, logging = true, storage } = options
    const retention = parseDuration(`store ${name}: retention`, options.retention, { min: 1 })
    const segment = Math.ceil(retention / PIECES_PER_RETENTION)
    const common = { name, key, value, logging, storage, caching: false }
    return {
      name,
      definition: { kind: 'session', ...common, retention, segment, ordered: true },
      open: (store, timestamp) => openSessionStore(store as OrderedSpanStore<K, V>, timestamp),
    }
  },

  /**
   * Values by key over time: what a key held at a time can be asked later, and records may come late (KIP-889).
   *
   * @throws {InvalidDurationError} if the history retention is no duration.
   * @example
   * ```ts
   * const store = Stores.versioned('store', { key: string(), value: string(), historyRetention: '1d' })
   * const read = clicks.process(
   *   () => {
   *     let context: ProcessorContext<string, string>
   *     return {
   *       init(given: ProcessorContext<string, string>) {
   *         context = given
   *       },
   *       process(record) {
   *         const pages = context.store(store)
   *         pages.put(record.key, record.value, record.timestamp)
   *         const before = pages.get(record.key, record.timestamp - 1)
   *         context.forward({ ...record, value: `${record.value} after ${before?.value}` })
   *       },
   *     }
   *   },
   *   { stores: [store] },
   * )
   * assert.deepEqual(results(read), [
   *   'ann: home after undefined',
   *   'ann: cart after home',
   *   'bob: home after undefined',
   *   'ann: home after cart',
   * ])
   * ```
   */
  versioned: <K, V>(
    name: string,
    options: VersionedStoreOptions<K, V>,
  ): Store<VersionedKeyValueStore<K, V>> => {
    const { key, value, logging = true, storage } = options
    const historyRetention = parseDuration(`store ${name}: historyRetention`, options.historyRetention)
    const common = { name, key, value, logging, storage, caching: false }
    return {
      name,
      definition: { kind: 'versioned', ...common, historyRetention },
      open: (store) => openVersionedStore(store as VersionedStore<K, V>),
    }
  },
}
