import type { TableRows } from '../../operators/table-source.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'

/**
 * Who keeps the rows of a table, and whether its changes carry the values before them. That is settled while the
 * topology is built, for an operator downstream may need old values that nobody needed before it.
 */
export interface TableSupply {
  /**
   * Has changes carry old values from now on.
   *
   * @param force whether a source table that is not kept in a store is to be kept in one for it
   * @returns whether they do
   */
  sendOldValues(force: boolean): boolean
}

/** Of aggregates: these are kept in any case, and their changes carry old values. */
export const AGGREGATE_SUPPLY: TableSupply = { sendOldValues: () => true }

/** Of tables that have their rows from a stream. */
export class SourceSupply implements TableSupply {
  private sendsOldValues = false

  constructor(
    private readonly rows: AnyStoreDefinition,
    private kept: boolean,
  ) {}

  sendOldValues(force: boolean): boolean {
    if (!this.kept && !force) return false
    this.kept = true
    this.sendsOldValues = true
    return true
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
  private sendsOldValues = false

  constructor(
    private readonly parent: TableSupply,
    readonly store: AnyStoreDefinition | undefined,
  ) {}

  sendOldValues(force: boolean): boolean {
    if (this.store !== undefined || this.parent.sendOldValues(force)) this.sendsOldValues = true
    return this.sendsOldValues
  }

  get tableRows(): TableRows {
    return { store: this.store?.name, sendOldValues: this.sendsOldValues }
  }
}
