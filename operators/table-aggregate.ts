import type { Aggregation } from './aggregation.js'
import type { Change } from './change.js'
import type { Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { StoredChanges } from './stored-changes.js'

/** How the rows of a table change the aggregate of their group. */
export interface TableAggregation<K, V, A> extends Aggregation<K, V, A> {
  /** The aggregate without a row that was in it; undefined for no aggregate. */
  subtract(key: K, value: V, aggregate: A): A | undefined
}

class TableAggregateProcessor<K, V, A> implements Processor<K, Change<V>, K, Change<A>> {
  private context!: ProcessorContext<K, Change<A>>
  private rows!: StoredChanges<K, A>

  constructor(
    private readonly aggregation: TableAggregation<K, V, A>,
    private readonly store: string,
  ) {}

  init(context: ProcessorContext<K, Change<A>>): void {
    this.context = context
    this.rows = new StoredChanges(context, this.store, true)
  }

  process(key: K, change: Change<V>, timestamp: number): void {
    const { rows } = this
    const entry = rows.entry(key)
    // The memory of a deleted aggregate's timestamp is gone.
    const latest = Math.max(entry.timestamp, timestamp)
    let aggregate: A | undefined
    try {
      aggregate = this.changed(key, change, entry.value)
    } catch (cause) {
      throw this.context.userError(cause)
    }
    rows.write(entry, aggregate ?? null, latest)
  }

  private changed(key: K, { newValue, oldValue }: Change<V>, before: A | undefined): A | undefined {
    const { aggregation } = this
    const left =
      oldValue === null || before === undefined ? before : aggregation.subtract(key, oldValue, before)
    return newValue === null ? left : aggregation.add(key, newValue, left)
  }
}

/**
 * Keeps an aggregate per group of a table's rows: takes the old row off, then adds the new one, and hands on each
 * change of the aggregate with the greatest timestamp of the rows in it.
 */
export const tableAggregate =
  <K, V, A>(
    aggregation: TableAggregation<K, V, A>,
    store: string,
  ): ProcessorSupplier<K, Change<V>, K, Change<A>> =>
  () =>
    new TableAggregateProcessor(aggregation, store)
