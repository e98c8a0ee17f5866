import type { ByteWriter } from '../serdes/byte-writer.js'
import { afterPrefix, type KeyRange } from './state-database.js'

/*
 * Keys on disk begin with the store's number (2 bytes) and the kind of row (1 byte):
 *
 *   store, ROW, key                          -> timestamp (8), value      key-value stores
 *   store, ROW, window start (8), key        -> timestamp (8), value      window stores
 *   store, WINDOW, window start (8)          -> changelog offset (8)      windows that have rows
 *   store, PAGE, number (4)                 -> keys in order           of one process, when memory is short
 *   0, CHECKPOINT                            -> JSON                      of the task
 *
 * Numbers are big-endian: the rows of a window lie together, windows in order of time.
 */
export const ROW = 1
export const WINDOW = 2
export const PAGE = 3

export const PREFIX_BYTES = 3
export const INT64_BYTES = 8
/** Where the value begins in a row's value on disk. */
export const VALUE_OFFSET = INT64_BYTES

/** Key of the task's checkpoint: store number 0 is the task itself. */
export const CHECKPOINT_KEY = Buffer.from([0, 0, 1])

export function writePrefix(target: ByteWriter, storeId: number, kind: number): void {
  target.ensure(PREFIX_BYTES)
  const { buffer } = target
  buffer[target.position++] = storeId >>> 8
  buffer[target.position++] = storeId & 0xff
  buffer[target.position++] = kind
}

/** All rows of one kind of a store. */
export function kindRange(storeId: number, kind: number): KeyRange {
  const start = Buffer.from([storeId >>> 8, storeId & 0xff, kind])
  return { start, end: afterPrefix(start) }
}

/** Rows of a kind with a window start from `from` to `to`, both included. */
export function windowRange(storeId: number, kind: number, from: number, to: number): KeyRange {
  const { start: prefix } = kindRange(storeId, kind)
  return {
    start: Buffer.concat([prefix, int64(from)]),
    end: afterPrefix(Buffer.concat([prefix, int64(to)])),
  }
}

/** Everything of a store. */
export function storeRange(storeId: number): KeyRange {
  const start = Buffer.from([storeId >>> 8, storeId & 0xff])
  return { start, end: afterPrefix(start) }
}

/** A safe integer in 8 bytes. */
export function int64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(INT64_BYTES)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

/** Reads a safe integer of 8 bytes. */
export const readInt64 = (source: Buffer, at: number): number =>
  source.readInt32BE(at) * 0x1_0000_0000 + source.readUInt32BE(at + 4)
