import type { StreamTableJoiner } from '../../operators/stream-table-join.js'
import { parseDuration } from '../time/duration.js'
import type { Erased } from '../topology/logical-graph.js'
import type { JoinInput } from './join-input.js'
import type { KStream } from './kstream.js'
import type { AsOfJoinOptions, AsOfStreamOptions } from './kstream-analytics.js'
import type { StreamState } from './stream-state.js'
import { joinTable } from './stream-table-joins.js'
import type { TableOf } from './table-of.js'

type GivenOptions = AsOfJoinOptions<Erased, Erased, Erased> &
  Partial<AsOfStreamOptions<Erased, Erased, Erased>>

/** Two inputs to be joined as of the left one's times. */
export interface AsOfJoinRequest {
  readonly stream: JoinInput
  /** A table that keeps versions, or a stream whose records are kept as such. */
  readonly other: TableOf<Erased, Erased, Erased> | KStream<Erased, Erased, Erased>
  readonly joiner: StreamTableJoiner<Erased, Erased, Erased, Erased>
  /** Whether records that meet none are kept. */
  readonly left: boolean
  readonly options: GivenOptions
}

/** The stream of an as-of join; see {@link KStreamAnalytics.asOfJoin}. */
export function joinAsOf({ stream, other, joiner, left, options }: AsOfJoinRequest): StreamState {
  const call = `${left ? 'leftAsOfJoin' : 'asOfJoin'}(other, joiner, `
  const { name, tolerance } = options
  const table = 'toTable' in other ? versionsOf(other, options) : other
  const operator = name ?? call.slice(0, call.indexOf('('))
  if (table.state.supply.historyRetention === undefined) {
    const problem = 'it looks rows up as they were, and its table keeps no versions'
    table.state.builder.refuse(operator, problem, 'give the table a historyRetention')
  }
  const nearest = tolerance === undefined ? undefined : parseDuration(`${operator}: tolerance`, tolerance)
  return joinTable({ stream, table: table.state, joiner, left, options, call, tolerance: nearest })
}

/** The records of a stream, each valid until the next one of its key. */
function versionsOf(
  stream: KStream<Erased, Erased, Erased>,
  { name, store, key, otherValue, historyRetention, logging, storage }: GivenOptions,
): TableOf<Erased, Erased, Erased> {
  const kept = store ?? (name === undefined ? undefined : `${name}-versions`)
  const table = stream.toTable({
    name: name === undefined ? undefined : `${name}-other`,
    store: kept,
    key,
    value: otherValue,
    historyRetention,
    logging,
    storage,
  })
  return table as unknown as TableOf<Erased, Erased, Erased>
}
