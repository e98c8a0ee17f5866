import type { ByteWriter } from './byte-writer.js'
import type { AnySerde, Serde } from './serde.js'
import { SerdeError } from './serde-error.js'
import { LENGTH_BYTES, serializeSized } from './sized-fields.js'

class ValueListSerde<V> implements Serde<readonly V[]> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(private readonly inner: Serde<V>) {
    this.name = `list(${inner.name})`
    this.parts = [inner]
  }

  serialize(values: readonly V[], target: ByteWriter): void {
    for (let index = 0; index < values.length; index++) serializeSized(this.inner, values[index]!, target)
  }

  deserialize(source: Buffer, start: number, end: number): readonly V[] {
    const values: V[] = []
    for (let at = start; at < end; ) {
      const valueStart = at + LENGTH_BYTES
      const length = valueStart > end ? -1 : source.readInt32BE(at)
      const valueEnd = valueStart + length
      if (length < 0 || valueEnd > end) throw new SerdeError(this.name, `${end - at} bytes are no value`)
      values.push(this.inner.deserialize(source, valueStart, valueEnd))
      at = valueEnd
    }
    return values
  }
}

/** Values one after the other, each behind its length (4 bytes). */
export const valueList = <V>(value: Serde<V>): Serde<readonly V[]> => new ValueListSerde(value)
