import { storeView, type TableView } from '../../operators/table-reader.js'
import type { TableRows } from '../../operators/table-source.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import type { Erased } from '../topology/logical-graph.js'

type View = TableView<Erased, Erased>

/**
 * Who keeps the rows of a table, and whether its changes carry the values before them. That is settled while the
 * topology is built, for an operator downstream may need old values, or the rows, that nobody needed before it.
 */
export interface TableSupply {
  /**
   * Has changes carry old values from now on.
   *
   * @param force whether a source table that is not kept in a store is to be kept in one for it
   * @returns whether they do
   */
  sendOldValues(force: boolean): boolean
  /** How other operators look up its rows. From now on what they are made of is kept. */
  view(): View
  /** What its rows are made of: tables with one of these in common can change by one record. */
  readonly origins: ReadonlySet<TableSupply>
  /** How long it keeps older versions of its rows, whose changes it tells too; undefined: it keeps none. */
  readonly historyRetention: number | undefined
}

/** Of tables that are kept in any case, and whose changes carry old values. */
export class AggregateSupply implements TableSupply {
  readonly origins: ReadonlySet<TableSupply> = new Set([this])

  /** @param rows its view, or the store that has its rows */
  constructor(private readonly rows: AnyStoreDefinition | (() => View)) {}

  get historyRetention(): number | undefined {
    return typeof this.rows === 'function' ? undefined : historyIn(this.rows)
  }

  sendOldValues(): boolean {
    return true
  }

  view(): View {
    return typeof this.rows === 'function' ? this.rows() : storeView(this.rows)
  }
}

/** Of tables that have their rows from a stream. */
export class SourceSupply implements TableSupply {
  readonly origins: ReadonlySet<TableSupply> = new Set([this])
  private sendsOldValues = false

  constructor(
    private readonly rows: AnyStoreDefinition,
    private kept: boolean,
  ) {}

  get historyRetention(): number | undefined {
    return historyIn(this.rows)
  }

  sendOldValues(force: boolean): boolean {
    if (!this.kept && !force) return false
    this.kept = true
    this.sendsOldValues = true
    return true
  }

  view(): View {
    this.kept = true
    return storeView(this.rows)
  }

  get store(): AnyStoreDefinition | undefined {
    return this.kept ? this.rows : undefined
  }

  get tableRows(): TableRows {
    return { store: this.store?.name, sendOldValues: this.sendsOldValues }
  }
}

/** Of tables whose rows are made of another table's. */
export class DerivedSupply implements TableSupply {
  readonly origins: ReadonlySet<TableSupply>
  private sendsOldValues = false

  /** @param derived the view of rows that are made of the other table's when they are looked up */
  constructor(
    private readonly parent: TableSupply,
    readonly store: AnyStoreDefinition | undefined,
    private readonly derived: (view: View) => View,
  ) {
    this.origins = parent.origins
  }

  get historyRetention(): number | undefined {
    return this.store === undefined ? this.parent.historyRetention : historyIn(this.store)
  }

  sendOldValues(force: boolean): boolean {
    if (this.store !== undefined || this.parent.sendOldValues(force)) this.sendsOldValues = true
    return this.sendsOldValues
  }

  view(): View {
    return this.store === undefined ? this.derived(this.parent.view()) : storeView(this.store)
  }

  get tableRows(): TableRows {
    return {
      store: this.store?.name,
      sendOldValues: this.sendsOldValues,
      ofVersions: this.parent.historyRetention !== undefined,
    }
  }
}

/** Of tables whose rows are made of those of two others. */
export class JoinSupply implements TableSupply {
  readonly origins: ReadonlySet<TableSupply>
  /** Whether one record can change a row of both. */
  readonly sharesRows: boolean
  private sendsOldValues = false
  private present: AnyStoreDefinition | undefined

  /**
   * @param store where the rows are kept; undefined: they are not
   * @param joined the view of rows that are made when they are looked up
   * @param keep the store to keep the rows in where they have to be, though nobody asked for it
   */
  constructor(
    private readonly left: TableSupply,
    private readonly right: TableSupply,
    store: AnyStoreDefinition | undefined,
    private readonly joined: () => View,
    private readonly keep: () => AnyStoreDefinition,
  ) {
    this.present = store
    this.origins = new Set([...left.origins, ...right.origins])
    this.sharesRows = this.origins.size < left.origins.size + right.origins.size
  }

  get historyRetention(): number | undefined {
    return this.present && historyIn(this.present)
  }

  sendOldValues(force: boolean): boolean {
    if (this.sharesRows && this.present === undefined) {
      // Where one record changes both sides, neither knows the row that was there before: it is kept to be known.
      if (!force) return false
      this.present = this.keep()
    }
    this.left.sendOldValues(true)
    this.right.sendOldValues(true)
    this.sendsOldValues = true
    return true
  }

  view(): View {
    return this.present === undefined ? this.joined() : storeView(this.present)
  }

  get store(): AnyStoreDefinition | undefined {
    return this.present
  }

  get tableRows(): TableRows {
    return { store: this.present?.name, sendOldValues: this.sendsOldValues }
  }
}

const historyIn = (store: AnyStoreDefinition): number | undefined =>
  store.kind === 'versioned' ? store.historyRetention : undefined
