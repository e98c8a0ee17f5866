import type { ByteWriter } from '../src/serdes/byte-writer.js'
import type { AnySerde, Serde } from '../src/serdes/serde.js'
import { SizedReader, serializeOptional } from '../src/serdes/sized-fields.js'
import { type KeptRecord, readKeptRecord, writeKeptRecord } from './kept-record.js'

/** A record whose result has not come yet, with all that is known of where it comes from. */
export interface InFlightRecord<K, V> extends KeptRecord {
  readonly key: K
  readonly value: V
}

class InFlightRecordSerde<K, V> implements Serde<InFlightRecord<K, V>> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(
    private readonly key: Serde<K>,
    private readonly value: Serde<V>,
  ) {
    this.name = `inFlight(${key.name}, ${value.name})`
    this.parts = [key, value]
  }

  serialize(record: InFlightRecord<K, V>, target: ByteWriter): void {
    writeKeptRecord(record, target)
    serializeOptional(this.key, record.key, target)
    serializeOptional(this.value, record.value, target)
  }

  deserialize(source: Buffer, start: number, end: number): InFlightRecord<K, V> {
    const reader = new SizedReader(source, start, end, this.name)
    const record = readKeptRecord(reader)
    // Streams carry null for what is absent, whatever the types of their serdes say.
    const key = reader.optional(this.key) as K
    const value = reader.optional(this.value) as V
    return { ...record, key, value }
  }
}

/** Records in flight, in the store of their operator and its changelog. */
export const inFlightRecord = <K, V>(key: Serde<K>, value: Serde<V>): Serde<InFlightRecord<K, V>> =>
  new InFlightRecordSerde(key, value)
