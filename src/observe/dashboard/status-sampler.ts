import type { InputMetrics, StreamsMetrics } from '../../runtime/stream-metrics.js'
import type { MetricsSource } from '../metrics/prometheus-metrics.js'
import { RateWindow } from './rate-window.js'
import type { ShownResults } from './results/shown-results.js'
import type { Status, SubTopologyStatus, TopicStatus } from './status.js'

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
    const counts = this.countsOf(metrics)
    this.rates.look(this.now(), counts)
    const { threads, lag, streamTime, dropped } = metrics
    return {
      fingerprint,
      state: streams.state,
      threads: threads.map(({ thread, state, tasks }) => ({ thread, state, tasks })),
      records: metrics.recordsProcessed,
      recordsPerSecond: this.rate('records'),
      outputPerSecond: this.rate('output'),
      commitsPerSecond: this.rate('commits'),
      commitMs: quotient(this.rate('commit time'), this.rate('commits')),
      lag: lag ?? null,
      streamTime: streamTime < 0 ? null : streamTime,
      watermark: leastWatermark(metrics),
      eventTimePerSecond: this.rate('event time'),
      dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0),
      topics: this.topics(metrics.inputs, counts),
      subTopologies: this.subTopologies(counts),
      ...(results && { results: results() }),
    }
  }

  private rate(name: string): number | null {
    return this.rates.perSecond(name) ?? null
  }

  private topics(inputs: readonly InputMetrics[], counts: ReadonlyMap<string, number>): TopicStatus[] {
    const partitions = new Map<string, InputMetrics[]>()
    for (const input of inputs) {
      const name = this.sampled.topicName(input.topic)
      partitions.set(name, [...(partitions.get(name) ?? []), input])
    }
    const names = new Set([...partitions.keys(), ...namesIn(counts, READ), ...namesIn(counts, WRITTEN)])
    return [...names].map((topic) => {
      const own = partitions.get(topic) ?? []
      return {
        topic,
        partitions: own.length,
        readPerSecond: this.rate(READ + topic),
        writtenPerSecond: this.rate(WRITTEN + topic),
        lag: sumOfAll(own.map((each) => each.lag ?? null)),
      }
    })
  }

  private subTopologies(counts: ReadonlyMap<string, number>): SubTopologyStatus[] {
    return namesIn(counts, PROCESSED).map((id) => ({
      id: Number(id),
      recordsPerSecond: this.rate(PROCESSED + id),
    }))
  }

  private countsOf({ threads, ...metrics }: StreamsMetrics): ReadonlyMap<string, number> {
    const counts = new Map([
      ['records', metrics.recordsProcessed],
      ['output', metrics.outputRecords],
      ['commits', metrics.commits],
    ])
    if (metrics.streamTime >= 0) counts.set('event time', metrics.streamTime)
    const add = (name: string, count: number): void => {
      counts.set(name, (counts.get(name) ?? 0) + count)
    }
    for (const { commitTimes, topicsRead, topicsWritten, taskCounts } of threads) {
      add('commit time', commitTimes.sum)
      for (const { topic, records } of topicsRead) add(READ + this.sampled.topicName(topic), records)
      for (const { topic, records } of topicsWritten) add(WRITTEN + this.sampled.topicName(topic), records)
      for (const { task, recordsProcessed } of taskCounts)
        add(PROCESSED + subTopologyOf(task), recordsProcessed)
    }
    return counts
  }
}

/** What counts of things begin with; the thing's name follows. */
const READ = 'read '
const WRITTEN = 'written '
const PROCESSED = 'processed '

const namesIn = (counts: ReadonlyMap<string, number>, prefix: string): string[] =>
  [...counts.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))

/** Tasks are named by their sub-topology and partition: `0_3`. */
const subTopologyOf = (task: string): string => task.slice(0, task.indexOf('_'))

const quotient = (sum: number | null, count: number | null): number | null =>
  sum === null || count === null || count === 0 ? null : sum / count

function leastWatermark({ eventTime }: StreamsMetrics): number | null {
  const known = eventTime.map(({ watermark }) => watermark)
  if (known.length === 0 || known.includes(undefined)) return null
  return Math.min(...known.map((watermark) => watermark!))
}

/** The sum; null where one is not known, or there is none. */
const sumOfAll = (values: readonly (number | null)[]): number | null =>
  values.length === 0 || values.includes(null) ? null : values.reduce<number>((sum, value) => sum + value!, 0)
