import { CorruptRecordError, type RecordPosition } from '../records/record-batch-errors.js'
import {
  BATCH_HEADER_BYTES,
  BATCH_LENGTH_AT,
  LAST_OFFSET_DELTA_AT,
  LOG_OVERHEAD_BYTES,
  readInt64,
} from '../records/record-batch-format.js'

/** Where the complete record batches of a fetched range end, found from their headers alone. */
export class BatchBoundaries {
  /** End of the last complete batch. */
  end = 0
  /** The offset after the last complete batch: past what compaction removed and past control batches. */
  nextOffset = 0

  /**
   * Walks over the batches of `buffer[start, end)` as far as they are whole.
   *
   * @param fetched what was asked for
   * @throws CorruptRecordError where the first one is not, or they do not lead on from there
   */
  scan(buffer: Buffer, start: number, end: number, fetched: RecordPosition): void {
    let at = start
    let last = -1
    while (at + LOG_OVERHEAD_BYTES <= end) {
      const size = buffer.readInt32BE(at + BATCH_LENGTH_AT) + LOG_OVERHEAD_BYTES
      // What comes behind a good batch is judged when it is asked for: so the good one is delivered first.
      if (size < BATCH_HEADER_BYTES || at + size > end) break
      last = at
      at += size
    }
    if (last < 0) {
      // A broker sends the first batch whole, however large it is (KIP-74), or nothing.
      const { offset } = fetched
      throw new CorruptRecordError(
        fetched,
        `no complete batch in ${end - start} bytes fetched from ${offset}`,
      )
    }
    this.end = at
    this.nextOffset = readInt64(buffer, last) + buffer.readInt32BE(last + LAST_OFFSET_DELTA_AT) + 1
    if (this.nextOffset <= fetched.offset) {
      throw new CorruptRecordError(fetched, `the batches fetched from there end before ${this.nextOffset}`)
    }
  }
}
