import type { ByteWriter } from '../serdes/byte-writer.js'
import type { AnySerde, Serde } from '../serdes/serde.js'
import { SerdeError } from '../serdes/serde-error.js'
import { INT64_BYTES, readInt64 } from './row-layout.js'

/** A row of a store that processors keep by windows. */
export interface WindowRowKey<K> {
  readonly key: K
  readonly windowStart: number
  /** Tells rows of the same key and window apart. */
  readonly sequence: number
}

const SEQUENCE_BYTES = 4
const SUFFIX_BYTES = INT64_BYTES + SEQUENCE_BYTES

/** The greatest sequence number. */
export const MAX_SEQUENCE = 0x7fff_ffff

class WindowRowKeySerde<K> implements Serde<WindowRowKey<K>> {
  readonly name: string
  readonly parts: readonly AnySerde[]
  readonly partitionSuffix = SUFFIX_BYTES

  constructor(private readonly inner: Serde<K>) {
    this.name = `windowRow(${inner.name})`
    this.parts = [inner]
  }

  serialize({ key, windowStart, sequence }: WindowRowKey<K>, target: ByteWriter): void {
    this.inner.serialize(key, target)
    target.writeInt64(windowStart)
    target.writeInt32(sequence)
  }

  deserialize(source: Buffer, start: number, end: number): WindowRowKey<K> {
    const keyEnd = end - SUFFIX_BYTES
    if (keyEnd < start) {
      throw new SerdeError(this.name, `at least ${SUFFIX_BYTES} bytes expected, ${end - start} found`)
    }
    return {
      key: this.inner.deserialize(source, start, keyEnd),
      windowStart: readInt64(source, keyEnd),
      sequence: source.readInt32BE(keyEnd + INT64_BYTES),
    }
  }
}

/** The window start in a serialized key. */
export const windowStartIn = (key: Buffer): number => readInt64(key, key.length - SUFFIX_BYTES)

/** Keys of window rows as Kafka Streams has them in changelogs: the key, the window's start, a sequence number. */
export const windowRowKey = <K>(key: Serde<K>): Serde<WindowRowKey<K>> => new WindowRowKeySerde(key)
