import type { ByteWriter } from './byte-writer.js'
import type { Serde } from './serde.js'
import { SerdeError, shown } from './serde-error.js'

class Float64Serde implements Serde<number> {
  readonly name = 'float64'

  serialize(value: number, target: ByteWriter): void {
    if (typeof value !== 'number') throw new SerdeError(this.name, `${shown(value)} is no number`)
    target.writeFloat64(value)
  }

  deserialize(source: Buffer, start: number, end: number): number {
    if (end - start !== 8) throw new SerdeError(this.name, `8 bytes expected, ${end - start} found`)
    return source.readDoubleBE(start)
  }

  /** A Map takes -0 and 0 for one key, and their bytes differ. */
  readonly identity = (value: number): number | string => (Object.is(value, -0) ? '-0' : value)
}

const instance = new Float64Serde()

/** An IEEE 754 double, 8 bytes big-endian, as Kafka's `DoubleSerializer`. -0 and 0 are different keys. */
export const float64 = (): Serde<number> => instance
