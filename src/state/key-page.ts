import type { ByteWriter } from '../serdes/byte-writer.js'

/** Written by no batch as it is now. */
export const CHANGED = Number.POSITIVE_INFINITY
const LENGTH_BYTES = 4

/** A run of keys in order, latin1 strings. They are in memory, or on disk only. */
export class KeyPage {
  /** Undefined: they are on disk only. */
  keys: string[] | undefined
  count: number
  /** Bytes of all keys. */
  bytes: number
  /** Its number on disk; -1: none. */
  number = -1
  /** The epoch in whose batch it is as it is now. */
  writtenIn = CHANGED
  /** Used since the clock hand passed. */
  referenced = true

  constructor(
    /** No key of the page is before it, and none of the page before is at it or after. */
    public first: string,
    keys: string[],
  ) {
    this.keys = keys
    this.count = keys.length
    this.bytes = bytesOf(keys)
  }

  /** Takes the second half out. */
  split(keys: string[]): KeyPage {
    const second = keys.splice(keys.length >> 1)
    this.count = keys.length
    this.bytes = bytesOf(keys)
    return new KeyPage(second[0]!, second)
  }
}

function bytesOf(keys: readonly string[]): number {
  let bytes = 0
  for (const { length } of keys) bytes += length
  return bytes
}

/** Writes keys one after the other, each behind its length. */
export function encodeKeys(keys: readonly string[], target: ByteWriter): void {
  for (const key of keys) {
    target.writeInt32(key.length)
    target.ensure(key.length)
    target.position += target.buffer.write(key, target.position, 'latin1')
  }
}

export function decodeKeys(source: Buffer): string[] {
  const keys: string[] = []
  for (let at = 0; at < source.length; ) {
    const start = at + LENGTH_BYTES
    at = start + source.readInt32BE(start - LENGTH_BYTES)
    keys.push(source.toString('latin1', start, at))
  }
  return keys
}
