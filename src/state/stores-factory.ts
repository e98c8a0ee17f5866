import { sameBytes } from '../serdes/same-bytes.js'
import type { Serde } from '../serdes/serde.js'
import { parseDuration } from '../time/duration.js'
import { openKeyValueStore, openTimestampedStore } from './open-key-value-store.js'
import { openWindowStore } from './open-window-store.js'
import type { OrderedStore } from './store.js'
import type { KeyValueStoreDefinition, WindowRows } from './store-definition.js'
import type {
  KeyValueStore,
  KeyValueStoreOptions,
  Store,
  TimestampedKeyValueStore,
  WindowStore,
  WindowStoreOptions,
} from './stores.js'
import { type WindowRowKey, windowRowKey } from './window-row-key.js'

const keyValueDefinition = <K, V>(
  name: string,
  { key, value, logging = true }: KeyValueStoreOptions<K, V>,
): KeyValueStoreDefinition<K, V> => ({
  kind: 'keyValue',
  name,
  key,
  value,
  logging,
  caching: false,
  ordered: true,
})

/**
 * The stores that processors can use. A store is declared once, connected where it is used, and got in `init`:
 *
 * @example
 * ```ts
 * const totals = Stores.keyValue('totals', { key: string(), value: int64() })
 *
 * flights.process(
 *   () => {
 *     let context: ProcessorContext<string, number>
 *     let store: KeyValueStore<string, number>
 *     return {
 *       init(given) {
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
 * ```
 */
export const Stores = {
  /** Values by key. */
  keyValue: <K, V>(name: string, options: KeyValueStoreOptions<K, V>): Store<KeyValueStore<K, V>> => ({
    name,
    definition: keyValueDefinition(name, options),
    open: (store, timestamp) => openKeyValueStore(store as OrderedStore<K, V>, timestamp),
  }),

  /** Values with timestamps by key. */
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
   */
  window: <K, V>(name: string, options: WindowStoreOptions<K, V>): Store<WindowStore<K, V>> => {
    const windows: WindowRows = {
      key: options.key as Serde<unknown>,
      size: parseDuration(`store ${name}: windowSize`, options.windowSize, { min: 1 }),
      retention: parseDuration(`store ${name}: retention`, options.retention, { min: 1 }),
      retainDuplicates: options.retainDuplicates ?? false,
      sameKey: sameBytes(options.key) as WindowRows['sameKey'],
    }
    const rows = { ...options, key: windowRowKey(options.key) }
    return {
      name,
      definition: { ...keyValueDefinition(name, rows), windows },
      open: (store, timestamp) =>
        openWindowStore(store as OrderedStore<WindowRowKey<K>, V>, windows, timestamp),
    }
  },
}
