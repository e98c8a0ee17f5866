import type { InputMetrics } from '../../runtime/stream-metrics.js'
import { type GaugeFamily, type MetricFamily, type Part, perPart, seconds } from './metric-family.js'

const perInput = (
  name: string,
  help: string,
  value: (input: InputMetrics) => number | undefined,
): GaugeFamily =>
  perPart({ name, type: 'gauge', help }, ['topic', 'partition'], ({ inputs }) =>
    inputs.map((input): Part => {
      return [{ topic: input.topic, partition: String(input.partition) }, value(input)]
    }),
  )

/** What holds for input partitions of the tasks that a thread has. */
export const PARTITION_FAMILIES: readonly MetricFamily[] = [
  perInput(
    'millrace_partition_position_offset',
    'Offset of the next record to process',
    ({ position }) => position,
  ),
  perInput(
    'millrace_partition_lag_records',
    'Records up to the last stable offset that are not processed; absent until known',
    ({ lag }) => lag,
  ),
  perInput(
    'millrace_partition_oldest_record_age_seconds',
    'The wall clock less the timestamp of the oldest record that is not processed; 0 where there is none',
    ({ oldestAgeMs }) => (oldestAgeMs === undefined ? undefined : seconds(oldestAgeMs)),
  ),
  perInput(
    'millrace_partition_buffered_records',
    'Records that are fetched and not processed, by their offsets',
    ({ bufferedRecords }) => bufferedRecords,
  ),
  perInput(
    'millrace_partition_buffered_bytes',
    'Bytes that are fetched and not begun, as in the log',
    ({ bufferedBytes }) => bufferedBytes,
  ),
]
