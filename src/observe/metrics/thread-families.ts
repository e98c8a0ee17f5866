import type { PauseReason } from '../../runtime/stream-metrics.js'
import {
  type CounterFamily,
  type MetricFamily,
  type Part,
  perPart,
  perThread,
  seconds,
} from './metric-family.js'

const PAUSE_REASONS: readonly PauseReason[] = ['commit', 'calls', 'alignment', 'rate', 'schema', 'buffer']
const THROTTLED_REQUESTS = ['produce', 'fetch'] as const

type Throttles = 'answers' | 'ms'

/** What brokers have said of quotas, by the request that they have answered. */
const perThrottle = (
  name: string,
  help: string,
  value: (throttles: Record<Throttles, number>) => number,
): CounterFamily =>
  perPart({ name, type: 'counter', help }, ['request'], ({ throttles }) =>
    THROTTLED_REQUESTS.map((request): Part => [{ request }, value(throttles[request])]),
  )

/** What holds for a stream thread as a whole. */
export const THREAD_FAMILIES: readonly MetricFamily[] = [
  perThread(
    {
      name: 'millrace_thread_start_time_seconds',
      type: 'gauge',
      help: 'When the thread began, since the epoch',
    },
    ({ startedAt }) => seconds(startedAt),
  ),
  perThread(
    { name: 'millrace_thread_tasks', type: 'gauge', help: 'Tasks that the thread has' },
    ({ tasks }) => tasks.length,
  ),
  perThread(
    {
      name: 'millrace_thread_records_processed_total',
      type: 'counter',
      help: 'Records that went through the tasks of the thread',
    },
    ({ recordsProcessed }) => recordsProcessed,
  ),
  perThread(
    {
      name: 'millrace_thread_output_records_total',
      type: 'counter',
      help: 'Records that were sent by operators and committed; without changelogs',
    },
    ({ outputRecords }) => outputRecords,
  ),
  perThread(
    { name: 'millrace_thread_commits_total', type: 'counter', help: 'Commits that went well' },
    ({ commits }) => commits,
  ),
  perThread(
    {
      name: 'millrace_thread_commit_duration_seconds',
      type: 'histogram',
      help: 'How long commits took, from the end of the epoch until its state was written locally',
    },
    ({ commitTimes }) => commitTimes,
  ),
  perThread(
    {
      name: 'millrace_thread_transaction_duration_seconds',
      type: 'histogram',
      help: 'How long transactions took, from their first batch until they were committed; with exactly_once',
    },
    ({ transactionTimes }) => transactionTimes,
  ),
  perThread(
    {
      name: 'millrace_thread_aborted_transactions_total',
      type: 'counter',
      help: 'Transactions that were begun and taken back',
    },
    ({ abortedTransactions }) => abortedTransactions,
  ),
  perThread(
    {
      name: 'millrace_thread_recoveries_total',
      type: 'counter',
      help: 'How often what was not committed was dropped, to be done again from the committed offsets',
    },
    ({ recoveries }) => recoveries,
  ),
  perThread(
    { name: 'millrace_thread_rebalances_total', type: 'counter', help: 'Rebalances that have begun' },
    ({ rebalances }) => rebalances,
  ),
  perThread(
    {
      name: 'millrace_thread_rebalance_duration_seconds',
      type: 'histogram',
      help: 'How long rebalances took, until the tasks were assigned; without their restores',
    },
    ({ rebalanceTimes }) => rebalanceTimes,
  ),
  perThread(
    {
      name: 'millrace_thread_pending_bytes',
      type: 'gauge',
      help: 'Output and changed state that wait for a commit, by estimate',
    },
    ({ pendingBytes }) => pendingBytes,
  ),
  perThread(
    {
      name: 'millrace_thread_lag_records',
      type: 'gauge',
      help: 'Records up to the last stable offset that are not processed, of all inputs; absent until known of every one',
    },
    ({ lag }) => lag,
  ),
  perPart(
    {
      name: 'millrace_thread_paused_partitions',
      type: 'gauge',
      help: 'Input partitions that are not read on, by what they wait for',
    },
    ['reason'],
    ({ intake }) =>
      PAUSE_REASONS.map((reason): Part => {
        return [{ reason }, intake.paused.filter((paused) => paused.reason === reason).length]
      }),
  ),
  perThrottle(
    'millrace_thread_throttles_total',
    'Answers of brokers that said that a quota was exceeded',
    ({ answers }) => answers,
  ),
  perThrottle(
    'millrace_thread_throttle_seconds_total',
    'For how long brokers have put the thread off because of quotas',
    ({ ms }) => seconds(ms),
  ),
  perThread(
    {
      name: 'millrace_thread_busy_seconds_total',
      type: 'counter',
      help: 'For how long the event loop of the thread had something to do: its rate is the busy ratio',
    },
    ({ busyMs }) => seconds(busyMs),
  ),
  perThread(
    {
      name: 'millrace_thread_event_loop_delay_seconds',
      type: 'histogram',
      help: 'How late the event loop of the thread was, looked at every 50 milliseconds',
    },
    ({ eventLoopDelays }) => eventLoopDelays,
  ),
  perThread(
    {
      name: 'millrace_thread_stream_time_seconds',
      type: 'gauge',
      help: 'The greatest event time of a record that was processed, since the epoch; absent before the first',
    },
    ({ streamTime }) => (streamTime < 0 ? undefined : seconds(streamTime)),
  ),
  perThread(
    {
      name: 'millrace_thread_watermark_markers_total',
      type: 'counter',
      help: 'Records sent to repartition topics that tell how far event time has come',
    },
    ({ watermarkMarkers }) => watermarkMarkers,
  ),
  perThread(
    {
      name: 'millrace_thread_restored_records_total',
      type: 'counter',
      help: 'Records that were replayed from changelogs',
    },
    ({ recordsRestored }) => recordsRestored,
  ),
]
