import { tableSource } from '../../operators/table-source.js'
import type { LogicalNode, LogicalOperator } from '../topology/logical-graph.js'
import type { SourceSupply } from './table-supply.js'

/**
 * The node where a stream becomes a table. What it keeps and sends is settled when all operators are there.
 *
 * @param keepsTopic whether its parent is the source of a topic whose rows the table has
 */
export const tableSourceNode = (
  name: string,
  parent: LogicalNode,
  supply: SourceSupply,
  keepsTopic = false,
): LogicalOperator => ({
  kind: 'operator',
  name,
  parents: [parent],
  keepsTopic,
  get supplier() {
    return tableSource(supply.tableRows)
  },
  get store() {
    return supply.store
  },
})
