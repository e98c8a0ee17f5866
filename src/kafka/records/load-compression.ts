import { COMPRESSIONS, ensureCompressionReady } from './compression/compression.js'
import { zstdReady } from './compression/zstd.js'
import type { FetchedChunk } from './fetched-chunk.js'
import {
  ATTRIBUTES_AT,
  BATCH_HEADER_BYTES,
  BATCH_LENGTH_AT,
  COMPRESSION_MASK,
  LOG_OVERHEAD_BYTES,
} from './record-batch-format.js'

const ZSTD_CODE = COMPRESSIONS.indexOf('zstd')

type Batches = Pick<FetchedChunk, 'buffer' | 'end'> & { readonly start?: number }

const usesZstd = ({ buffer, start = 0, end }: Batches): boolean => {
  let at = start
  while (at + BATCH_HEADER_BYTES <= end) {
    if ((buffer[at + ATTRIBUTES_AT + 1]! & COMPRESSION_MASK) === ZSTD_CODE) return true
    const size = buffer.readInt32BE(at + BATCH_LENGTH_AT) + LOG_OVERHEAD_BYTES
    if (size < BATCH_HEADER_BYTES) return false
    at += size
  }
  return false
}

/**
 * Loads what a chunk needs before a cursor can read it, so that zstd costs only who meets it. Undefined, as good as
 * always: nothing to wait for.
 */
export const loadCompressionOf = (chunk: Batches): Promise<void> | undefined =>
  !zstdReady() && usesZstd(chunk) ? ensureCompressionReady() : undefined
