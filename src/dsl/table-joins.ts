import type { ProcessorSupplier } from '../../operators/processor.js'
import {
  joinedRows,
  joinLeft,
  joinRight,
  joinView,
  type TableJoin,
  type TableJoiner,
} from '../../operators/table-join.js'
import type { Serde } from '../serdes/serde.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import type { Erased, LogicalNode } from '../topology/logical-graph.js'
import type { RowStoreOptions } from './operator-options.js'
import { rowStore } from './row-store.js'
import { saysHowToKeep, storeKeeping } from './store-keeping.js'
import type { TableState } from './table-state.js'
import { JoinSupply } from './table-supply.js'
import { UnknownSerde } from './unknown-serde.js'

/** Two tables that a user joins. */
export interface TableJoinRequest {
  readonly left: TableState
  readonly right: TableState
  readonly joiner: TableJoiner<Erased, Erased, Erased, Erased>
  readonly keepsLeft: boolean
  readonly keepsRight: boolean
  /** How the user's call begins, for the cure in an error. */
  readonly call: string
  readonly options: RowStoreOptions<Erased> & { readonly value?: Serde<Erased> | undefined }
}

type SideSupplier = (
  join: TableJoin<Erased, Erased, Erased, Erased>,
  sendOldValues: boolean,
) => ProcessorSupplier<Erased, Erased, Erased, Erased>

const PREFIX = 'KTABLE-MERGE-'

/** The table of a join by key: two nodes that take the changes of its sides, and one that brings them together. */
export function joinTables(request: TableJoinRequest): TableState {
  const { left, right, joiner, keepsLeft, keepsRight, options } = request
  const { builder } = left
  const { names } = builder
  if (options.store === undefined && saysHowToKeep(options)) names.store(PREFIX)
  const name = names.operator(PREFIX, options.name)
  if (keepsLeft) left.supply.sendOldValues(true)
  if (keepsRight) right.supply.sendOldValues(true)
  const leftName = names.operator('KTABLE-JOINTHIS-', options.name && `${options.name}-join-this`)
  const rightName = names.operator('KTABLE-JOINOTHER-', options.name && `${options.name}-join-other`)
  const views = { left: left.supply.view(), right: right.supply.view() }
  const supply = new JoinSupply(
    left.supply,
    right.supply,
    options.store === undefined ? undefined : storeOf(request, options.store, name),
    () => joinView(join),
    () => storeOf(request, `${name}-store`, name),
  )
  const { sharesRows } = supply
  const join = { ...views, joiner, keepsLeft, keepsRight, sharesRows }
  if (sharesRows) left.supply.sendOldValues(true)
  const side = (sideName: string, parent: LogicalNode, uses: readonly string[], supplier: SideSupplier) =>
    builder.add({
      kind: 'operator',
      name: sideName,
      parents: [parent],
      get supplier() {
        return supplier(join, supply.tableRows.sendOldValues)
      },
      store: undefined,
      uses,
    })
  const node = builder.add({
    kind: 'operator',
    name,
    parents: [
      side(leftName, left.node, views.right.stores, joinLeft),
      side(rightName, right.node, views.left.stores, joinRight),
    ],
    get supplier() {
      return joinedRows(supply.tableRows)
    },
    get store() {
      return supply.store
    },
    coPartitioned: [left.node, right.node],
  })
  const { key = left.key, value = JOINED } = options
  return { builder, node, key, value, supply, ...windowsOf(request) }
}

/** A store for the rows of the join. */
function storeOf(
  { left, options, call }: TableJoinRequest,
  name: string,
  operator: string,
): AnyStoreDefinition {
  const serde = (part: 'key' | 'value', known: Serde<Erased>) =>
    left.builder.serde({ operator, call, part, given: options[part], known })
  const [key, value] = [serde('key', left.key), serde('value', JOINED)]
  return rowStore(left.builder, operator, { name, key, value, ...storeKeeping(options) }, options)
}

const JOINED = new UnknownSerde('the joiner made the values')

/** The windows that both sides are rows of, where both are rows of windows. */
const windowsOf = ({ left, right }: TableJoinRequest): Pick<TableState, 'windows'> =>
  left.windows === undefined || right.windows === undefined
    ? {}
    : {
        windows: {
          closesAfter: Math.max(left.windows.closesAfter, right.windows.closesAfter),
          size: Math.max(left.windows.size, right.windows.size),
          includesEnd: left.windows.includesEnd || right.windows.includesEnd,
        },
      }
