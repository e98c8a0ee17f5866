import type { ByteWriter } from './byte-writer.js'
import type { Serde } from './serde.js'
import { SerdeError, shown } from './serde-error.js'

/** A copy of `source[start, end)`: a slice would keep the whole fetch response alive. */
export function copyOf(source: Buffer, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start)
  source.copy(copy, 0, start, end)
  return copy
}

class BytesSerde implements Serde<Uint8Array> {
  readonly name = 'bytes'

  serialize(value: Uint8Array, target: ByteWriter): void {
    if (!(value instanceof Uint8Array)) throw new SerdeError(this.name, `${shown(value)} is no Uint8Array`)
    target.writeBytes(value)
  }

  deserialize(source: Buffer, start: number, end: number): Uint8Array {
    return copyOf(source, start, end)
  }

  readonly identity = (value: Uint8Array): string =>
    Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')
}

const instance = new BytesSerde()

/** Bytes as they are, as Kafka's `ByteArraySerializer`. */
export const bytes = (): Serde<Uint8Array> => instance
