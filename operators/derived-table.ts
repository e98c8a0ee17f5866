import type { Change } from './change.js'
import type { Downstream, Processor, ProcessorContext } from './processor.js'
import { StoredChanges } from './stored-changes.js'
import type { TableRows } from './table-source.js'

/**
 * A table whose rows are made of those of another, one of one. Without a store of its own it computes a row's old
 * value from the other table's, where that sends it.
 */
export abstract class DerivedTableProcessor<K, V, VR> implements Processor<K, Change<V>, K, Change<VR>> {
  protected context!: ProcessorContext<K, Change<VR>>
  private downstream!: Downstream<K, Change<VR>>
  private rows: StoredChanges<K, VR> | undefined

  constructor(private readonly options: TableRows) {}

  init(context: ProcessorContext<K, Change<VR>>): void {
    const { store, sendOldValues } = this.options
    this.context = context
    this.downstream = context.downstream
    if (store !== undefined) this.rows = new StoredChanges(context, store, sendOldValues)
  }

  process(key: K, change: Change<V>, timestamp: number): void {
    const { rows } = this
    const newValue = this.derive(key, change.newValue)
    if (rows === undefined) {
      const oldValue = this.options.sendOldValues ? this.derive(key, change.oldValue) : null
      if (!this.changesNothing(newValue, oldValue)) {
        const derived =
          change.fresh === true ? { newValue, oldValue, fresh: change.fresh } : { newValue, oldValue }
        this.downstream.process(key, derived, timestamp)
      }
      return
    }
    const entry = rows.entry(key)
    if (!this.changesNothing(newValue, entry.value ?? null)) rows.write(entry, newValue, timestamp)
  }

  /** Whether a change is kept from going on: the row was not there and is not there. */
  private changesNothing(newValue: VR | null, oldValue: VR | null): boolean {
    return this.options.sendOldValues && this.mayOmit && newValue === null && oldValue === null
  }

  private derive(key: K, value: V | null): VR | null {
    try {
      return this.rowOf(key, value) ?? null
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }

  /** Whether a change of nothing to nothing may be left out. */
  protected abstract readonly mayOmit: boolean
  /** The row that comes of a row of the other table; null and undefined: none. */
  protected abstract rowOf(key: K, value: V | null): VR | null | undefined
}
