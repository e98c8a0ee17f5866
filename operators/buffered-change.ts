import { ByteWriter } from '../src/serdes/byte-writer.js'
import { NO_HEADERS, type RecordHeader, type RecordHeaders } from '../src/serdes/record-headers.js'
import type { Serde } from '../src/serdes/serde.js'
import { SerdeError } from '../src/serdes/serde-error.js'
import type { TimeOrder } from '../src/state/store.js'
import type { Change } from './change.js'

/** A change that waits to be handed on. */
export interface BufferedChange<V> extends Change<V> {
  /** What decides when it is handed on: the end of its window, or when the first change of its row came. */
  readonly time: number
  readonly headers: RecordHeaders
  /** Handed on already, as the last word on its row: kept while another could come. */
  readonly final: boolean
}

const HAS_NEW = 1
const HAS_OLD = 2
const FINAL = 4

class BufferedChangeSerde<V> implements Serde<BufferedChange<V>> {
  readonly name: string

  constructor(private readonly inner: Serde<V>) {
    this.name = `buffered(${inner.name})`
  }

  serialize({ time, headers, newValue, oldValue, final }: BufferedChange<V>, target: ByteWriter): void {
    target.writeInt64(time)
    target.writeInt8(
      (newValue === null ? 0 : HAS_NEW) | (oldValue === null ? 0 : HAS_OLD) | (final ? FINAL : 0),
    )
    target.writeInt32(headers.length)
    for (const { key, value } of headers) {
      writeSized(target, () => target.writeUtf8(key))
      if (value === null) target.writeInt32(-1)
      else writeSized(target, () => target.writeBytes(value))
    }
    if (newValue !== null) writeSized(target, () => this.inner.serialize(newValue, target))
    if (oldValue !== null) writeSized(target, () => this.inner.serialize(oldValue, target))
  }

  deserialize(source: Buffer, start: number, end: number): BufferedChange<V> {
    const reader = new SizedReader(source, start, end, this.name)
    const time = reader.int64()
    const flags = reader.int8()
    const headers = reader.headers()
    const { inner } = this
    const value = (flag: number): V | null =>
      (flags & flag) === 0 ? null : reader.sized((from, to) => inner.deserialize(source, from, to))
    return {
      time,
      headers,
      newValue: value(HAS_NEW),
      oldValue: value(HAS_OLD),
      final: (flags & FINAL) !== 0,
    }
  }
}

/** Writes what `write` writes, behind its length. */
function writeSized(target: ByteWriter, write: () => void): void {
  const at = target.position
  target.writeInt32(0)
  write()
  target.buffer.writeInt32BE(target.position - at - 4, at)
}

class SizedReader {
  constructor(
    private readonly source: Buffer,
    private position: number,
    private readonly end: number,
    private readonly serde: string,
  ) {}

  int8(): number {
    return this.source[this.take(1)]!
  }

  int64(): number {
    const at = this.take(8)
    return this.source.readInt32BE(at) * 0x1_0000_0000 + this.source.readUInt32BE(at + 4)
  }

  headers(): RecordHeaders {
    const count = this.source.readInt32BE(this.take(4))
    if (count === 0) return NO_HEADERS
    return Array.from({ length: count }, () => this.header())
  }

  /** Reads what stands behind its length. */
  sized<T>(read: (start: number, end: number) => T): T {
    const start = this.take(this.length())
    return read(start, this.position)
  }

  private header(): RecordHeader {
    const key = this.sized((start, end) => this.source.toString('utf8', start, end))
    const length = this.length()
    if (length < 0) return { key, value: null }
    const start = this.take(length)
    return { key, value: Buffer.from(this.source.subarray(start, this.position)) }
  }

  private length(): number {
    return this.source.readInt32BE(this.take(4))
  }

  private take(bytes: number): number {
    const at = this.position
    if (bytes < 0 || at + bytes > this.end) {
      throw new SerdeError(this.serde, `${this.end - at} bytes left, ${bytes} expected`)
    }
    this.position = at + bytes
    return at
  }
}

/** What a change costs the buffer beside its key and value. */
const CHANGE_OVERHEAD = 8

/**
 * The order in which changes wait, and what they weigh: their key and values as they are serialized.
 *
 * @param weighed whether anybody asks for what they weigh
 */
export function waitingOrder<V>(value: Serde<V>, weighed: boolean): TimeOrder<BufferedChange<V>> {
  const writer = new ByteWriter(256)
  return {
    waits: ({ final }) => !final,
    timeOf: ({ time }) => time,
    sizeOf: (keyBytes, { newValue, oldValue }) => {
      if (!weighed) return 0
      writer.reset()
      if (newValue !== null) value.serialize(newValue, writer)
      if (oldValue !== null) value.serialize(oldValue, writer)
      return keyBytes + writer.position + CHANGE_OVERHEAD
    },
  }
}

/** Changes that wait, in the store of their buffer and its changelog. */
export const bufferedChange = <V>(value: Serde<V>): Serde<BufferedChange<V>> => new BufferedChangeSerde(value)
