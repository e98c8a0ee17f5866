import type { FetchedChunk } from '../kafka/records/fetched-chunk.js'
import type { RecordBatchHeader } from '../kafka/records/record-batch-header.js'
import type { BatchListener } from '../kafka/records/record-cursor.js'
import type { InputTopicCount } from './topic-counts.js'

/** Batches beyond so many in one epoch are taken for one: the latest counts for all of them. */
const MAX_BATCHES = 256

interface ReadBatch {
  /** The greatest of its records, epoch milliseconds; -1: they have none. */
  timestamp: number
  /** As `performance.now()`. */
  arrivedAt: number
  records: number
}

/** Batches that an epoch covers. */
export class CoveredBatches {
  constructor(
    private readonly batches: readonly ReadBatch[],
    private readonly count: InputTopicCount,
  ) {}

  /** The epoch is committed: takes note of how long that took. */
  committed(wallTime: number): void {
    const now = performance.now()
    for (const { timestamp, arrivedAt, records } of this.batches) {
      this.count.committed(records, timestamp < 0 ? undefined : wallTime - timestamp, now - arrivedAt)
    }
  }
}

/** The batches of one input that were read and are not committed. Counts what is read, batch by batch. */
export class UncommittedBatches implements BatchListener {
  private batches: ReadBatch[] = []

  constructor(private readonly count: InputTopicCount) {}

  chunkBegun({ start, end }: FetchedChunk): void {
    this.count.bytes += end - start
  }

  batchBegun({ maxTimestamp }: RecordBatchHeader, records: number, { arrivedAt }: FetchedChunk): void {
    this.count.records += records
    const { batches } = this
    const last = batches.at(-1)
    const same = last?.timestamp === maxTimestamp && last.arrivedAt === arrivedAt
    if (last === undefined || !(same || batches.length === MAX_BATCHES)) {
      batches.push({ timestamp: maxTimestamp, arrivedAt, records })
      return
    }
    last.timestamp = maxTimestamp
    last.arrivedAt = arrivedAt
    last.records += records
  }

  /** Hands over those of an epoch that ends. @param unfinished whether records of the last batch are still to be processed */
  cover(unfinished: boolean): CoveredBatches {
    const { batches } = this
    const last = unfinished ? batches.pop() : undefined
    this.batches = last === undefined ? [] : [last]
    return new CoveredBatches(batches, this.count)
  }
}
