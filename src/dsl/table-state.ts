import type { Serde } from '../serdes/serde.js'
import type { Erased, LogicalNode } from '../topology/logical-graph.js'
import type { GraphBuilder } from './graph-builder.js'
import type { TableSupply } from './table-supply.js'

/** What a table is made of. */
export interface TableState {
  readonly builder: GraphBuilder
  readonly node: LogicalNode
  readonly key: Serde<Erased>
  readonly value: Serde<Erased>
  readonly supply: TableSupply
  /** How long after its end a window takes records, milliseconds; absent: the rows are not those of windows. */
  readonly closesAfter?: number
  /** How far before the end of its window a row lies at most. */
  readonly windowSize?: number
}
