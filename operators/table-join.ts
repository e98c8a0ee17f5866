import type { Change } from './change.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { StoredChanges } from './stored-changes.js'
import { PresentReader, type TableReader, type TableView } from './table-reader.js'
import type { TableRows } from './table-source.js'
import { synchronous } from './user-function.js'

/** Makes the row of a join of the rows of both tables; null where an outer side has none. Null: there is no row. */
export type TableJoiner<K, VL, VR, VJ> = (left: VL | null, right: VR | null, key: K) => VJ | null | undefined

/** How two tables are joined. */
export interface TableJoin<K, VL, VR, VJ> {
  readonly left: TableView<K, VL>
  readonly right: TableView<K, VR>
  readonly joiner: TableJoiner<K, VL, VR, VJ>
  /** Whether a row of the left table stays that has none on the right. */
  readonly keepsLeft: boolean
  readonly keepsRight: boolean
  /**
   * Whether one record can change a row of both tables at once, as where a table is joined with one that is derived
   * from it. Then neither side finds the other's row when both are deleted.
   */
  readonly sharesRows: boolean
}

/** A join as one of its sides sees it. */
interface JoinSide<K, V, VO, VJ> {
  readonly others: TableView<K, VO>
  joined(own: V | null, other: VO | null, key: K): VJ | null | undefined
  readonly keepsOwn: boolean
  readonly keepsOther: boolean
  /** Whether to tell of rows that one record deletes in both tables. */
  readonly tellsDeletion: boolean
}

class TableJoinSideProcessor<K, V, VO, VJ> implements Processor<K, Change<V>, K, Change<VJ>> {
  private context!: ProcessorContext<K, Change<VJ>>
  private downstream!: Downstream<K, Change<VJ>>
  private others!: TableReader<K, VO>

  constructor(
    private readonly side: JoinSide<K, V, VO, VJ>,
    private readonly sendOldValues: boolean,
  ) {}

  init(context: ProcessorContext<K, Change<VJ>>): void {
    this.context = context
    this.downstream = context.downstream
    this.others = this.side.others.open(context)
  }

  process(key: K, change: Change<V>, timestamp: number): void {
    if (change.outOfOrder === true) {
      this.context.dropped('out-of-order')
      return
    }
    const other = this.others.find(key)
    if (other === null && !this.concerns(change)) return
    const latest = other === null ? timestamp : Math.max(timestamp, this.others.foundAt)
    const newValue = this.joined(key, change.newValue, other)
    if (!this.sendOldValues) this.downstream.process(key, { newValue, oldValue: null }, latest)
    else this.downstream.process(key, this.withOldValue(key, change, other, newValue), latest)
  }

  close(): void {
    this.others.close?.()
  }

  /** Whether a change has any effect where the other table has no row. */
  private concerns({ newValue, oldValue }: Change<V>): boolean {
    const { keepsOwn, tellsDeletion } = this.side
    if (keepsOwn) return newValue !== null || oldValue !== null
    return tellsDeletion && newValue === null && oldValue !== null
  }

  private withOldValue(
    key: K,
    { oldValue, fresh }: Change<V>,
    other: VO | null,
    newValue: VJ | null,
  ): Change<VJ> {
    // A row that is new on this side was there all the same if the other side alone makes one.
    if (fresh === true && other !== null && this.side.keepsOther) {
      return { newValue, oldValue: this.joined(key, null, other) }
    }
    const before = { newValue, oldValue: this.joined(key, oldValue, other) }
    return fresh === true ? { ...before, fresh } : before
  }

  /** The row of the join; null where there is none. */
  private joined(key: K, own: V | null, other: VO | null): VJ | null {
    const { side } = this
    if (own === null && (other === null || !side.keepsOther)) return null
    if (other === null && !side.keepsOwn) return null
    try {
      return synchronous(side.joined(own, other, key)) ?? null
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }
}

/** Takes the changes of the left table. */
export const joinLeft =
  <K, VL, VR, VJ>(
    join: TableJoin<K, VL, VR, VJ>,
    sendOldValues: boolean,
  ): ProcessorSupplier<K, Change<VL>, K, Change<VJ>> =>
  () => {
    const { right: others, joiner: joined, keepsLeft: keepsOwn, keepsRight: keepsOther, sharesRows } = join
    const side = { others, joined, keepsOwn, keepsOther, tellsDeletion: sharesRows }
    return new TableJoinSideProcessor(side, sendOldValues)
  }

/** Takes the changes of the right table. */
export const joinRight =
  <K, VL, VR, VJ>(
    join: TableJoin<K, VL, VR, VJ>,
    sendOldValues: boolean,
  ): ProcessorSupplier<K, Change<VR>, K, Change<VJ>> =>
  () => {
    const { left: others, joiner, keepsRight: keepsOwn, keepsLeft: keepsOther } = join
    const joined = (own: VR | null, other: VL | null, key: K) => joiner(other, own, key)
    // The left side tells already.
    const side = { others, joined, keepsOwn, keepsOther, tellsDeletion: false }
    return new TableJoinSideProcessor(side, sendOldValues)
  }

class JoinedRowsProcessor<K, VJ> implements Processor<K, Change<VJ>, K, Change<VJ>> {
  private downstream!: Downstream<K, Change<VJ>>
  private rows: StoredChanges<K, VJ> | undefined

  constructor(private readonly options: TableRows) {}

  init(context: ProcessorContext<K, Change<VJ>>): void {
    const { store, sendOldValues } = this.options
    this.downstream = context.downstream
    if (store !== undefined) this.rows = new StoredChanges(context, store, sendOldValues)
  }

  process(key: K, change: Change<VJ>, timestamp: number): void {
    const { rows } = this
    if (rows === undefined) this.downstream.process(key, change, timestamp)
    else rows.write(rows.entry(key), change.newValue, timestamp)
  }
}

/** The changes of a join from both its sides; with a store it keeps the rows. */
export const joinedRows =
  <K, VJ>(rows: TableRows): ProcessorSupplier<K, Change<VJ>, K, Change<VJ>> =>
  () =>
    new JoinedRowsProcessor(rows)

class JoinReader<K, VL, VR, VJ> extends PresentReader<K, VJ> {
  constructor(
    private readonly join: TableJoin<K, VL, VR, VJ>,
    private readonly left: TableReader<K, VL>,
    private readonly right: TableReader<K, VR>,
    private readonly context: ProcessorContext<unknown, unknown>,
  ) {
    super()
  }

  find(key: K): VJ | null {
    const { join, left, right } = this
    this.foundAt = -1
    const leftValue = left.find(key)
    if (leftValue === null && !join.keepsRight) return null
    const rightValue = right.find(key)
    if (rightValue === null && (leftValue === null || !join.keepsLeft)) return null
    const leftAt = leftValue === null ? -1 : left.foundAt
    this.foundAt = Math.max(leftAt, rightValue === null ? -1 : right.foundAt)
    try {
      return synchronous(join.joiner(leftValue, rightValue, key)) ?? null
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }

  close(): void {
    this.left.close?.()
    this.right.close?.()
  }
}

/** The rows of a join that keeps none: each is made when it is looked up. */
export const joinView = <K, VL, VR, VJ>(join: TableJoin<K, VL, VR, VJ>): TableView<K, VJ> => ({
  stores: [...new Set([...join.left.stores, ...join.right.stores])],
  open: (context) => new JoinReader(join, join.left.open(context), join.right.open(context), context),
})
