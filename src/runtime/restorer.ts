import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { OffsetOutOfRangeError } from '../kafka/consumer/fetch-error.js'
import type { Fetcher } from '../kafka/consumer/fetcher.js'
import type { FetchedChunk } from '../kafka/records/fetched-chunk.js'
import { RecordCursor } from '../kafka/records/record-cursor.js'
import { topicPartitionKey } from '../kafka/topic-partition.js'
import { SchemaPendingError } from '../serdes/schema-pending-error.js'
import type { ChangelogRecord, StoreRestore } from '../state/store-restore.js'
import type { TaskState } from '../state/task-state.js'
import type { StoreRestoreProgress } from './store-totals.js'

/** A changelog partition to be replayed into a store. */
export interface ChangelogRestore {
  readonly task: string
  readonly store: string
  /** Its name in Kafka. */
  readonly topic: string
  readonly partition: number
  readonly from: number
  /**
   * Up to where: the changelog's high watermark when the task was assigned, or what is committed of a source topic, whose
   * later records are still to be processed.
   */
  readonly to: number
  /** Whether its start moves behind windows that have expired: what is deleted meanwhile is not needed. */
  readonly trimmed: boolean
}

interface Replay {
  readonly state: TaskState
  readonly plan: ChangelogRestore
  readonly done: (records: number) => void
  readonly failed: (error: unknown) => void
  readonly cursor: RecordCursor
  records: number
  /** The offset up to which it is written. */
  position: number
  /** The task leaves: no further chunk is taken. */
  givenUp: boolean
  /** Resolves when the task leaves. */
  readonly left: Promise<unknown>
  /** Settles when the chunk in hand is written; undefined while there is none. */
  applying: Promise<void> | undefined
}

/** How many records are taken between two turns of the event loop: about a millisecond's work. */
const SLICE_RECORDS = 2000

/**
 * Replays changelogs into local stores, of all tasks of a thread that need it. Each partition goes on by itself, a
 * chunk at a time: while one chunk is written to disk, by another thread, those of other partitions are read.
 * Between slices of a chunk the thread processes, heartbeats and commits as ever.
 */
export class Restorer {
  private readonly replays = new Map<string, Replay>()
  /** Records replayed since the thread began. */
  recordsRestored = 0

  /** @param fetcher reads committed records on a channel of its own */
  constructor(private readonly fetcher: Fetcher) {
    fetcher.onAvailable = () => {
      for (const replay of this.replays.values()) this.goOn(replay)
    }
  }

  /**
   * Replays one changelog partition; resolves with the number of records when the store has all of it up to the
   * target, rejects with the signal's reason when the task leaves before.
   */
  restore(state: TaskState, plan: ChangelogRestore, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted()
    if (plan.from >= plan.to) return Promise.resolve(0)
    return new Promise((done, failed) => {
      const replay = {
        state,
        plan,
        done,
        failed,
        cursor: new RecordCursor(),
        records: 0,
        position: plan.from,
        givenUp: false,
        left: once(signal, 'abort'),
        applying: undefined,
      }
      this.replays.set(keyOf(plan), replay)
      this.fetcher.add(plan.topic, plan.partition, plan.from)
      signal.addEventListener('abort', () => void this.abort(replay, signal.reason), { once: true })
    })
  }

  /** Of the stores that are being restored. */
  get progress(): StoreRestoreProgress[] {
    return [...this.replays.values()].map(({ plan: { task, store, from, to }, position }) => {
      return { task, store, records: to - from, remaining: Math.max(0, to - position) }
    })
  }

  private async abort(replay: Replay, reason: unknown): Promise<void> {
    replay.givenUp = true
    // The state must not be closed, or replayed anew, while a chunk is written to it.
    await Promise.allSettled([replay.applying])
    this.finish(replay, () => replay.failed(reason))
  }

  /** Takes the next chunk of a partition, if there is one and none is in hand. */
  private goOn(replay: Replay): void {
    const { plan } = replay
    if (replay.givenUp || replay.applying !== undefined || this.replays.get(keyOf(plan)) !== replay) return
    try {
      const chunk = this.fetcher.take(plan.topic, plan.partition)
      if (chunk === undefined) return
      this.write(replay, this.apply(replay, chunk))
    } catch (error) {
      if (plan.trimmed && isBelowStart(error)) this.skip(replay, error.logStartOffset)
      else this.finish(replay, () => replay.failed(error))
    }
  }

  /**
   * Goes on where the log begins now. A process that had the task before, or believes that it has it, may delete records
   * of expired windows until it has heard of its successor.
   */
  private skip(replay: Replay, start: number): void {
    const { plan, state } = replay
    if (start < plan.to) this.fetcher.add(plan.topic, plan.partition, start)
    else this.write(replay, this.reach(replay, start, state.beginRestore(plan.store)))
  }

  private write(replay: Replay, applying: Promise<void>): void {
    replay.applying = applying.then(
      () => {
        replay.applying = undefined
        this.goOn(replay)
      },
      (error: unknown) => this.finish(replay, () => replay.failed(error)),
    )
  }

  private async apply(replay: Replay, chunk: FetchedChunk): Promise<void> {
    const { state, plan, cursor } = replay
    await nextTurn()
    const batch = state.beginRestore(plan.store)
    cursor.open(chunk)
    const before = replay.records
    while (cursor.next()) {
      if (cursor.offset >= plan.to) continue
      for (let missing = add(cursor, batch); missing !== undefined; missing = add(cursor, batch)) {
        await Promise.race([missing.ready, replay.left])
        if (replay.givenUp) return
      }
      if ((++replay.records - before) % SLICE_RECORDS === 0) await nextTurn()
    }
    this.recordsRestored += replay.records - before
    await this.reach(replay, Math.min(cursor.nextOffset, plan.to), batch)
  }

  private async reach(replay: Replay, position: number, batch: StoreRestore): Promise<void> {
    await batch.write(position)
    replay.position = position
    if (position >= replay.plan.to) this.finish(replay, () => replay.done(replay.records))
  }

  private finish({ plan }: Replay, settle: () => void): void {
    if (!this.replays.delete(keyOf(plan))) return
    this.fetcher.remove(plan.topic, plan.partition)
    settle()
  }
}

const isBelowStart = (error: unknown): error is OffsetOutOfRangeError =>
  error instanceof OffsetOutOfRangeError && error.offset < error.logStartOffset

const keyOf = ({ topic, partition }: ChangelogRestore): string => topicPartitionKey(topic, partition)

/** Adds a record to a batch; returns what it cannot be read without yet. */
function add(record: ChangelogRecord, batch: StoreRestore): SchemaPendingError | undefined {
  try {
    batch.add(record)
    return undefined
  } catch (error) {
    if (error instanceof SchemaPendingError) return error
    throw error
  }
}
