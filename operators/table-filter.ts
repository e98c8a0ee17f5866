import type { Change } from './change.js'
import { DerivedTableProcessor } from './derived-table.js'
import { meets, type Predicate } from './filter.js'
import type { ProcessorSupplier } from './processor.js'
import type { TableRows } from './table-source.js'

class TableFilterProcessor<K, V> extends DerivedTableProcessor<K, V, V> {
  protected readonly mayOmit = true

  constructor(
    private readonly predicate: Predicate<K, V>,
    private readonly wanted: boolean,
    rows: TableRows,
  ) {
    super(rows)
  }

  protected rowOf(key: K, value: V | null): V | null {
    return value !== null && meets(this.predicate, key, value) === this.wanted ? value : null
  }
}

/**
 * Keeps the rows for which the predicate is `wanted`; one that is so no longer becomes a tombstone. Where old values
 * are known, no tombstone is sent for a row that was not there.
 */
export const tableFilter =
  <K, V>(
    predicate: Predicate<K, V>,
    wanted: boolean,
    rows: TableRows,
  ): ProcessorSupplier<K, Change<V>, K, Change<V>> =>
  () =>
    new TableFilterProcessor(predicate, wanted, rows)
