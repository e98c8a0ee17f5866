import { copyOf } from './bytes.js'
import type { Serde } from './serde.js'

/** How to make a serde of two functions. */
export interface CustomSerde<T> {
  /** Named in errors. */
  readonly name: string
  /** Equal values must give equal bytes. */
  serialize(value: T): Uint8Array
  /** The bytes are a copy, so that they may be kept. */
  deserialize(bytes: Uint8Array): T
}

/** A serde of your own, for example of a Protobuf message. */
export function serde<T>(functions: CustomSerde<T>): Serde<T> {
  return {
    name: functions.name,
    serialize: (value, target) => target.writeBytes(functions.serialize(value)),
    deserialize: (source, start, end) => functions.deserialize(copyOf(source, start, end)),
  }
}
