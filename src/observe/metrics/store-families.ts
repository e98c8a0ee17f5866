import type { StoreMetrics } from '../../runtime/stream-metrics.js'
import { type MetricFamily, type Part, perNumber } from './metric-family.js'

const perStore = (
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  value: (store: StoreMetrics) => number | undefined,
): MetricFamily =>
  perNumber({ name, type, help }, ['task', 'store'], ({ stores }) =>
    stores.map((each): Part => [{ task: each.task, store: each.store }, value(each)]),
  )

/** What holds for state stores. */
export const STORE_FAMILIES: readonly MetricFamily[] = [
  perStore(
    'millrace_store_memory_entries',
    'gauge',
    'Rows that are in memory, changed or read lately',
    ({ memoryEntries }) => memoryEntries,
  ),
  perStore(
    'millrace_store_memory_bytes',
    'gauge',
    'Bytes that the rows in memory count for in stateMaxBytes',
    ({ memoryBytes }) => memoryBytes,
  ),
  perStore(
    'millrace_store_database_bytes',
    'gauge',
    'Bytes of its rows in the database, by the estimate of that; absent until known',
    ({ databaseBytes }) => databaseBytes,
  ),
  perStore(
    'millrace_store_lookups_total',
    'counter',
    'Rows that were looked for by key',
    ({ lookups }) => lookups,
  ),
  perStore(
    'millrace_store_lookup_misses_total',
    'counter',
    'Rows that were not in memory, so that the database was asked',
    ({ misses }) => misses,
  ),
  perStore(
    'millrace_store_restore_records',
    'gauge',
    'Records of the changelog that are replayed, by their offsets; while the store is restored',
    ({ restore }) => restore?.records,
  ),
  perStore(
    'millrace_store_restore_remaining_records',
    'gauge',
    'Records of the changelog that are still to be replayed, by their offsets; while the store is restored',
    ({ restore }) => restore?.remaining,
  ),
]
