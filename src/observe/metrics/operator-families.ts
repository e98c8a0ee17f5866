import type { AsyncCallMetrics, TimerMetrics } from '../../runtime/stream-metrics.js'
import { type MetricFamily, type Part, perNumber, perPart, stateParts } from './metric-family.js'

const BREAKER_STATES = ['closed', 'half-open', 'open'] as const

/** What asynchronous operators have asked of the outside. */
const perCaller = (
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  value: (calls: AsyncCallMetrics) => number,
): MetricFamily =>
  perNumber({ name, type, help }, ['task', 'operator'], ({ asyncCalls }) =>
    asyncCalls.map((calls): Part => [{ task: calls.task, operator: calls.operator }, value(calls)]),
  )

/** Of operators with timers. */
const perTimers = (
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  value: (timers: TimerMetrics) => number,
): MetricFamily =>
  perNumber({ name, type, help }, ['task', 'operator'], ({ timers }) =>
    timers.map((each): Part => [{ task: each.task, operator: each.operator }, value(each)]),
  )

/** Records, by `operator:reason`. The name of an operator may have a colon, a reason has none. */
const byReason = (records: Readonly<Record<string, number>>): Part[] =>
  Object.entries(records).map(([key, count]) => {
    const at = key.lastIndexOf(':')
    return [{ operator: key.slice(0, at), reason: key.slice(at + 1) }, count]
  })

/** What holds for operators. */
export const OPERATOR_FAMILIES: readonly MetricFamily[] = [
  perPart(
    {
      name: 'millrace_operator_dropped_records_total',
      type: 'counter',
      help: 'Records without effect, or, where the reason is expired, with one that may not last',
    },
    ['operator', 'reason'],
    ({ dropped }) => byReason(dropped),
  ),
  perPart(
    {
      name: 'millrace_operator_failed_records_total',
      type: 'counter',
      help: 'Records that could not be read, processed or sent, whether they were left out or ended the thread',
    },
    ['operator', 'reason'],
    ({ failed }) => byReason(failed),
  ),
  perCaller(
    'millrace_operator_async_in_flight_records',
    'gauge',
    'Records whose result from outside is not handed on yet',
    ({ inFlight }) => inFlight,
  ),
  perCaller(
    'millrace_operator_async_attempts_total',
    'counter',
    'Calls to the outside that were made',
    ({ attempts }) => attempts,
  ),
  perCaller(
    'millrace_operator_async_retries_total',
    'counter',
    'Calls to the outside that were repetitions',
    ({ retries }) => retries,
  ),
  perCaller(
    'millrace_operator_async_timeouts_total',
    'counter',
    'Records whose time for a result ran out',
    ({ timeouts }) => timeouts,
  ),
  perCaller(
    'millrace_operator_async_failures_total',
    'counter',
    'Records that got no result',
    ({ failures }) => failures,
  ),
  perPart(
    {
      name: 'millrace_operator_async_breaker_state',
      type: 'gauge',
      help: 'The state that the circuit breaker is in: 1 there, 0 in all others; absent where there is none',
    },
    ['task', 'operator', 'state'],
    ({ asyncCalls }) =>
      asyncCalls.flatMap(({ task, operator, breaker }) =>
        breaker === undefined ? [] : stateParts(BREAKER_STATES, breaker, { task, operator }),
      ),
  ),
  perTimers(
    'millrace_operator_pending_timers',
    'gauge',
    'Timers that are set and have not fired, of processors and triggers',
    ({ pending }) => pending,
  ),
  perTimers(
    'millrace_operator_fired_timers_total',
    'counter',
    'Timers that have fired, of processors and triggers',
    ({ fired }) => fired,
  ),
]
