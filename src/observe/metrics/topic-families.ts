import type { DurationFigures } from '../../runtime/duration-histogram.js'
import type { InputTopicMetrics, OutputTopicMetrics } from '../../runtime/stream-metrics.js'
import {
  type CounterFamily,
  type HistogramFamily,
  type MetricFamily,
  type Part,
  perPart,
} from './metric-family.js'

const read = (name: string, help: string, value: (topic: InputTopicMetrics) => number): CounterFamily =>
  perPart({ name, type: 'counter', help }, ['topic'], ({ topicsRead }) =>
    topicsRead.map((topic): Part => [{ topic: topic.topic }, value(topic)]),
  )

const written = (name: string, help: string, value: (topic: OutputTopicMetrics) => number): CounterFamily =>
  perPart({ name, type: 'counter', help }, ['topic'], ({ topicsWritten }) =>
    topicsWritten.map((topic): Part => [{ topic: topic.topic }, value(topic)]),
  )

const timed = (
  name: string,
  help: string,
  value: (topic: InputTopicMetrics) => DurationFigures,
): HistogramFamily =>
  perPart({ name, type: 'histogram', help }, ['topic'], ({ topicsRead }) =>
    topicsRead.map((topic): Part<DurationFigures> => [{ topic: topic.topic }, value(topic)]),
  )

/** What holds for topics. */
export const TOPIC_FAMILIES: readonly MetricFamily[] = [
  read(
    'millrace_topic_input_records_total',
    'Records that were read for tasks; those that are read again after a failure count again',
    ({ records }) => records,
  ),
  read(
    'millrace_topic_input_bytes_total',
    'Bytes that were read for tasks, as in the log',
    ({ bytes }) => bytes,
  ),
  written(
    'millrace_topic_output_records_total',
    'Records that were sent and committed, changelogs included',
    ({ records }) => records,
  ),
  written(
    'millrace_topic_output_bytes_total',
    'Bytes that were sent and committed, changelogs included',
    ({ bytes }) => bytes,
  ),
  timed(
    'millrace_topic_end_to_end_latency_seconds',
    'From the timestamps of records that were read until what they have caused was committed',
    ({ endToEndLatency }) => endToEndLatency,
  ),
  timed(
    'millrace_topic_processing_latency_seconds',
    'From the arrival of records that were read until what they have caused was committed',
    ({ processingLatency }) => processingLatency,
  ),
]
