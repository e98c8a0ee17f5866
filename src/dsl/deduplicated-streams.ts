import { type Deduplication, deduplicate } from '../../operators/deduplicate.js'
import { recordId } from '../../operators/record-id.js'
import { recordOrigin } from '../../operators/record-origin.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import { parseDuration } from '../time/duration.js'
import type { Erased, LogicalOperator } from '../topology/logical-graph.js'
import type { JoinInput } from './join-input.js'
import type { DeduplicateOptions } from './kstream-analytics.js'
import { addLateOutput, addSideOutput, lateName } from './late-output.js'
import { storeKeeping } from './store-keeping.js'
import type { StreamState } from './stream-state.js'

type GivenOptions = DeduplicateOptions<Erased, Erased, Erased, never>

const PREFIX = 'KSTREAM-DEDUPLICATE-'
const CALL = 'deduplicate('

/** An id is kept in so many pieces on disk: a record rewrites one. */
const PIECES_PER_RETENTION = 4

/** The stream without its duplicates; see {@link KStreamAnalytics.deduplicate}. */
export function deduplicateStream(input: JoinInput, options: GivenOptions): StreamState {
  const state = input.partitioned(CALL, options)
  const { builder } = state
  const storeName = options.store ?? builder.names.store(PREFIX)
  const name = builder.names.operator(PREFIX, options.name)
  const key = builder.serde({
    operator: name,
    call: CALL,
    part: 'key',
    given: options.key,
    known: state.key,
  })
  const how = deduplicationOf(name, storeName, options)
  // An id at just that distance still counts.
  const retention = how.within + how.grace + 1
  const store: AnyStoreDefinition = {
    kind: 'rangedWindow',
    ...storeKeeping(options),
    caching: false,
    name: storeName,
    key: recordId(key, options.idSerde),
    value: recordOrigin,
    windowSize: Math.max(1, how.within),
    retention,
    segment: Math.ceil(retention / PIECES_PER_RETENTION),
    // Ids of processing time go as the clock goes on, written or not.
    ...(how.time === 'processing' && { expiry: 'event-time' }),
  }
  if ((options.id === undefined) !== (options.idSerde === undefined)) {
    builder.refuse(name, 'it needs id and idSerde, and has one of them', 'give it both, or neither')
  }
  if (how.time === 'processing' && (options.late !== undefined || options.grace !== undefined)) {
    const problem = 'late and grace are for event time, and it goes by processing time'
    builder.refuse(name, problem, 'leave them out, or give it the time event')
  }
  const node = builder.add<LogicalOperator>({
    kind: 'operator',
    name,
    parents: [state.node],
    supplier: deduplicate(how),
    store,
    takesNullKeys: true,
  })
  if (options.duplicates !== undefined) addSideOutput(state, node, how.duplicates!, options.duplicates)
  if (options.late !== undefined) addLateOutput(state, node, options.late)
  return { ...state, node }
}

function deduplicationOf(
  name: string,
  store: string,
  { id, within, grace = within, time = 'event', refresh = false, duplicates, late }: GivenOptions,
): Deduplication<Erased, Erased, Erased> {
  return {
    store,
    id,
    within: parseDuration(`${name}: within`, within),
    time,
    grace: time === 'event' ? parseDuration(`${name}: grace`, grace) : 0,
    refresh,
    duplicates: duplicates === undefined ? undefined : `${name}-duplicates`,
    late: late === undefined ? undefined : lateName(name),
  }
}
