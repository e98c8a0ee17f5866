import type { StreamsState } from '../../runtime/kafka-streams.js'
import { type MetricFamily, perClient, stateParts } from './metric-family.js'

const STATES: readonly StreamsState[] = [
  'created',
  'rebalancing',
  'running',
  'pending-shutdown',
  'not-running',
  'error',
]

/** What holds for a client as a whole. */
export const CLIENT_FAMILIES: readonly MetricFamily[] = [
  perClient(
    {
      name: 'millrace_client_state',
      type: 'gauge',
      help: 'The state that the client is in: 1 there, 0 in all others',
    },
    ['state'],
    ({ state }) => stateParts(STATES, state),
  ),
  perClient(
    { name: 'millrace_client_threads', type: 'gauge', help: 'Stream threads of the client' },
    [],
    ({ metrics }) => [[{}, metrics.threads.length]],
  ),
]
