import type { Change } from './change.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { StoredChanges } from './stored-changes.js'
import type { TableReader, TableView } from './table-reader.js'
import type { TableRows } from './table-source.js'

/** Makes rows of a table of those of another, one of one. */
export interface RowDerivation<K, V, VR> {
  /** Whether a change of nothing to nothing may be left out. */
  readonly mayOmit: boolean
  // biome-ignore lint/suspicious/noExplicitAny: who looks up rows sends records of types of its own.
  init?(context: ProcessorContext<K, any>): void
  /** The row that comes of a row of the other table; null and undefined: none. */
  rowOf(key: K, value: V | null): VR | null | undefined
  close?(): void
}

/**
 * A table whose rows are made of those of another. Without a store of its own it computes a row's old value from the
 * other table's, where that sends it.
 */
class DerivedTableProcessor<K, V, VR> implements Processor<K, Change<V>, K, Change<VR>> {
  private context!: ProcessorContext<K, Change<VR>>
  private downstream!: Downstream<K, Change<VR>>
  private rows: StoredChanges<K, VR> | undefined

  constructor(
    private readonly derivation: RowDerivation<K, V, VR>,
    private readonly options: TableRows,
  ) {}

  init(context: ProcessorContext<K, Change<VR>>): void {
    const { store, sendOldValues } = this.options
    this.context = context
    this.downstream = context.downstream
    if (store !== undefined) this.rows = new StoredChanges(context, store, sendOldValues)
    this.derivation.init?.(context)
  }

  process(key: K, change: Change<V>, timestamp: number): void {
    const { rows } = this
    const newValue = this.derive(key, change.newValue)
    if (rows === undefined) {
      const oldValue = this.options.sendOldValues ? this.derive(key, change.oldValue) : null
      if (!this.changesNothing(newValue, oldValue)) {
        this.downstream.process(key, derivedChange(change, newValue, oldValue), timestamp)
      }
      return
    }
    const entry = rows.entry(key)
    if (!this.changesNothing(newValue, entry.value ?? null)) rows.write(entry, newValue, timestamp)
  }

  close(): void {
    this.derivation.close?.()
  }

  /** Whether a change is kept from going on: the row was not there and is not there. */
  private changesNothing(newValue: VR | null, oldValue: VR | null): boolean {
    const { sendOldValues, ofVersions } = this.options
    const mayOmit = sendOldValues && this.derivation.mayOmit && ofVersions !== true
    return mayOmit && newValue === null && oldValue === null
  }

  private derive(key: K, value: V | null): VR | null {
    return derivedRow(this.derivation, this.context, key, value)
  }
}

function derivedRow<K, V, VR>(
  derivation: RowDerivation<K, V, VR>,
  context: ProcessorContext<never, never>,
  key: K,
  value: V | null,
): VR | null {
  try {
    return derivation.rowOf(key, value) ?? null
  } catch (cause) {
    throw context.userError(cause)
  }
}

/** A table whose rows are made of those of another; `derivation` gives a new one to each task. */
export const derivedTable =
  <K, V, VR>(
    derivation: () => RowDerivation<K, V, VR>,
    rows: TableRows,
  ): ProcessorSupplier<K, Change<V>, K, Change<VR>> =>
  () =>
    new DerivedTableProcessor(derivation(), rows)

class DerivedReader<K, V, VR> implements TableReader<K, VR> {
  constructor(
    private readonly rows: TableReader<K, V>,
    private readonly derivation: RowDerivation<K, V, VR>,
    private readonly context: ProcessorContext<unknown, unknown>,
  ) {}

  find(key: K): VR | null {
    return this.derived(key, this.rows.find(key))
  }

  findAsOf(key: K, time: number): VR | null {
    return this.derived(key, this.rows.findAsOf(key, time))
  }

  forgets(time: number): boolean {
    return this.rows.forgets?.(time) === true
  }

  private derived(key: K, value: V | null): VR | null {
    return derivedRow(this.derivation, this.context, key, value)
  }

  get foundAt(): number {
    return this.rows.foundAt
  }

  close(): void {
    this.derivation.close?.()
    this.rows.close?.()
  }
}

/** The rows of a derived table that keeps none: each is made when it is looked up. */
export const derivedView = <K, V, VR>(
  view: TableView<K, V>,
  derivation: () => RowDerivation<K, V, VR>,
  stores: readonly string[] = [],
): TableView<K, VR> => ({
  stores: [...view.stores, ...stores],
  open: (context) => {
    const own = derivation()
    own.init?.(context)
    return new DerivedReader(view.open(context), own, context)
  },
})

/** A change with new values, which is all that the other one was. */
function derivedChange<V>(
  { fresh, outOfOrder }: Change<unknown>,
  newValue: V | null,
  oldValue: V | null,
): Change<V> {
  if (outOfOrder === true) return { newValue, oldValue, outOfOrder }
  return fresh === true ? { newValue, oldValue, fresh } : { newValue, oldValue }
}
