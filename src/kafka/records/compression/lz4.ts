import { createRequire } from 'node:module'
import { checkUncompressedSize, DecompressionError } from './compressed-size.js'

type Lz4 = typeof import('lz4-napi')

let library: Lz4 | undefined

/** Loaded at first use: who does not use lz4 needs no binary of it. */
const lz4 = (): Lz4 => {
  library ??= createRequire(import.meta.url)('lz4-napi') as Lz4
  return library
}

const FRAME_MAGIC = 0x184d2204
const CONTENT_SIZE_FLAG = 0x08
const BLOCK_CHECKSUM_FLAG = 0x10
const DICTIONARY_FLAG = 0x01
/** In a block's length: the block is stored uncompressed. */
const STORED_FLAG = 0x8000_0000
/** One byte of an lz4 block stands for at most 255. */
const MAX_RATIO = 255

/** LZ4 frames (lz4_Frame_format.md) with independent blocks, as Java clients write them. */
export const compressLz4 = (source: Buffer): Buffer => lz4().compressFrameSync(source)

/** Largest uncompressed size of a block, from the frame descriptor's second byte. */
const maxBlockSize = (descriptor: number): number => {
  const code = (descriptor >>> 4) & 7
  if (code < 4) throw new DecompressionError(`lz4 frame with block size code ${code}; 4 to 7 are allowed`)
  return 1 << (8 + 2 * code)
}

/** Most bytes that a frame can take uncompressed, from its descriptor and block lengths. */
const uncompressedBound = (source: Buffer): number => {
  if (source.length < 7 || source.readUInt32LE(0) !== FRAME_MAGIC)
    throw new DecompressionError('no lz4 frame')
  const flags = source[4]!
  const blockMax = maxBlockSize(source[5]!)
  const checksum = (flags & BLOCK_CHECKSUM_FLAG) !== 0 ? 4 : 0
  let at = 7 + ((flags & CONTENT_SIZE_FLAG) !== 0 ? 8 : 0) + ((flags & DICTIONARY_FLAG) !== 0 ? 4 : 0)
  let bound = 0
  while (at + 4 <= source.length) {
    const word = source.readUInt32LE(at)
    if (word === 0) return bound
    const length = word % STORED_FLAG
    bound += word >= STORED_FLAG ? length : Math.min(blockMax, length * MAX_RATIO)
    at += 4 + length + checksum
  }
  throw new DecompressionError('lz4 frame without an end mark')
}

export const decompressLz4 = (source: Buffer, maxBytes: number): Buffer => {
  checkUncompressedSize(uncompressedBound(source), maxBytes)
  return lz4().decompressFrameSync(source)
}
