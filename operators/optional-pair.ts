import type { ByteWriter } from '../src/serdes/byte-writer.js'
import type { Serde } from '../src/serdes/serde.js'
import { SizedReader, serializeSized } from '../src/serdes/sized-fields.js'

const LEFT = 1
const RIGHT = 2

/** Two values, each of which may be missing: what there is, and behind it each behind its length. */
export function optionalPair<L, R>(
  left: Serde<L> | undefined,
  right: Serde<R> | undefined,
): Serde<readonly [L | undefined, R | undefined]> {
  const name = `pair(${left?.name ?? 'nothing'}, ${right?.name ?? 'nothing'})`
  return {
    name,
    parts: [left, right].filter((serde) => serde !== undefined),
    serialize: ([one, other], target: ByteWriter) => {
      target.writeInt8((one === undefined ? 0 : LEFT) | (other === undefined ? 0 : RIGHT))
      if (one !== undefined) serializeSized(left!, one, target)
      if (other !== undefined) serializeSized(right!, other, target)
    },
    deserialize: (source, start, end) => {
      const reader = new SizedReader(source, start, end, name)
      const present = reader.int8()
      return [
        (present & LEFT) === 0 ? undefined : reader.value(left!),
        (present & RIGHT) === 0 ? undefined : reader.value(right!),
      ]
    },
  }
}
