import type { InputMetrics, StreamsMetrics } from '../../runtime/stream-metrics.js'
import type { MetricsSource } from '../metrics/prometheus-metrics.js'
import { RateWindow } from './rate-window.js'
import type { ShownResults } from './results/shown-results.js'
import type { Status, TopicStatus } from './status.js'

export interface SampledStreams {
  readonly streams: MetricsSource
  readonly fingerprint: string
  /** The name in the topology of a topic in Kafka. */
  topicName(topic: string): string
  /** The results, where they do not come from a feed. */
  readonly results: (() => ShownResults) | undefined
}

/** Makes the status of a client from what it counts, comparing with what it was before. */
export class StatusSampler {
  private readonly rates = new RateWindow()

  constructor(
    private readonly sampled: SampledStreams,
    private readonly now: () => number = () => performance.now(),
  ) {}

  sample(): Status {
    const { streams, fingerprint, results } = this.sampled
    const metrics = streams.metrics()
    this.rates.look(this.now(), countsOf(metrics))
    const { threads, lag, streamTime, dropped } = metrics
    return {
      fingerprint,
      state: streams.state,
      threads: threads.map(({ thread, state, tasks }) => ({ thread, state, tasks })),
      records: metrics.recordsProcessed,
      recordsPerSecond: this.rate('records'),
      outputPerSecond: this.rate('output'),
      commitsPerSecond: this.rate('commits'),
      commitMs: this.ratio('commit time', 'commits'),
      lag: lag ?? null,
      streamTime: streamTime < 0 ? null : streamTime,
      watermark: leastWatermark(metrics),
      eventTimePerSecond: this.rate('event time'),
      dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0),
      topics: this.topics(metrics.inputs),
      ...(results && { results: results() }),
    }
  }

  private rate(name: string): number | null {
    return this.rates.perSecond(name) ?? null
  }

  /** How much one thing grows with each of another; null: that did not grow. */
  private ratio(name: string, per: string): number | null {
    const rate = this.rate(per)
    return rate === null || rate === 0 ? null : (this.rate(name) ?? 0) / rate
  }

  private topics(inputs: readonly InputMetrics[]): TopicStatus[] {
    const byTopic = new Map<string, InputMetrics[]>()
    for (const input of inputs) {
      const name = this.sampled.topicName(input.topic)
      byTopic.set(name, [...(byTopic.get(name) ?? []), input])
    }
    return [...byTopic].map(([topic, partitions]) => ({
      topic,
      partitions: partitions.length,
      readPerSecond: sumOfKnown(partitions.map((each) => this.rate(positionOf(each)))),
      lag: sumOfAll(partitions.map((each) => each.lag ?? null)),
    }))
  }
}

const positionOf = ({ topic, partition }: InputMetrics): string => `position ${topic}-${partition}`

function countsOf({ recordsProcessed, outputRecords, commits, streamTime, inputs, threads }: StreamsMetrics) {
  const counts = new Map([
    ['records', recordsProcessed],
    ['output', outputRecords],
    ['commits', commits],
    ['commit time', threads.reduce((sum, { commitTimes }) => sum + commitTimes.sum, 0)],
  ])
  if (streamTime >= 0) counts.set('event time', streamTime)
  for (const input of inputs) counts.set(positionOf(input), input.position)
  return counts
}

function leastWatermark({ eventTime }: StreamsMetrics): number | null {
  const known = eventTime.map(({ watermark }) => watermark)
  if (known.length === 0 || known.includes(undefined)) return null
  return Math.min(...known.map((watermark) => watermark!))
}

/** The sum of those that are known; null: none is. A partition that has just come has no rate yet. */
function sumOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
}

/** The sum; null where one is not known. */
const sumOfAll = (values: readonly (number | null)[]): number | null =>
  values.includes(null) ? null : sumOfKnown(values)
