import { RecordBatchBuilder } from '../../src/kafka/records/record-batch-builder.js'
import { writeInt64 } from '../../src/kafka/records/record-batch-format.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'

interface StoredBatch {
  readonly baseOffset: number
  readonly endOffset: number
  readonly bytes: Buffer
}

const NO_KEY = Buffer.alloc(0)

/** One partition's log in memory: record batches whose records hold their own offset as text. */
export class SimulatedLog {
  leader = 1
  startOffset = 0
  endOffset = 0
  /** Answers for this many fetches that the offset is out of range, as a leader that has just changed may. */
  confusedFetches = 0
  private readonly batches: StoredBatch[] = []

  /** Appends a batch of `records` records whose values are padded to `valueBytes`. */
  append(records: number, valueBytes = 0): void {
    const builder = new RecordBatchBuilder()
    for (let index = 0; index < records; index++) {
      const value = Buffer.from(String(this.endOffset + index).padStart(valueBytes))
      builder.appendBytes(1000, NO_KEY, 0, -1, value, 0, value.length, NO_HEADERS)
    }
    const bytes = Buffer.from(builder.seal(-1, -1, -1, false))
    writeInt64(bytes, this.endOffset, 0)
    const baseOffset = this.endOffset
    this.endOffset += records
    this.batches.push({ baseOffset, endOffset: this.endOffset, bytes })
  }

  /** Forgets records, whole batches only, as deletion of segments does. */
  truncateStart(offset: number): void {
    this.startOffset = offset
  }

  /**
   * Bytes from the batch of `offset` on, at most `maxBytes` of them: so the last batch may be cut off. The first
   * batch is whole where `firstWhole`; a part of it alone is nothing.
   */
  read(offset: number, maxBytes: number, firstWhole: boolean): Buffer {
    const from = this.batches.filter(({ endOffset }) => endOffset > offset)
    const first = from[0]?.bytes.length ?? 0
    if (first === 0 || (first > maxBytes && !firstWhole)) return Buffer.alloc(0)
    return Buffer.concat(from.map(({ bytes }) => bytes)).subarray(0, Math.max(maxBytes, first))
  }
}
