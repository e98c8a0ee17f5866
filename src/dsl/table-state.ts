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
  /** Absent: the rows are not those of windows. */
  readonly windows?: RowWindows
}

/** The windows that the rows of a table are of. */
export interface RowWindows {
  /** How long after its end a window takes records, milliseconds. */
  readonly closesAfter: number
  /** How far before the end of its window a row lies at most, milliseconds. */
  readonly size: number
  /** Whether the end is part of a window. */
  readonly includesEnd: boolean
}
