import type { RowDerivation } from './derived-table.js'
import type { ValueMapper } from './map-values.js'
import { synchronous } from './user-function.js'

/** Gives each row a new value. A tombstone stays one; the mapper does not see it. */
export const tableMapValues =
  <K, V, VR>(mapper: ValueMapper<K, V, VR>) =>
  (): RowDerivation<K, V, VR> => ({
    mayOmit: false,
    rowOf: (key, value) => (value === null ? null : synchronous(mapper(value, key))),
  })
