import type { RecordBatchBuilder } from '../records/record-batch-builder.js'
import type { ProduceRun } from './produce-run.js'

/** Sequences are non-negative int32: after 2^31 - 1 comes 0. */
const SEQUENCES = 2 ** 31

/** The broker recognizes a repeat among so many of a producer's last batches in a partition. */
export const RECOGNIZED_BATCHES = 5

/** One batch on its way: its sequence is fixed when it enters the lane and stays through all retries. */
export interface LaneBatch {
  readonly lane: PartitionLane
  readonly run: ProduceRun
  readonly index: number
  readonly builder: RecordBatchBuilder
  readonly sequence: number
  /** The order in the lane; sequences wrap, this does not. */
  readonly order: number
  readonly deadline: number
  /** Sealed at the first try. */
  records: Buffer | undefined
  tries: number
}

/**
 * The batches of one partition, in order. After a retriable failure nothing is sent until all that was in flight has
 * been answered; then the failed batches go first, as they were.
 */
export class PartitionLane {
  /** The node that leads the partition; undefined while it has to be found. */
  leader: number | undefined
  private recovering = false
  private waiting: LaneBatch[] = []
  private readonly failed: LaneBatch[] = []
  private readonly inFlight = new Set<LaneBatch>()
  private lastError: Error | undefined
  private nextSequence = 0
  private nextOrder = 0

  constructor(
    readonly topic: string,
    readonly partition: number,
  ) {}

  enqueue(run: ProduceRun, index: number, builder: RecordBatchBuilder, deadline: number): void {
    this.waiting.push({
      lane: this,
      run,
      index,
      builder,
      sequence: this.nextSequence,
      order: this.nextOrder++,
      deadline,
      records: undefined,
      tries: 0,
    })
    this.nextSequence = (this.nextSequence + builder.count) % SEQUENCES
  }

  /** A new identity writes: sequences start again. */
  restartSequences(): void {
    this.nextSequence = 0
  }

  /**
   * The batch that may be sent now. One that is sent again has those in the log behind it that were sent with it: no
   * more may follow before it is answered, or the broker would no longer know it at its next repeat.
   */
  get head(): LaneBatch | undefined {
    if (this.recovering || this.failed.length > 0) return undefined
    const head = this.waiting[0]
    return head === undefined || head.order - this.oldestInFlight(head) < RECOGNIZED_BATCHES
      ? head
      : undefined
  }

  private oldestInFlight({ order }: LaneBatch): number {
    let oldest = order
    for (const batch of this.inFlight) oldest = Math.min(oldest, batch.order)
    return oldest
  }

  /** The head goes into a request. */
  take(): void {
    const batch = this.waiting.shift()!
    batch.tries++
    this.inFlight.add(batch)
  }

  /** A batch was answered for good. */
  settled(batch: LaneBatch): void {
    this.inFlight.delete(batch)
  }

  /** A batch has to be sent again. */
  failedWith(batch: LaneBatch, error: Error): void {
    this.inFlight.delete(batch)
    this.failed.push(batch)
    if (!this.hasFailedBefore(batch)) this.lastError = error
  }

  /** Whether an earlier batch failed, so that this one could not be appended in sequence. */
  hasFailedBefore(batch: LaneBatch): boolean {
    return this.failed.some((other) => other.order < batch.order)
  }

  /** Whether failed batches wait and nothing is in flight any more. */
  get needsRecovery(): boolean {
    return this.failed.length > 0 && this.inFlight.size === 0
  }

  /** Puts the failed batches back to the front, in order, and holds the lane until `recovered`; tells what failed first. */
  startRecovery(): { error: Error; tries: number } {
    this.recovering = true
    const again = this.failed.splice(0).sort((a, b) => a.order - b.order)
    this.waiting = [...again, ...this.waiting]
    return { error: this.lastError!, tries: again[0]!.tries }
  }

  recovered(): void {
    this.recovering = false
  }

  /** Gives up everything that is not in flight. */
  drop(error: Error): void {
    for (const batch of [...this.failed.splice(0), ...this.waiting.splice(0)]) batch.run.failed(error)
  }
}
