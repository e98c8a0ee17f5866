import type { WipeReason } from '../state/restore-plan.js'

/** A store of a task that was brought up to the end of its changelog. */
export interface RestoredStore {
  /** Id of the task, `subtopology_partition`. */
  readonly task: string
  readonly store: string
  /** The changelog topic in Kafka; its partition is the task's. */
  readonly topic: string
  readonly partition: number
  /** First offset that was replayed: where the last local commit stood, or the start of the log. */
  readonly from: number
  /** Offset at which the replay ended: the end of the changelog when the task was assigned. */
  readonly to: number
  /** Records replayed: fewer than there are offsets, by transaction markers and what compaction removed. */
  readonly records: number
  readonly durationMs: number
  /** Why what was on disk could not be built upon, and all of the changelog was replayed; absent: it could. */
  readonly wiped?: WipeReason
}
