import { ByteWriter } from '../src/serdes/byte-writer.js'
import type { RecordHeaders } from '../src/serdes/record-headers.js'
import type { AnySerde, Serde } from '../src/serdes/serde.js'
import { SizedReader, serializeSized, writeHeaders } from '../src/serdes/sized-fields.js'
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
  readonly parts: readonly AnySerde[]

  constructor(private readonly inner: Serde<V>) {
    this.name = `buffered(${inner.name})`
    this.parts = [inner]
  }

  serialize({ time, headers, newValue, oldValue, final }: BufferedChange<V>, target: ByteWriter): void {
    target.writeInt64(time)
    target.writeInt8(
      (newValue === null ? 0 : HAS_NEW) | (oldValue === null ? 0 : HAS_OLD) | (final ? FINAL : 0),
    )
    writeHeaders(target, headers)
    if (newValue !== null) serializeSized(this.inner, newValue, target)
    if (oldValue !== null) serializeSized(this.inner, oldValue, target)
  }

  deserialize(source: Buffer, start: number, end: number): BufferedChange<V> {
    const reader = new SizedReader(source, start, end, this.name)
    const time = reader.int64()
    const flags = reader.int8()
    const headers = reader.headers()
    const { inner } = this
    const value = (flag: number): V | null => ((flags & flag) === 0 ? null : reader.value(inner))
    return {
      time,
      headers,
      newValue: value(HAS_NEW),
      oldValue: value(HAS_OLD),
      final: (flags & FINAL) !== 0,
    }
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
