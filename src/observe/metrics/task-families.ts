import { type MetricFamily, type Part, perPart, seconds } from './metric-family.js'

/** What holds for the tasks of a thread, those with watermarks. */
export const TASK_FAMILIES: readonly MetricFamily[] = [
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
