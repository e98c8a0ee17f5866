import { ByteWriter } from '../src/serdes/byte-writer.js'
import { murmur3 } from '../src/serdes/murmur3.js'
import type { Serde } from '../src/serdes/serde.js'

/** Hashes of serialized values. */
export class ValueHash<V> {
  private readonly writer = new ByteWriter(256)

  constructor(private readonly serde: Serde<V>) {}

  /** The hash of a value; null for null. */
  of(value: V | null): string | null {
    if (value === null) return null
    const { writer } = this
    writer.reset()
    this.serde.serialize(value, writer)
    return murmur3(writer.buffer, 0, writer.position)
  }
}
