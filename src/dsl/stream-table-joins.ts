import { type StreamTableJoiner, streamTableJoin } from '../../operators/stream-table-join.js'
import type { Erased } from '../topology/logical-graph.js'
import type { GlobalTableOf } from './global-table-of.js'
import type { JoinInput, JoinInputOptions } from './join-input.js'
import type { OperatorOptions } from './operator-options.js'
import { type StreamState, withNewValue } from './stream-state.js'
import type { TableState } from './table-of.js'

/** A stream that a user joins with a table. */
export interface StreamTableJoinRequest {
  readonly stream: JoinInput
  readonly table: TableState
  readonly joiner: StreamTableJoiner<Erased, Erased, Erased, Erased>
  /** Whether records that meet no row are kept. */
  readonly left: boolean
  readonly options: JoinInputOptions
}

/** The stream of a join with a table by key. */
export function joinTable({ stream, table, joiner, left, options }: StreamTableJoinRequest): StreamState {
  const state = stream.partitioned(left ? 'leftJoin(table, joiner, ' : 'join(table, joiner, ', options)
  const { builder } = state
  const rows = table.supply.view()
  const name = builder.names.operator(left ? 'KSTREAM-LEFTJOIN-' : 'KSTREAM-JOIN-', options.name)
  const node = builder.add({
    kind: 'operator',
    name,
    parents: [state.node],
    supplier: streamTableJoin({ table: rows, joiner, left }),
    store: undefined,
    uses: rows.stores,
    coPartitioned: [state.node, table.node],
    takesNullKeys: left,
  })
  return withNewValue({ ...state, node })
}

/** A stream that a user joins with a global table. */
export interface GlobalJoinRequest {
  readonly stream: StreamState
  readonly table: GlobalTableOf<Erased, Erased>
  readonly keySelector: (key: Erased, value: Erased) => Erased
  readonly joiner: StreamTableJoiner<Erased, Erased, Erased, Erased>
  readonly left: boolean
  readonly options: OperatorOptions
}

/** The stream of a join with a global table. Kafka Streams names it after left joins in any case. */
export function joinGlobalTable(request: GlobalJoinRequest): StreamState {
  const { stream, table, keySelector, joiner, left, options } = request
  const { builder } = stream
  const node = builder.add({
    kind: 'operator',
    name: builder.names.operator('KSTREAM-LEFTJOIN-', options.name),
    parents: [stream.node],
    supplier: streamTableJoin({ table: table.view(), keySelector, joiner, left }),
    store: undefined,
    looksUp: table.node,
    takesNullKeys: left,
  })
  return withNewValue({ ...stream, node })
}
