import { MalformedResponseError } from '../protocol/wire-reader.js'
import {
  BATCH_HEADER_BYTES,
  BATCH_LENGTH_AT,
  LAST_OFFSET_DELTA_AT,
  LOG_OVERHEAD_BYTES,
  readInt64,
} from '../records/record-batch-format.js'

/** Where the complete record batches of a fetched range end, found from their headers alone. */
export class BatchBoundaries {
  /** End of the last complete batch; the start where there is none. */
  end = 0
  /** The offset after the last complete batch: past what compaction removed and past control batches. */
  nextOffset = 0

  /**
   * Walks over the batches of `buffer[start, end)`; the last one may be cut off.
   *
   * @param fetchOffset the offset that was asked for
   * @throws MalformedResponseError where the bytes are no batches
   */
  scan(buffer: Buffer, start: number, end: number, fetchOffset: number): void {
    let at = start
    let last = -1
    while (at + LOG_OVERHEAD_BYTES <= end) {
      const size = buffer.readInt32BE(at + BATCH_LENGTH_AT) + LOG_OVERHEAD_BYTES
      if (size < BATCH_HEADER_BYTES) throw new MalformedResponseError(`record batch of ${size} bytes`)
      if (at + size > end) break
      last = at
      at += size
    }
    this.end = at
    this.nextOffset =
      last < 0 ? fetchOffset : readInt64(buffer, last) + buffer.readInt32BE(last + LAST_OFFSET_DELTA_AT) + 1
  }
}
