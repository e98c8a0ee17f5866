import type { Fetcher } from '../kafka/consumer/fetcher.js'
import type { FetchedChunk } from '../kafka/records/fetched-chunk.js'
import { RecordCursor } from '../kafka/records/record-cursor.js'
import { topicPartitionKey } from '../kafka/topic-partition.js'
import type { TaskState } from '../state/task-state.js'

/** A changelog partition to be replayed into a store. */
export interface ChangelogRestore {
  readonly store: string
  /** Its name in Kafka. */
  readonly topic: string
  readonly partition: number
  readonly from: number
  /** The changelog's high watermark when the task was assigned. */
  readonly to: number
}

interface Replay {
  readonly state: TaskState
  readonly plan: ChangelogRestore
  readonly done: (records: number) => void
  readonly failed: (error: unknown) => void
  records: number
  /** Settles when the chunk in hand is written. */
  applying: Promise<void> | undefined
}

/**
 * Replays changelogs into local stores, of all tasks of a thread that need it, a chunk at a time: between chunks
 * the thread processes, heartbeats and commits as ever.
 */
export class Restorer {
  private readonly replays = new Map<string, Replay>()
  private readonly cursor = new RecordCursor()
  /** Records replayed since the thread began. */
  recordsRestored = 0
  private pumping = false

  /** @param fetcher reads committed records on a channel of its own */
  constructor(private readonly fetcher: Fetcher) {
    fetcher.onAvailable = () => this.pump()
  }

  /**
   * Replays one changelog partition; resolves with the number of records when the store has all of it up to the
   * target, rejects with the signal's reason when the task leaves before.
   */
  restore(state: TaskState, plan: ChangelogRestore, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted()
    if (plan.from >= plan.to) return Promise.resolve(0)
    return new Promise((done, failed) => {
      const replay: Replay = { state, plan, done, failed, records: 0, applying: undefined }
      this.replays.set(topicPartitionKey(plan.topic, plan.partition), replay)
      this.fetcher.add(plan.topic, plan.partition, plan.from)
      const abort = async (): Promise<void> => {
        // The state must not be closed, or replayed anew, while a chunk is written to it.
        await Promise.allSettled([replay.applying])
        this.finish(replay, () => failed(signal.reason))
      }
      signal.addEventListener('abort', () => void abort(), { once: true })
    })
  }

  private pump(): void {
    if (this.pumping) return
    this.pumping = true
    setImmediate(() => void this.replayChunk())
  }

  /** Replays one chunk, then lets the event loop turn before the next. */
  private async replayChunk(): Promise<void> {
    let worked = false
    for (const replay of this.replays.values()) {
      try {
        const chunk = this.fetcher.take(replay.plan.topic, replay.plan.partition)
        if (chunk === undefined) continue
        worked = true
        replay.applying = this.apply(replay, chunk)
        await replay.applying
      } catch (error) {
        this.finish(replay, () => replay.failed(error))
      }
    }
    this.pumping = false
    if (worked) this.pump()
  }

  private async apply(replay: Replay, chunk: FetchedChunk): Promise<void> {
    const { cursor } = this
    const { state, plan } = replay
    cursor.open(chunk)
    const batch = state.beginRestore(plan.store)
    while (cursor.next()) {
      batch.add(cursor)
      replay.records++
      this.recordsRestored++
    }
    const position = cursor.nextOffset
    await batch.write(position)
    if (position >= plan.to) this.finish(replay, () => replay.done(replay.records))
  }

  private finish({ plan }: Replay, settle: () => void): void {
    if (!this.replays.delete(topicPartitionKey(plan.topic, plan.partition))) return
    this.fetcher.remove(plan.topic, plan.partition)
    settle()
  }
}
