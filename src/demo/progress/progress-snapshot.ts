import type { ResultRow } from '../../observe/dashboard/results/result-table.js'
import type { StreamsState } from '../../runtime/kafka-streams.js'

/** What there is to tell about a running application, as of one moment. */
export interface ProgressSnapshot {
  readonly state: StreamsState
  /** Since the snapshot before. */
  readonly recordsPerSecond: number
  /** By this process. */
  readonly recordsProcessed: number
  /** Undefined until known. */
  readonly lag: number | undefined
  /** Epoch milliseconds; -1 before the first record. */
  readonly streamTime: number
  /** Windows with results, new since the start. */
  readonly windows: number
  readonly commits: number
  /** Records in the input topic; undefined in a worker, which does not publish. */
  readonly published: number | undefined
  readonly rows: readonly ResultRow[]
}

/** Where progress is shown. */
export interface ProgressDisplay {
  show(snapshot: ProgressSnapshot): void
  /** Something to say once. */
  say(text: string): void
  /** The last word. */
  finish(summary: RunSummary): void
}

/** What a run came to. */
export interface RunSummary {
  readonly recordsProcessed: number
  readonly seconds: number
  readonly commits: number
  readonly outputRecords: number
  readonly windows: number
  /** Whether all input is processed and committed. */
  readonly complete: boolean
}
