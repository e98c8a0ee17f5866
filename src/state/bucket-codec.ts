import type { ByteWriter } from '../serdes/byte-writer.js'
import { INT64_BYTES, readInt64 } from './row-layout.js'

/*
 * A bucket on disk is its spans one after the other:
 *
 *   start (8), end (8), timestamp (8), length of the value (4), value
 */
const HEAD_BYTES = 3 * INT64_BYTES + 4

/** A span as it lies in a bucket's bytes. */
export interface EncodedSpan {
  readonly start: number
  readonly end: number
  readonly timestamp: number
  readonly valueStart: number
  readonly valueEnd: number
}

/** Writes what comes before a span's value; the value's length is filled in by {@link endSpan}. */
export function beginSpan(target: ByteWriter, start: number, end: number, timestamp: number): void {
  target.writeInt64(start)
  target.writeInt64(end)
  target.writeInt64(timestamp)
  target.writeInt32(0)
}

/** Ends a span whose value began at `valueStart`. */
export function endSpan(target: ByteWriter, valueStart: number): void {
  target.buffer.writeInt32BE(target.position - valueStart, valueStart - 4)
}

/** The spans in the bytes of a bucket. */
export function* encodedSpans(source: Buffer, from: number): IterableIterator<EncodedSpan> {
  for (let at = from; at < source.length; ) {
    const valueStart = at + HEAD_BYTES
    const valueEnd = valueStart + source.readInt32BE(valueStart - 4)
    yield {
      start: readInt64(source, at),
      end: readInt64(source, at + INT64_BYTES),
      timestamp: readInt64(source, at + 2 * INT64_BYTES),
      valueStart,
      valueEnd,
    }
    at = valueEnd
  }
}
