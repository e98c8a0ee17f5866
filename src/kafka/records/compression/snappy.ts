import { createRequire } from 'node:module'
import { checkUncompressedSize, DecompressionError } from './compressed-size.js'

type Snappy = typeof import('snappy')

let library: Snappy | undefined

/** Loaded at first use: who does not use snappy needs no binary of it. */
const snappy = (): Snappy => {
  library ??= createRequire(import.meta.url)('snappy') as Snappy
  return library
}

/**
 * The stream format of snappy-java (Xerial), which Java clients write and read: a magic, two versions, then blocks,
 * each with its length.
 */
const STREAM_HEADER = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])
const MAGIC_BYTES = 8
const BLOCK_BYTES = 64 * 1024
/** A copy of 64 bytes takes at least three, so a block that claims to grow by more is malformed. */
const MAX_RATIO = 22

export const compressSnappy = (source: Buffer): Buffer => {
  const parts: Buffer[] = [STREAM_HEADER]
  for (let at = 0; at < source.length; at += BLOCK_BYTES) {
    const block = snappy().compressSync(source.subarray(at, at + BLOCK_BYTES))
    const length = Buffer.allocUnsafe(4)
    length.writeInt32BE(block.length)
    parts.push(length, block)
  }
  return Buffer.concat(parts)
}

/** The size that a block's preamble gives. */
const uncompressedSize = (block: Buffer): number => {
  let size = 0
  for (let index = 0; index < 5 && index < block.length; index++) {
    const byte = block[index]!
    size += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) {
      if (size > block.length * MAX_RATIO) {
        throw new DecompressionError(`snappy block of ${block.length} bytes claims ${size} uncompressed`)
      }
      return size
    }
  }
  throw new DecompressionError('snappy block without a size')
}

const decompressBlock = (block: Buffer): Buffer =>
  snappy().uncompressSync(block, { asBuffer: true }) as Buffer

/** The blocks of a stream; some clients write a single block without the stream format. */
const blocksOf = (source: Buffer): Buffer[] => {
  if (source.length < MAGIC_BYTES || source.compare(STREAM_HEADER, 0, MAGIC_BYTES, 0, MAGIC_BYTES) !== 0)
    return [source]
  const blocks: Buffer[] = []
  let at = STREAM_HEADER.length
  while (at < source.length) {
    const length = at + 4 <= source.length ? source.readInt32BE(at) : -1
    if (length < 0 || at + 4 + length > source.length) {
      throw new DecompressionError(`snappy block at ${at} does not fit in ${source.length} bytes`)
    }
    blocks.push(source.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return blocks
}

export const decompressSnappy = (source: Buffer, maxBytes: number): Buffer => {
  const blocks = blocksOf(source)
  let size = 0
  for (const block of blocks) size += uncompressedSize(block)
  checkUncompressedSize(size, maxBytes)
  return blocks.length === 1 ? decompressBlock(blocks[0]!) : Buffer.concat(blocks.map(decompressBlock), size)
}
