/** Compressed records that are malformed or too large; the cursor adds where they stand. */
export class DecompressionError extends Error {
  override readonly name = 'DecompressionError'
}

/** Throws unless `bytes`, the size that compressed records claim, is at most `maxBytes`. */
export const checkUncompressedSize = (bytes: number, maxBytes: number): void => {
  if (bytes > maxBytes) {
    throw new DecompressionError(`records of ${bytes} bytes uncompressed; at most ${maxBytes} are allowed`)
  }
}
