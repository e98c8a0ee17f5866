import type { StreamsState } from '../../runtime/kafka-streams.js'
import type { ThreadState } from '../../runtime/thread-state.js'
import type { ShownResults } from './results/shown-results.js'

/** A stream thread, and the tasks that it has. */
export interface ThreadStatus {
  readonly thread: number
  readonly state: ThreadState
  readonly tasks: readonly string[]
}

/** A topic that is read, or written. Rates are records a second, null until they are known. */
export interface TopicStatus {
  /** As the topology names it. */
  readonly topic: string
  /** Partitions of it that this process reads; 0: it is written only. */
  readonly partitions: number
  readonly readPerSecond: number | null
  readonly writtenPerSecond: number | null
  /** Records that are not processed; null until known of every partition. */
  readonly lag: number | null
}

/** What this process does of a sub-topology. */
export interface SubTopologyStatus {
  readonly id: number
  readonly recordsPerSecond: number | null
}

/** What a process tells the page of itself, once a second. Rates are of the last seconds, null until they are known. */
export interface Status {
  /** Which page is about it: another topology, another page. */
  readonly fingerprint: string
  readonly state: StreamsState
  readonly threads: readonly ThreadStatus[]
  /** Since the process began. */
  readonly records: number
  readonly recordsPerSecond: number | null
  readonly outputPerSecond: number | null
  readonly commitsPerSecond: number | null
  /** How long commits take, milliseconds; null where there were none in the last seconds. */
  readonly commitMs: number | null
  /** Records that are not processed; null until known. */
  readonly lag: number | null
  /** The greatest event time seen, epoch milliseconds; null before the first record. */
  readonly streamTime: number | null
  /** The least watermark of the tasks, epoch milliseconds; null where there is none, or it is not known. */
  readonly watermark: number | null
  /** Milliseconds of event time that pass in a second. */
  readonly eventTimePerSecond: number | null
  /** Records without effect. */
  readonly dropped: number
  readonly topics: readonly TopicStatus[]
  readonly subTopologies: readonly SubTopologyStatus[]
  /** Where they do not come from a feed. */
  readonly results?: ShownResults
}
