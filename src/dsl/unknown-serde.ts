import type { Serde } from '../serdes/serde.js'
import type { Erased } from '../topology/logical-graph.js'

/** Stands where a stream knows no serde, and says why. A topology that would use it is refused by `build()`. */
export class UnknownSerde implements Serde<never> {
  readonly name = 'unknown'

  constructor(readonly reason: string) {}

  serialize(): never {
    throw new Error(this.reason)
  }

  deserialize(): never {
    throw new Error(this.reason)
  }
}

/** The serde of a stream that two streams flow into: it must fit the records of both. */
export function commonSerde(operator: string, left: Serde<Erased>, right: Serde<Erased>): Serde<Erased> {
  if (left instanceof UnknownSerde) return left
  if (right instanceof UnknownSerde) return right
  if (left.name === right.name) return left
  return new UnknownSerde(`${operator} merges streams of the serdes ${left.name} and ${right.name}`)
}
