import type { Change } from './change.js'
import { DerivedTableProcessor } from './derived-table.js'
import type { ValueMapper } from './map-values.js'
import type { ProcessorSupplier } from './processor.js'
import type { TableRows } from './table-source.js'
import { synchronous } from './user-function.js'

class TableMapValuesProcessor<K, V, VR> extends DerivedTableProcessor<K, V, VR> {
  protected readonly mayOmit = false

  constructor(
    private readonly mapper: ValueMapper<K, V, VR>,
    rows: TableRows,
  ) {
    super(rows)
  }

  protected rowOf(key: K, value: V | null): VR | null {
    return value === null ? null : synchronous(this.mapper(value, key))
  }
}

/** Gives each row a new value. A tombstone stays one; the mapper does not see it. */
export const tableMapValues =
  <K, V, VR>(
    mapper: ValueMapper<K, V, VR>,
    rows: TableRows,
  ): ProcessorSupplier<K, Change<V>, K, Change<VR>> =>
  () =>
    new TableMapValuesProcessor(mapper, rows)
