import { type MetricFamily, perThread, seconds } from './metric-family.js'

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
      name: 'millrace_thread_last_commit_duration_seconds',
      type: 'gauge',
      help: 'How long the last commit took, from the end of its epoch until its state was written locally',
    },
    ({ commits, lastCommitMs }) => (commits === 0 ? undefined : seconds(lastCommitMs)),
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
