import { type MetricFamily, type Part, perPart, seconds } from './metric-family.js'

/** What holds for the tasks of a thread. */
export const TASK_FAMILIES: readonly MetricFamily[] = [
  perPart(
    {
      name: 'millrace_task_records_processed_total',
      type: 'counter',
      help: 'Records that went through the task',
    },
    ['task'],
    ({ taskCounts }) => taskCounts.map(({ task, recordsProcessed }): Part => [{ task }, recordsProcessed]),
  ),
  perPart(
    {
      name: 'millrace_task_processing_seconds_total',
      type: 'counter',
      help: 'For how long the task had the thread to itself, to process records and what they have begun',
    },
    ['task'],
    ({ taskCounts }) => taskCounts.map(({ task, processingMs }): Part => [{ task }, seconds(processingMs)]),
  ),
  perPart(
    {
      name: 'millrace_task_watermark_seconds',
      type: 'gauge',
      help: 'How far event time has come where it comes from watermarks, since the epoch; absent until known',
    },
    ['task'],
    ({ eventTime }) =>
      eventTime.map(
        ({ task, watermark }): Part => [{ task }, watermark === undefined ? undefined : seconds(watermark)],
      ),
  ),
  perPart(
    {
      name: 'millrace_task_watermark_lag_seconds',
      type: 'gauge',
      help: 'How far the watermark is behind the wall clock; 0 where it is ahead',
    },
    ['task'],
    ({ eventTime }, { now }) =>
      eventTime.map(
        ({ task, watermark }): Part => [
          { task },
          watermark === undefined ? undefined : seconds(Math.max(0, now - watermark)),
        ],
      ),
  ),
]
