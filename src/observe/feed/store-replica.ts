import type { ChangelogRecord } from '../../state/store-restore.js'
import { feedJson } from './feed-json.js'
import type { FeedPosition } from './feed-position.js'
import { PartitionReplica } from './partition-replica.js'
import type { ReplicaRow } from './replica-row.js'
import type { RowFormat } from './row-format.js'

/** The topic that a replica is of, as it was found when its reading began. */
export interface ReplicaTopic {
  readonly topicId: string
  /** Where the log began and ended, by partition. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** How long it keeps records of deletions, milliseconds. */
  readonly deleteRetentionMs: number
  /** When it was found, epoch milliseconds. */
  readonly foundAt: number
}

/** Why a subscriber cannot go on from where it stood. */
export type RefetchReason = 'unknown-position' | 'other-topic' | 'other-filter' | 'too-old'

/** Notes of deletions take at most this share of what a replica may. */
const NOTES_SHARE = 1 / 4
/** So much of the time that deletions are kept for is counted on: clocks differ, and who wrote an id may have lagged. */
const COUNTED_ON = 1 / 2

/** A store as its changelog tells it: all partitions, committed changes only. */
export class StoreReplica {
  readonly partitions: readonly PartitionReplica[]

  /** @param maxBytes what it is to take; more is possible, and for the reader to see */
  constructor(
    readonly format: RowFormat,
    readonly topic: ReplicaTopic,
    maxBytes: number,
  ) {
    const { starts, ends } = topic
    this.partitions = starts.map((start, partition) => {
      const replica = new PartitionReplica((maxBytes * NOTES_SHARE) / starts.length)
      replica.position = start
      // Where the log was cut off behind windows, nobody can tell which rows went with it.
      replica.floorOffset = format.windowed && start > 0 ? ends[partition]! : start
      return replica
    })
  }

  get topicId(): string {
    return this.topic.topicId
  }

  /** What it takes in memory, about. */
  get bytes(): number {
    return this.partitions.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Number of rows. */
  get size(): number {
    return this.partitions.reduce((sum, { size }) => sum + size, 0)
  }

  /** Whether it has all that there was when its reading began. */
  get complete(): boolean {
    return this.partitions.every(({ position }, partition) => position >= this.topic.ends[partition]!)
  }

  /** Takes in one record. */
  add(partition: number, record: ChangelogRecord): void {
    try {
      this.put(this.partitions[partition]!, record)
    } catch (error) {
      // Whoever processed a user's topic could not read it either, and went on.
      if (!this.format.foreign) throw error
    }
  }

  private put(replica: PartitionReplica, record: ChangelogRecord): void {
    const { format } = this
    const { offset, timestamp } = record
    const id = format.idOf(record)
    if (id === undefined) return
    const raw = format.rawValue(record)
    const { expiry } = format
    if (expiry === undefined || expiry.byLogStart) replica.put(id, raw, offset, timestamp)
    else replica.putWindowed(id, raw, offset, timestamp, format.positionOf(id), expiry.retention)
  }

  /** Notes how far a partition has been read, and where its log begins now. */
  reach(partition: number, position: number, logStart: number): void {
    const replica = this.partitions[partition]!
    replica.position = position
    if (this.format.expiry?.byLogStart === true) replica.cutOff(logStart)
  }

  /** Whether who stands at a position can go on from there; why not. */
  refusal(position: FeedPosition, filterHash: number): RefetchReason | undefined {
    const { topic, partitions } = this
    if (position.topicId !== topic.topicId) return 'other-topic'
    if (position.offsets.length !== partitions.length) return 'other-topic'
    if (position.filterHash !== filterHash) return 'other-filter'
    const forgotten = topic.foundAt - topic.deleteRetentionMs * COUNTED_ON
    const { offsets } = position
    const old = position.issuedAt < forgotten && offsets.some((offset, at) => offset < topic.ends[at]!)
    const below = offsets.some((offset, at) => offset < partitions[at]!.floorOffset)
    return old || below ? 'too-old' : undefined
  }

  /** What subscribers are told of a row. */
  messageOf(partition: number, row: ReplicaRow): string {
    if (row.message !== undefined) return row.message
    const message = this.written(row)
    this.partitions[partition]!.show(row, message)
    return message
  }

  private written({ id, raw, deleted, timestamp }: ReplicaRow): string {
    const { format } = this
    const window = format.windowOf(id)
    const at = window === undefined ? '' : `,"window":{"start":${window.start},"end":${window.end}}`
    const key = `"key":${feedJson(format.keyOf(id))}${at}`
    if (deleted) return `{"type":"delete",${key}}`
    const value = feedJson(format.shownValue(id, raw!))
    return `{"type":"upsert",${key},"value":${value},"timestamp":${timestamp}}`
  }
}
