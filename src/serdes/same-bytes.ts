import { ByteWriter } from './byte-writer.js'
import type { Serde } from './serde.js'

/** Tells whether two values have the same bytes: keys are one and the same then. */
export function sameBytes<T>(serde: Serde<T>): (left: T, right: T) => boolean {
  const { identity } = serde
  if (identity !== undefined) return (left, right) => identity(left) === identity(right)
  const [first, second] = [new ByteWriter(64), new ByteWriter(64)]
  return (left, right) => {
    first.reset()
    serde.serialize(left, first)
    second.reset()
    serde.serialize(right, second)
    return first.view().equals(second.view())
  }
}
