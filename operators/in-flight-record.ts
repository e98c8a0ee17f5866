import type { ByteWriter } from '../src/serdes/byte-writer.js'
import type { Serde } from '../src/serdes/serde.js'
import { SizedReader, serializeSized, writeHeaders, writeSizedText } from '../src/serdes/sized-fields.js'
import type { RecordContext } from './processor.js'

/** A record whose result has not come yet, with all that is known of where it comes from. */
export interface InFlightRecord<K, V> extends Readonly<RecordContext> {
  readonly key: K
  readonly value: V
  readonly timestamp: number
}

const ABSENT = 0
const PRESENT = 1

class InFlightRecordSerde<K, V> implements Serde<InFlightRecord<K, V>> {
  readonly name: string

  constructor(
    private readonly key: Serde<K>,
    private readonly value: Serde<V>,
  ) {
    this.name = `inFlight(${key.name}, ${value.name})`
  }

  serialize(record: InFlightRecord<K, V>, target: ByteWriter): void {
    target.writeInt64(record.timestamp)
    target.writeInt32(record.partition)
    target.writeInt64(record.offset)
    writeSizedText(target, record.topic)
    writeHeaders(target, record.headers)
    writeOptional(this.key, record.key, target)
    writeOptional(this.value, record.value, target)
  }

  deserialize(source: Buffer, start: number, end: number): InFlightRecord<K, V> {
    const reader = new SizedReader(source, start, end, this.name)
    const timestamp = reader.int64()
    const partition = reader.int32()
    const offset = reader.int64()
    const topic = reader.text()
    const headers = reader.headers()
    const key = readOptional(this.key, reader, source)
    const value = readOptional(this.value, reader, source)
    return { key, value, timestamp, topic, partition, offset, headers }
  }
}

function writeOptional<T>(serde: Serde<T>, value: T, target: ByteWriter): void {
  if (value === null || value === undefined) target.writeInt8(ABSENT)
  else {
    target.writeInt8(PRESENT)
    serializeSized(serde, value, target)
  }
}

function readOptional<T>(serde: Serde<T>, reader: SizedReader, source: Buffer): T {
  // Streams carry null for what is absent, whatever the type of their serde says.
  if (reader.int8() === ABSENT) return null as T
  return reader.sized((start, end) => serde.deserialize(source, start, end))
}

/** Records in flight, in the store of their operator and its changelog. */
export const inFlightRecord = <K, V>(key: Serde<K>, value: Serde<V>): Serde<InFlightRecord<K, V>> =>
  new InFlightRecordSerde(key, value)
