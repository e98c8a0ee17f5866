import type { Change } from './change.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { StoredChanges } from './stored-changes.js'

/** How a table operator keeps and sends its rows. */
export interface TableRows {
  /** Name of the store that has the rows; undefined: they are not kept. */
  readonly store: string | undefined
  /** Whether changes carry the value before. */
  readonly sendOldValues: boolean
  /** Whether the table that the rows are made of is versioned: then each of its changes counts. */
  readonly ofVersions?: boolean
}

class TableSourceProcessor<K, V> implements Processor<K, V | null, K, Change<V>> {
  private context!: ProcessorContext<K, Change<V>>
  private downstream!: Downstream<K, Change<V>>
  private rows: StoredChanges<K, V> | undefined

  constructor(private readonly options: TableRows) {}

  init(context: ProcessorContext<K, Change<V>>): void {
    const { store, sendOldValues } = this.options
    this.context = context
    this.downstream = context.downstream
    if (store !== undefined) this.rows = new StoredChanges(context, store, sendOldValues)
  }

  process(key: K, value: V | null, timestamp: number): void {
    const { rows } = this
    if (key === null || key === undefined) this.context.dropped('null-key')
    else if (rows === undefined) {
      this.downstream.process(key, { newValue: value ?? null, oldValue: null }, timestamp)
    } else rows.write(rows.entry(key), value ?? null, timestamp)
  }
}

/**
 * Takes each record as the new value of its key: a table. As in Kafka Streams records are applied in the order in
 * which they come, whatever their timestamps; records without key are dropped; a null value deletes the row.
 */
export const tableSource =
  <K, V>(rows: TableRows): ProcessorSupplier<K, V | null, K, Change<V>> =>
  () =>
    new TableSourceProcessor(rows)
