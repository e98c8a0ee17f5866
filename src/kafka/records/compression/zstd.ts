import { CodedError } from '../../../errors/coded-error.js'
import { checkUncompressedSize, DecompressionError } from './compressed-size.js'
import { zstdSizeBound } from './zstd-frame.js'

type Zstd = typeof import('@bokuweb/zstd-wasm')

let library: Zstd | undefined
let loading: Promise<void> | undefined

const load = async (): Promise<void> => {
  const zstd = await import('@bokuweb/zstd-wasm')
  await zstd.init()
  library = zstd
}

/** Whether zstd can be used. */
export const zstdReady = (): boolean => library !== undefined

/** Loads zstd, a WebAssembly module: compiling one is asynchronous. */
export const loadZstd = (): Promise<void> => {
  loading ??= load()
  return loading
}

/** Thrown where zstd is used before `loadZstd`. */
export class ZstdNotLoadedError extends CodedError {
  override readonly name = 'ZstdNotLoadedError'

  constructor() {
    super('ZSTD_NOT_LOADED', 'zstd is used before it is loaded: await ensureCompressionReady() first')
  }
}

const zstd = (): Zstd => {
  if (library === undefined) throw new ZstdNotLoadedError()
  return library
}

/** zstd's own default, which is also that of Kafka's `compression.zstd.level`. */
const LEVEL = 3

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const compressZstd = (source: Buffer): Buffer => asBuffer(zstd().compress(source, LEVEL))

export const decompressZstd = (source: Buffer, maxBytes: number): Buffer => {
  const { decompress } = zstd()
  const bound = zstdSizeBound(source)
  checkUncompressedSize(bound, maxBytes)
  try {
    return asBuffer(decompress(source, { defaultHeapSize: bound }))
  } catch (cause) {
    throw new DecompressionError('malformed zstd frame', { cause })
  }
}
