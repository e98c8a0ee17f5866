import type { ByteWriter } from '../src/serdes/byte-writer.js'
import type { AnySerde, Serde } from '../src/serdes/serde.js'
import { SerdeError } from '../src/serdes/serde-error.js'
import { SizedReader, serializeSized } from '../src/serdes/sized-fields.js'
import type { TimeOrder } from '../src/state/store.js'
import { type KeptRecord, readKeptRecord, writeKeptRecord } from './kept-record.js'

/** What tells records apart that wait: those of a key lie in the order in which they were read. */
export interface WaitingKey<K> {
  readonly key: K
  readonly offset: number
  /** Counts records of one key and offset. */
  readonly index: number
}

/** A record of a stream that waits for its time, with all that is known of where it comes from. */
export interface WaitingRecord<V> extends KeptRecord {
  readonly value: V
}

const SUFFIX_BYTES = 8 + 4

class WaitingKeySerde<K> implements Serde<WaitingKey<K>> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(private readonly inner: Serde<K>) {
    this.name = `waiting(${inner.name})`
    this.parts = [inner]
  }

  serialize({ key, offset, index }: WaitingKey<K>, target: ByteWriter): void {
    this.inner.serialize(key, target)
    target.writeInt64(offset)
    target.writeInt32(index)
  }

  deserialize(source: Buffer, start: number, end: number): WaitingKey<K> {
    const keyEnd = end - SUFFIX_BYTES
    if (keyEnd < start)
      throw new SerdeError(this.name, `${end - start} bytes are no key of a record that waits`)
    const suffix = new SizedReader(source, keyEnd, end, this.name)
    const key = this.inner.deserialize(source, start, keyEnd)
    return { key, offset: suffix.int64(), index: suffix.int32() }
  }
}

class WaitingRecordSerde<V> implements Serde<WaitingRecord<V>> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(private readonly inner: Serde<V>) {
    this.name = `waiting(${inner.name})`
    this.parts = [inner]
  }

  serialize(record: WaitingRecord<V>, target: ByteWriter): void {
    writeKeptRecord(record, target)
    serializeSized(this.inner, record.value, target)
  }

  deserialize(source: Buffer, start: number, end: number): WaitingRecord<V> {
    const reader = new SizedReader(source, start, end, this.name)
    return { ...readKeptRecord(reader), value: reader.value(this.inner) }
  }
}

/** Keys of records that wait. */
export const waitingKey = <K>(key: Serde<K>): Serde<WaitingKey<K>> => new WaitingKeySerde(key)

/** Records that wait, in the store of their buffer and its changelog. */
export const waitingRecord = <V>(value: Serde<V>): Serde<WaitingRecord<V>> => new WaitingRecordSerde(value)

/** Records wait in order of their timestamps. */
export const byTimestamp: TimeOrder<WaitingRecord<unknown>> = {
  waits: () => true,
  timeOf: ({ timestamp }) => timestamp,
  sizeOf: () => 0,
}
