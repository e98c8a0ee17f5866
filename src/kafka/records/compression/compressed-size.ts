import { CodedError } from '../../../errors/coded-error.js'

/** Compressed records that are malformed or too large; the cursor adds where they stand. */
export class DecompressionError extends CodedError {
  override readonly name = 'DecompressionError'

  constructor(message: string, options?: ErrorOptions) {
    super('DECOMPRESSION', message, options)
  }
}

/** Throws unless `bytes`, the size that compressed records claim, is at most `maxBytes`. */
export const checkUncompressedSize = (bytes: number, maxBytes: number): void => {
  if (bytes > maxBytes) {
    throw new DecompressionError(`records of ${bytes} bytes uncompressed; at most ${maxBytes} are allowed`)
  }
}
