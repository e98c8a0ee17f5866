import { LateRecords } from './late-records.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import type { TableReader, TableView } from './table-reader.js'
import { synchronous } from './user-function.js'

/** Makes the result of a record and the row that it meets; `tableValue` is null where a left join meets none. */
export type StreamTableJoiner<K, V, VT, VR> = (value: V, tableValue: VT, key: K) => VR

/** How a stream is joined with a table. */
export interface StreamTableJoin<K, V, KT, VT, VR> {
  readonly table: TableView<KT, VT>
  readonly joiner: StreamTableJoiner<K, V, VT | null, VR>
  /** The row that a record meets; null and undefined: none. Absent: that of its key. */
  readonly keySelector?: ((key: K, value: V) => KT | null | undefined) | undefined
  /** Whether records that meet no row are kept. */
  readonly left: boolean
  /** How much older than a record the row may be that it meets, milliseconds; undefined: by any time. */
  readonly tolerance?: number | undefined
  /** The child that takes records for which the table does not know any more what they meet; undefined: nobody does. */
  readonly lateOutput?: string | undefined
}

export class StreamTableJoinProcessor<K, V, KT, VT, VR> implements Processor<K, V, K, VR> {
  private context!: ProcessorContext<K, VR>
  private downstream!: Downstream<K, VR>
  private rows!: TableReader<KT, VT>
  private late!: LateRecords<K, V>

  constructor(private readonly join: StreamTableJoin<K, V, KT, VT, VR>) {}

  init(context: ProcessorContext<K, VR>): void {
    this.context = context
    this.downstream = context.downstream
    this.rows = this.join.table.open(context)
    this.late = new LateRecords(context, this.join.lateOutput)
  }

  process(key: K, value: V, timestamp: number): void {
    const { context, join } = this
    if (value === null || value === undefined) {
      context.dropped('null-value')
      return
    }
    const rowKey = join.keySelector === undefined ? (key as unknown as KT) : this.select(key, value)
    const hasRowKey = rowKey !== null && rowKey !== undefined
    if (!hasRowKey && !join.left) {
      context.dropped('null-key')
      return
    }
    const row = hasRowKey ? this.find(rowKey, timestamp) : null
    if (row === null && hasRowKey && this.isLate(timestamp)) this.late.drop(key, value, timestamp)
    else if (row !== null || join.left) this.downstream.process(key, this.joined(key, value, row), timestamp)
  }

  close(): void {
    this.rows.close?.()
  }

  private find(key: KT, timestamp: number): VT | null {
    const row = this.rows.findAsOf(key, timestamp)
    const { tolerance } = this.join
    return tolerance !== undefined && timestamp - this.rows.foundAt > tolerance ? null : row
  }

  /** Whether a record that has met no row may only be too late for it. In a left join nobody has to ask. */
  private isLate(timestamp: number): boolean {
    const { left, lateOutput } = this.join
    if (left && lateOutput === undefined) return false
    return this.rows.foundAt < 0 && this.rows.forgets?.(timestamp) === true
  }

  private select(key: K, value: V): KT | null | undefined {
    try {
      return synchronous(this.join.keySelector!(key, value))
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }

  private joined(key: K, value: V, row: VT | null): VR {
    try {
      return synchronous(this.join.joiner(value, row, key))
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }
}

/**
 * Joins each record of a stream with a row of a table as it is now, or as it was at the record's time where the table
 * keeps versions; the result has the record's key and timestamp.
 * Records without value are dropped; so are, unless it is a left join, records without key and those that meet no row.
 * A row that is older than the tolerance counts for none.
 * A record that is earlier than the versions of the table reach back, and meets none, is late: it is counted, and handed
 * on to who asked for late records. A left join joins it with null unless somebody asked.
 */
export const streamTableJoin =
  <K, V, KT, VT, VR>(join: StreamTableJoin<K, V, KT, VT, VR>): ProcessorSupplier<K, V, K, VR> =>
  () =>
    new StreamTableJoinProcessor(join)
