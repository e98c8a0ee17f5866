import type { StoreCheckpoint } from './checkpoint.js'

/** A changelog partition as Kafka has it when the task starts. */
export interface ChangelogState {
  readonly topicId: string
  /** First offset that is there. */
  readonly logStart: number
  /** The high watermark. */
  readonly logEnd: number
  /** The topic's `delete.retention.ms`; Infinity where it is not compacted. */
  readonly deleteRetentionMs: number
}

/** Why a store's rows on disk cannot be built upon. */
export type WipeReason =
  /** Its rows have no position in a changelog: it is new, or was being wiped when the process ended. */
  | 'no-position'
  /** The changelog topic was deleted and made again: the local offset means nothing in it. */
  | 'changelog-recreated'
  /** The local offset is behind the end of the log: what the store has is not in Kafka. */
  | 'beyond-log-end'
  /** Records after the local offset are gone. */
  | 'below-log-start'
  /** Tombstones after the local offset may have been compacted away: deleted keys would come back. */
  | 'tombstones-compacted'

export interface RestorePlan {
  /** Where to begin to replay the changelog. */
  readonly from: number
  /** Set: the store's rows are deleted first, for this reason. */
  readonly wipe?: WipeReason
}

/** Clocks are put right by less than this all the time. */
const CLOCK_CORRECTION_MS = 60_000

/** Milliseconds since a store was saved. A time to come says that the clock was changed: the age is not known. */
function ageOf({ savedAt }: StoreCheckpoint, now: number): number {
  const age = now - savedAt
  return age < -CLOCK_CORRECTION_MS ? Number.POSITIVE_INFINITY : age
}

/**
 * Decides how a store becomes what its changelog says: goes on from where it stands on disk, or is wiped and
 * replayed as a whole.
 *
 * @param windowed a windowed changelog is trimmed by us, up to what windows need: its start passing the local
 * offset loses nothing
 * @param now wall time, epoch milliseconds
 */
export function planRestore(
  local: StoreCheckpoint,
  changelog: ChangelogState,
  windowed: boolean,
  now: number,
): RestorePlan {
  const { topicId, logStart, logEnd, deleteRetentionMs } = changelog
  const { changelogOffset: offset } = local
  if (offset === undefined) return { from: logStart, wipe: 'no-position' }
  if (local.topicId !== undefined && local.topicId !== topicId)
    return { from: logStart, wipe: 'changelog-recreated' }
  if (offset > logEnd) return { from: logStart, wipe: 'beyond-log-end' }
  if (offset < logStart && !windowed) return { from: logStart, wipe: 'below-log-start' }
  if (offset < logEnd && ageOf(local, now) > deleteRetentionMs) {
    return { from: logStart, wipe: 'tombstones-compacted' }
  }
  return { from: Math.max(offset, logStart) }
}
