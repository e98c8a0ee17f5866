import type { RowDerivation } from './derived-table.js'
import { meets, type Predicate } from './filter.js'

/**
 * Keeps the rows for which the predicate is `wanted`; one that is so no longer becomes a tombstone. Where old values
 * are known, no tombstone is sent for a row that was not there.
 */
export const tableFilter =
  <K, V>(predicate: Predicate<K, V>, wanted: boolean) =>
  (): RowDerivation<K, V, V> => ({
    mayOmit: true,
    rowOf: (key, value) => (value !== null && meets(predicate, key, value) === wanted ? value : null),
  })
