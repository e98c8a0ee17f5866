import {
  type StreamTableJoin,
  type StreamTableJoiner,
  streamTableJoin,
} from '../../operators/stream-table-join.js'
import { byTimestamp, waitingKey, waitingRecord } from '../../operators/waiting-record.js'
import { waitingStreamTableJoin } from '../../operators/waiting-stream-table-join.js'
import type { KeyValueStoreDefinition } from '../state/store-definition.js'
import { type Duration, parseDuration } from '../time/duration.js'
import type { Erased, LogicalOperator } from '../topology/logical-graph.js'
import type { GlobalTableOf } from './global-table-of.js'
import type { JoinInput, JoinInputOptions } from './join-input.js'
import { addLateOutput, lateName } from './late-output.js'
import type { LateOption, OperatorOptions } from './operator-options.js'
import { type StreamState, withNewValue } from './stream-state.js'
import type { TableState } from './table-state.js'

/** What a stream is given for a join with a table. */
export type StreamTableJoinOptions = JoinInputOptions &
  LateOption<Erased, Erased, Erased> & { readonly gracePeriod?: Duration | undefined }

/** A stream that a user joins with a table. */
export interface StreamTableJoinRequest {
  readonly stream: JoinInput
  readonly table: TableState
  readonly joiner: StreamTableJoiner<Erased, Erased, Erased, Erased>
  /** Whether records that meet no row are kept. */
  readonly left: boolean
  readonly options: StreamTableJoinOptions
  /** How the user's call begins, for the cure in an error. */
  readonly call: string
  /** How much older than a record the row may be that it meets, milliseconds; absent: by any time. */
  readonly tolerance?: number | undefined
}

/** The stream of a join with a table by key. */
export function joinTable(request: StreamTableJoinRequest): StreamState {
  const { stream, table, joiner, left, options, call, tolerance } = request
  const state = stream.partitioned(call, options)
  const { builder } = state
  const rows = table.supply.view()
  const name = builder.names.operator(left ? 'KSTREAM-LEFTJOIN-' : 'KSTREAM-JOIN-', options.name)
  const { gracePeriod, late } = options
  const join = { table: rows, joiner, left, tolerance, lateOutput: late && lateName(name) }
  if (late !== undefined && table.supply.historyRetention === undefined) {
    const problem = 'late is given, and no record is late for a table that keeps no versions'
    builder.refuse(name, problem, 'leave it out, or give the table a historyRetention')
  }
  const node = builder.add<LogicalOperator>({
    kind: 'operator',
    name,
    parents: [state.node],
    ...(gracePeriod === undefined
      ? { supplier: streamTableJoin(join), store: undefined }
      : waitingJoin({ state, table, join, call, name, gracePeriod })),
    uses: rows.stores,
    coPartitioned: [state.node, table.node],
    takesNullKeys: left,
  })
  if (late !== undefined) addLateOutput(state, node, late)
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

interface WaitingJoinRequest {
  readonly state: StreamState
  readonly table: TableState
  readonly join: StreamTableJoin<Erased, Erased, Erased, Erased, Erased>
  /** How the user's call begins, for the cure in an error. */
  readonly call: string
  readonly name: string
  readonly gracePeriod: Duration
}

/** A join whose records wait in a store of its own. */
function waitingJoin({ state, table, join, call, name, gracePeriod }: WaitingJoinRequest) {
  const { builder } = state
  const grace = parseDuration(`${name}: gracePeriod`, gracePeriod)
  requireHistory({ state, table, name }, grace)
  const serde = (part: 'key' | 'value') =>
    builder.serde({ operator: name, call, part, given: undefined, known: state[part] })
  const store: KeyValueStoreDefinition<Erased, Erased> = {
    kind: 'keyValue',
    name: `${name}-Buffer`,
    key: waitingKey(serde('key')),
    value: waitingRecord(serde('value')),
    caching: false,
    logging: true,
    timeOrder: byTimestamp,
  }
  const supplier = waitingStreamTableJoin(join, { store: store.name, grace })
  // With watermarks it waits for rows that the table is still to have, too.
  return { supplier, store, awaits: [table.node] }
}

/** Records that wait meet rows as they were: the table has to keep them for as long. */
function requireHistory(
  { state: { builder }, table, name }: Pick<WaitingJoinRequest, 'state' | 'table' | 'name'>,
  grace: number,
): void {
  const { historyRetention } = table.supply
  if (historyRetention === undefined) {
    const problem = 'with a grace period records meet rows as they were, and its table keeps no versions'
    builder.refuse(name, problem, 'give the table a historyRetention, or leave gracePeriod out')
  } else if (historyRetention < grace) {
    builder.refuse(
      name,
      `its grace period of ${grace} ms is longer than its table keeps versions, ${historyRetention} ms`,
      `give the table a historyRetention of at least ${grace} ms, or take a shorter gracePeriod`,
    )
  }
}
