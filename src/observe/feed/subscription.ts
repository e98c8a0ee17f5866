import type { FeedBatch } from './feed-batch.js'
import type { FeedFilter } from './feed-filter.js'
import { encodePosition, type FeedPosition } from './feed-position.js'
import type { PartitionReplica } from './partition-replica.js'
import type { ReplicaRow } from './replica-row.js'
import type { RefetchReason, StoreReplica } from './store-replica.js'

/** What a subscription has come to. */
export interface SubscriptionCounts {
  /** Changes that were never sent since a later one of the same key had taken their place. */
  conflated: number
  /** Snapshots that had to be sent anew. */
  refetches: number
}

/**
 * How far a subscriber has come through the changes of a replica. It keeps no changes: however slow it is, what it has not
 * been sent is in the replica, each row once, as it is now.
 *
 * `snapshot`, rows, `up-to-date`, changes; or, from a position on, changes, `up-to-date`, changes. Where changes are not known
 * any more, `must-refetch` and a snapshot.
 */
export class Subscription {
  /** The next change, by partition. */
  private cursors: number[] = []
  /** The change to be reached for being up to date, by partition. */
  private marks: readonly number[] = []
  /** The offsets that the subscriber began with: the replica may be behind them. */
  private had: readonly number[] = []
  /** What is to be said first. */
  private head: string[] = []
  private upToDate = false
  /** Whether the rows up to the marks are all that the subscriber knows. */
  private fresh = true

  /**
   * @param from where the subscriber stands; `unknown-position`: it says something that nobody told it
   * @param now the wall clock, epoch milliseconds
   */
  constructor(
    private replica: StoreReplica,
    private readonly filter: FeedFilter,
    from: FeedPosition | 'unknown-position' | undefined,
    readonly counts: SubscriptionCounts,
    private readonly now: () => number,
  ) {
    const refusal = typeof from === 'object' ? replica.refusal(from, filter.hash) : from
    if (refusal !== undefined) this.refetch(refusal)
    else if (typeof from === 'object') this.resume(from.offsets)
    else this.begin()
  }

  /** Goes on with another replica: the topic was made anew, or had to be read anew. */
  restart(replica: StoreReplica): void {
    const same = replica.topicId === this.replica.topicId
    this.replica = replica
    this.refetch(same ? 'too-old' : 'other-topic')
  }

  private resume(offsets: readonly number[]): void {
    const { partitions } = this.replica
    this.cursors = partitions.map((partition, at) => partition.changeAt(offsets[at]!))
    this.marks = partitions.map(({ end }) => end)
    this.had = offsets
    this.fresh = false
  }

  private refetch(reason: RefetchReason): void {
    this.counts.refetches++
    this.begin()
    this.head.unshift(`{"type":"must-refetch","reason":"${reason}"}`)
  }

  private begin(): void {
    const { partitions } = this.replica
    this.cursors = partitions.map(() => 0)
    this.marks = partitions.map(({ end }) => end)
    this.had = partitions.map(() => 0)
    this.head = ['{"type":"snapshot"}']
    this.upToDate = false
    this.fresh = true
  }

  /** Puts what comes next into a batch. @returns whether there is more */
  take(batch: FeedBatch): boolean {
    if (this.isLost()) this.refetch('too-old')
    for (const message of this.head.splice(0)) batch.push(message)
    if (!this.upToDate) {
      if (!this.advance(batch, this.marks)) {
        if (!this.fresh) batch.id = this.id
        return true
      }
      this.upToDate = true
      this.fresh = false
      batch.push(`{"type":"up-to-date","id":"${this.id}"}`)
    }
    const ends = this.replica.partitions.map(({ end }) => end)
    const done = this.advance(batch, ends)
    batch.id = this.id
    return !done
  }

  /** Whether deletions are forgotten that the subscriber was not told of. */
  private isLost(): boolean {
    return this.replica.partitions.some(({ floor }, at) => {
      // A row that was gone when the snapshot began is not in it.
      const known = this.fresh ? Math.max(this.cursors[at]!, this.marks[at]!) : this.cursors[at]!
      return floor > known
    })
  }

  /** Where the subscriber stands; undefined: in the middle of a snapshot, or before it. */
  get position(): string | undefined {
    return this.fresh ? undefined : this.id
  }

  private get id(): string {
    const { replica, cursors, had, filter } = this
    const offsets = replica.partitions.map((partition, at) =>
      Math.max(partition.offsetAt(cursors[at]!), had[at]!),
    )
    const { topicId } = replica
    return encodePosition({ topicId, filterHash: filter.hash, issuedAt: this.now(), offsets })
  }

  /** Goes on up to changes, by partition; false: the batch is full before. */
  private advance(batch: FeedBatch, limits: readonly number[]): boolean {
    for (const [at, partition] of this.replica.partitions.entries()) {
      const limit = limits[at]!
      if (this.cursors[at]! >= limit) continue
      const done = this.filter.onlyKeys
        ? this.lookUp(batch, partition, at, limit)
        : this.scan(batch, partition, at, limit)
      if (!done) return false
      this.cursors[at] = limit
    }
    return true
  }

  private scan(batch: FeedBatch, partition: PartitionReplica, at: number, limit: number): boolean {
    let next = this.cursors[at]!
    for (const row of partition.changes(next, limit)) {
      if (batch.full) {
        this.cursors[at] = row.sequence
        return false
      }
      if (!this.fresh) this.counts.conflated += row.sequence - next
      next = row.sequence + 1
      batch.look()
      if (this.filter.matches(row.id)) this.tell(batch, at, row)
    }
    if (!this.fresh) this.counts.conflated += limit - next
    return true
  }

  /** A few keys among many changes. */
  private lookUp(batch: FeedBatch, partition: PartitionReplica, at: number, limit: number): boolean {
    if (batch.full) return false
    const from = this.cursors[at]!
    const rows: ReplicaRow[] = []
    for (const id of this.filter.keyIds!) {
      const row = partition.get(id)
      if (row !== undefined && row.sequence >= from && row.sequence < limit) rows.push(row)
    }
    for (const row of rows.sort((a, b) => a.sequence - b.sequence)) this.tell(batch, at, row)
    return true
  }

  private tell(batch: FeedBatch, at: number, row: ReplicaRow): void {
    const unknown = (this.fresh && row.deleted) || row.offset < this.had[at]!
    if (!unknown) batch.push(this.replica.messageOf(at, row))
  }
}
