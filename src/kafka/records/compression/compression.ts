import { compressGzip, decompressGzip } from './gzip.js'
import { compressLz4, decompressLz4 } from './lz4.js'
import { compressSnappy, decompressSnappy } from './snappy.js'
import { compressZstd, decompressZstd, loadZstd } from './zstd.js'

/** Kafka's `compression.type` values. */
export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** Compresses the records of a batch. The result is a buffer of its own. */
export type Compressor = (source: Buffer) => Buffer

/**
 * Restores the records of a batch. Throws where `source` is malformed or would take more than `maxBytes`; never
 * allocates more than that.
 */
export type Decompressor = (source: Buffer, maxBytes: number) => Buffer

const identity: Compressor & Decompressor = (source) => source

/** The compression types by their code in a batch's attributes. */
export const COMPRESSIONS: readonly Compression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

const compressors: Readonly<Record<Compression, Compressor>> = {
  none: identity,
  gzip: compressGzip,
  snappy: compressSnappy,
  lz4: compressLz4,
  zstd: compressZstd,
}

const decompressors: Readonly<Record<Compression, Decompressor>> = {
  none: identity,
  gzip: decompressGzip,
  snappy: decompressSnappy,
  lz4: decompressLz4,
  zstd: decompressZstd,
}

/** The code of a compression type in a batch's attributes. */
export const compressionCode = (compression: Compression): number => COMPRESSIONS.indexOf(compression)

export const compressor = (compression: Compression): Compressor => compressors[compression]

export const decompressor = (compression: Compression): Decompressor => decompressors[compression]

/**
 * Makes every compression type usable; await it before a batch is sealed with zstd, or read. Only zstd, a WebAssembly
 * module, has to be loaded ahead, and it takes some milliseconds and megabytes: a program that never meets zstd can
 * do without this call.
 */
export const ensureCompressionReady = (): Promise<void> => loadZstd()
