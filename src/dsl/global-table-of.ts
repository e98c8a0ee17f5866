import { storeView, type TableView } from '../../operators/table-reader.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import type { Erased, LogicalNode } from '../topology/logical-graph.js'
import type { GlobalKTable } from './global-ktable.js'

/** A global table as a view of the node that makes it. */
export class GlobalTableOf<K, V> implements GlobalKTable<K, V> {
  constructor(
    readonly node: LogicalNode,
    private readonly store: AnyStoreDefinition,
  ) {}

  get storeName(): string {
    return this.store.name
  }

  /** Every operator reaches its store, connected or not. */
  view(): TableView<Erased, Erased> {
    return { ...storeView(this.store), stores: [] }
  }
}
