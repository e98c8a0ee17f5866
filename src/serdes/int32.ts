import type { ByteWriter } from './byte-writer.js'
import type { Serde } from './serde.js'
import { SerdeError, shown } from './serde-error.js'

class Int32Serde implements Serde<number> {
  readonly name = 'int32'

  serialize(value: number, target: ByteWriter): void {
    if ((value | 0) !== value) {
      throw new SerdeError(this.name, `${shown(value)} is no integer from -2147483648 to 2147483647`)
    }
    target.writeInt32(value)
  }

  deserialize(source: Buffer, start: number, end: number): number {
    if (end - start !== 4) throw new SerdeError(this.name, `4 bytes expected, ${end - start} found`)
    return source.readInt32BE(start)
  }

  readonly identity = (value: number): number => value
}

const instance = new Int32Serde()

/** A 32-bit integer, 4 bytes big-endian, as Kafka's `IntegerSerializer`. */
export const int32 = (): Serde<number> => instance
