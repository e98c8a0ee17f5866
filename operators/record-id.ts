import type { ByteWriter } from '../src/serdes/byte-writer.js'
import type { AnySerde, Serde } from '../src/serdes/serde.js'
import { SizedReader, serializeSized } from '../src/serdes/sized-fields.js'
import type { RecordId } from './deduplicate.js'

class RecordIdSerde<K, I> implements Serde<RecordId<K, I>> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(
    private readonly key: Serde<K>,
    private readonly id: Serde<I> | undefined,
  ) {
    this.name = id === undefined ? `record(${key.name})` : `record(${key.name}, ${id.name})`
    this.parts = id === undefined ? [key] : [key, id]
  }

  serialize({ key, id }: RecordId<K, I>, target: ByteWriter): void {
    serializeSized(this.key, key, target)
    this.id?.serialize(id!, target)
  }

  deserialize(source: Buffer, start: number, end: number): RecordId<K, I> {
    const reader = new SizedReader(source, start, end, this.name)
    const key = reader.value(this.key)
    return { key, id: this.id?.deserialize(source, reader.at, end) }
  }
}

/** What tells records apart, in the store of an operator that compares them and its changelog. */
export const recordId = <K, I>(key: Serde<K>, id: Serde<I> | undefined): Serde<RecordId<K, I>> =>
  new RecordIdSerde(key, id)
