import type { ByteWriter } from './byte-writer.js'
import type { SchemaLoads } from './schema-loads.js'
import type { SerdeOpener, SerdeUse } from './serde-use.js'
import type { MaybePromise } from './settle.js'

/**
 * How a key or value becomes bytes and comes back. `null` never reaches a serde: a null key or a tombstone is
 * written as such by the caller.
 *
 * A serde must be deterministic: equal values give equal bytes, because the identity and the order of keys in
 * stores are those of the serialized key.
 */
export interface Serde<T> {
  /** Named in errors, for example `json`. */
  readonly name: string
  /** Appends the bytes of `value` at the writer's position. Throws on a value that it cannot represent. */
  serialize(value: T, target: ByteWriter): void
  /** Reads a value from `source[start, end)`. Must not keep `source`: it is a slice of a larger response. */
  deserialize(source: Buffer, start: number, end: number): T
  /**
   * An injective primitive for a value: equal exactly where the serialized bytes are equal. Absent where a serde
   * has none; then stores use the bytes themselves.
   */
  readonly identity?: (value: T) => string | number
  /**
   * How many bytes at the end of a serialized key do not count for the default partitioner: a windowed key goes to
   * the partition of the key in it. Absent: 0.
   */
  readonly partitionSuffix?: number
  /** The serdes that it is made of: those that have to be opened are looked for in them. */
  readonly parts?: readonly AnySerde[]
  /**
   * Present where more is needed than the serde itself, such as a registered schema. Called with all places where the
   * bytes of the serde lie before the first record, and again with the rows of a task's stores before the task begins.
   *
   * @throws what makes the application fail to start
   */
  open?(uses: readonly SerdeUse[], opener: SerdeOpener): MaybePromise<void>
  /** What there was to fetch for it; present where it has a schema registry. The same function where it is the same registry. */
  readonly loads?: () => SchemaLoads
}

// biome-ignore lint/suspicious/noExplicitAny: a serde takes and gives its type, so there is none that fits all.
export type AnySerde = Serde<any>

/** Whether a serde, or one that it is made of, has to be opened. */
export const opens = (serde: AnySerde): boolean => serde.open !== undefined || (serde.parts ?? []).some(opens)
