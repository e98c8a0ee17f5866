import { type MetricFamily, type Part, perPart, seconds } from './metric-family.js'

/** What holds intake back, by topic. */
export const INTAKE_FAMILIES: readonly MetricFamily[] = [
  perPart(
    {
      name: 'millrace_topic_paused_seconds_total',
      type: 'counter',
      help: 'For how long partitions were not read on from, added up over the partitions of a topic, by reason',
    },
    ['topic', 'reason'],
    ({ intake }) =>
      Object.entries(intake.pausedMs).map(([key, ms]): Part => {
        const at = key.lastIndexOf(':')
        return [{ topic: key.slice(0, at), reason: key.slice(at + 1) }, seconds(ms)]
      }),
  ),
  perPart(
    {
      name: 'millrace_topic_rate_limit_records_per_second',
      type: 'gauge',
      help: 'Records a second that the thread may read of a topic at present; absent where there is no such limit',
    },
    ['topic'],
    ({ intake }) =>
      intake.rateLimits.map(({ topic, recordsPerSecond }): Part => [{ topic }, recordsPerSecond]),
  ),
  perPart(
    {
      name: 'millrace_topic_rate_limit_bytes_per_second',
      type: 'gauge',
      help: 'Bytes of records a second that the thread may read of a topic; absent where there is no such limit',
    },
    ['topic'],
    ({ intake }) => intake.rateLimits.map(({ topic, bytesPerSecond }): Part => [{ topic }, bytesPerSecond]),
  ),
]
