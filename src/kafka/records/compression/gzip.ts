import { gunzipSync, gzipSync } from 'node:zlib'

export const compressGzip = (source: Buffer): Buffer => gzipSync(source)

export const decompressGzip = (source: Buffer, maxBytes: number): Buffer =>
  gunzipSync(source, { maxOutputLength: maxBytes })
