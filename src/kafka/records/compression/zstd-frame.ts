import { DecompressionError } from './compressed-size.js'

const FRAME_MAGIC = 0xfd2fb528
const MAX_BLOCK_BYTES = 128 * 1024
const RLE_BLOCK = 1
const RESERVED_BLOCK = 3
/** Bytes of the content size field by its code in the frame descriptor, in frames of several segments. */
const CONTENT_SIZE_BYTES = [0, 2, 4, 8]
const DICTIONARY_ID_BYTES = [0, 1, 2, 4]

/** The content size in the frame header: little-endian; two bytes count from 256. */
const contentSize = (source: Buffer, at: number, bytes: number): number => {
  if (bytes === 8) return source.readUInt32LE(at) + source.readUInt32LE(at + 4) * 0x1_0000_0000
  return source.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0)
}

/** Most bytes that the blocks of a frame can take, by their headers; checks that the frame ends where `source` does. */
const blocksBound = (source: Buffer, firstBlock: number, checksumBytes: number): number => {
  let bound = 0
  let at = firstBlock
  for (let last = false; !last; ) {
    if (at + 3 > source.length) throw new DecompressionError('zstd frame without a last block')
    const header = source.readUIntLE(at, 3)
    const type = (header >>> 1) & 3
    const size = header >>> 3
    if (type === RESERVED_BLOCK || size > MAX_BLOCK_BYTES) {
      throw new DecompressionError(`zstd block of type ${type} and size ${size}`)
    }
    last = (header & 1) !== 0
    bound += type > RLE_BLOCK ? MAX_BLOCK_BYTES : size
    at += 3 + (type === RLE_BLOCK ? 1 : size)
  }
  if (at + checksumBytes !== source.length) {
    throw new DecompressionError(`zstd frame of ${at + checksumBytes} bytes in ${source.length}`)
  }
  return bound
}

/**
 * The size of a zstd frame's content, or, where the frame does not tell (Java's streams do not), the most that its
 * blocks can hold. Source: RFC 8878, section 3.1.1.
 */
export const zstdSizeBound = (source: Buffer): number => {
  if (source.length < 6 || source.readUInt32LE(0) !== FRAME_MAGIC)
    throw new DecompressionError('no zstd frame')
  const descriptor = source[4]!
  const singleSegment = (descriptor & 0x20) !== 0
  const sizeCode = descriptor >>> 6
  const sizeBytes = singleSegment && sizeCode === 0 ? 1 : CONTENT_SIZE_BYTES[sizeCode]!
  const sizeAt = 5 + (singleSegment ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3]!
  if (sizeAt + sizeBytes > source.length) throw new DecompressionError('zstd frame header cut off')
  const bound = blocksBound(source, sizeAt + sizeBytes, (descriptor & 0x04) !== 0 ? 4 : 0)
  if (sizeBytes === 0) return bound
  const size = contentSize(source, sizeAt, sizeBytes)
  if (size > bound)
    throw new DecompressionError(`zstd frame claims ${size} bytes, its blocks hold at most ${bound}`)
  return size
}
