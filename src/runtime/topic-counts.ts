import { DurationHistogram } from './duration-histogram.js'
import type { CollectedOutput } from './record-collector.js'
import type { InputTopicMetrics, OutputTopicMetrics } from './stream-metrics.js'

/** So many topics that functions choose are counted apart. */
const MAX_CHOSEN_TOPICS = 100
/** Under what the others are counted. */
const OTHER = 'other'

/** What has gone to a topic in one epoch. */
export interface SentToTopic {
  readonly topic: string
  records: number
  bytes: number
}

/** What output is by topic, changelogs included; to be asked before its builders are used again. */
export function sentByTopic({
  batches,
  changelogs,
}: Pick<CollectedOutput, 'batches' | 'changelogs'>): SentToTopic[] {
  const topics = new Map<string, SentToTopic>()
  for (const { topic, builder } of [...batches, ...changelogs]) {
    const sent = topics.get(topic)
    if (sent === undefined) topics.set(topic, { topic, records: builder.count, bytes: builder.byteLength })
    else {
      sent.records += builder.count
      sent.bytes += builder.byteLength
    }
  }
  return [...topics.values()]
}

/** What was read of one topic. */
export class InputTopicCount {
  records = 0
  bytes = 0
  private readonly endToEnd = new DurationHistogram()
  private readonly processing = new DurationHistogram()

  constructor(readonly topic: string) {}

  /**
   * What records have caused is committed.
   *
   * @param endToEnd since their timestamp, milliseconds; undefined: they have none
   * @param processing since their arrival, milliseconds
   */
  committed(records: number, endToEnd: number | undefined, processing: number): void {
    if (endToEnd !== undefined) this.endToEnd.observe(endToEnd, records)
    this.processing.observe(processing, records)
  }

  get metrics(): InputTopicMetrics {
    const { topic, records, bytes, endToEnd, processing } = this
    return { topic, records, bytes, endToEndLatency: endToEnd.figures, processingLatency: processing.figures }
  }
}

/** What a thread has read and written, by topic. */
export class TopicCounts {
  private readonly inputs = new Map<string, InputTopicCount>()
  private readonly outputs = new Map<string, SentToTopic>()
  /** So many topics at most are counted apart. */
  private readonly maxOutputs: number

  /** @param fixed topics in Kafka that are written whatever functions choose */
  constructor(fixed: Iterable<string>) {
    for (const topic of fixed) this.output(topic)
    this.maxOutputs = this.outputs.size + MAX_CHOSEN_TOPICS
  }

  /** Of a topic in Kafka that is read. */
  input(topic: string): InputTopicCount {
    let count = this.inputs.get(topic)
    if (count === undefined) {
      count = new InputTopicCount(topic)
      this.inputs.set(topic, count)
    }
    return count
  }

  /** Takes note of what was sent and committed. */
  sent(topics: readonly SentToTopic[]): void {
    for (const { topic, records, bytes } of topics) {
      const counted = this.outputs.has(topic) || this.outputs.size < this.maxOutputs
      const count = this.output(counted ? topic : OTHER)
      count.records += records
      count.bytes += bytes
    }
  }

  get topicsRead(): InputTopicMetrics[] {
    return [...this.inputs.values()].map((count) => count.metrics)
  }

  get topicsWritten(): OutputTopicMetrics[] {
    return [...this.outputs.values()].map((count) => ({ ...count }))
  }

  private output(topic: string): SentToTopic {
    let count = this.outputs.get(topic)
    if (count === undefined) {
      count = { topic, records: 0, bytes: 0 }
      this.outputs.set(topic, count)
    }
    return count
  }
}
